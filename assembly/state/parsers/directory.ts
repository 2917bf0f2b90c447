// chdir, fchdir, getcwd, chroot: the working directory and root of a process.

import { currentFd, currentResult, currentThread, hasResult } from "../current";
import { isNotAvailable, paramText } from "../params";
import { isAbsolute, joinPath } from "../paths";
import { replaced } from "../replace";
import { viewOf } from "../../strings/intern";
import { viewAt, viewBytes } from "../../strings/view";
import { takeScratch } from "../../memory/scratch";
import { view } from "../../strings/view";
import { Thread } from "../thread";
import { cwdOf } from "../thread_table";
import { takeContainer } from "./process_params";

// @ts-ignore: decorator
@inline
function succeeded(): bool {
  return hasResult && currentResult >= 0 && changetype<usize>(currentThread) != 0;
}

/** chdir, getcwd */
export function parseChdir(): void {
  if (succeeded()) setWorkingDirectory(currentThread, paramText(1));
}

export function parseFchdir(): void {
  if (succeeded() && changetype<usize>(currentFd) != 0) {
    setWorkingDirectory(currentThread, viewOf(currentFd.name));
  }
}

/** The main thread keeps it; Falco resolves a relative name against what the calling thread itself keeps. */
export function setWorkingDirectory(thread: Thread, name: u64): void {
  const main = changetype<Thread>(<usize>thread.main);
  if (changetype<usize>(main) == 0) return;
  const path = joinPath(viewOf(thread.cwd), name);
  const bytes = viewBytes(path);
  if (bytes != 0 && load<u8>(viewAt(path) + bytes - 1) == 47) {
    main.cwd = replaced(main.cwd, path);
    return;
  }
  const closed = takeScratch(bytes + 1);
  if (closed == 0) return;
  memory.copy(closed, viewAt(path), bytes);
  store<u8>(closed + bytes, 47);
  main.cwd = replaced(main.cwd, view(closed, bytes + 1));
}

export function parseChroot(): void {
  const thread = currentThread;
  if (changetype<usize>(thread) == 0 || !hasResult) return;
  if (currentResult == 0) {
    const path = paramText(1);
    const asGiven = isAbsolute(path) || isNotAvailable(path);
    thread.root = replaced(thread.root, asGiven ? path : joinPath(cwdOf(thread), path));
  }
  if (currentResult >= 0) takeContainer(thread);
}
