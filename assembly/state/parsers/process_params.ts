// What clone and execve events say about a thread in the same way: memory, cgroups, executable.

import { hasParam, paramNumber } from "../../event";
import { copyBytes, equalBytes } from "../../memory/bytes";
import { onReset } from "../../memory/reset";
import { release, retain } from "../../strings/intern";
import { viewAt, viewBytes } from "../../strings/view";
import { containerOf } from "../containers";
import { isHeadLost, normaliseCgroups } from "../cgroups";
import { paramList, paramText } from "../params";
import { replaced, swapped } from "../replace";
import { Thread } from "../thread";

/** Parameters 8 … 12: page faults and memory; all of them are there or none. */
export function takeMemory(thread: Thread): void {
  if (!hasParam(12)) return;
  thread.pageFaultsMajor = paramNumber<u64>(8);
  thread.pageFaultsMinor = paramNumber<u64>(9);
  thread.vmsizeKb = paramNumber<u32>(10);
  thread.vmrssKb = paramNumber<u32>(11);
  thread.vmswapKb = paramNumber<u32>(12);
}

/** Parameters 1, 2 and 13: argv[0], the other arguments, the name. */
export function takeNames(thread: Thread): void {
  thread.exe = replaced(thread.exe, paramText(1));
  thread.comm = hasParam(13)
    ? replaced(thread.comm, paramText(13))
    : swapped(thread.comm, retain(thread.exe));
  thread.args = replaced(thread.args, paramList(2));
}

/** Longer lists are not remembered. */
const MAX_LIST_BYTES: usize = 1024;
/** the list that was taken last, as it came; no bytes = none */
const lastList: usize = memory.data(1024, 8);
let lastBytes: usize = 0;
/** what it became */
let lastCgroups: u32 = 0;

onReset(forgetLastList);

function forgetLastList(): void {
  release(lastCgroups);
  lastCgroups = 0;
  lastBytes = 0;
}

/** Parameter 14: the list of cgroups, which processes that follow one another mostly have in common. */
export function takeCgroups(thread: Thread): void {
  if (!hasParam(14)) return;
  const raw = paramList(14);
  const bytes = viewBytes(raw);
  if (bytes != 0 && bytes == lastBytes && equalBytes(lastList, viewAt(raw), bytes)) {
    if (thread.cgroups != lastCgroups) thread.cgroups = swapped(thread.cgroups, retain(lastCgroups));
    return;
  }
  const list = normaliseCgroups(raw);
  // where a thread is whose path could not be read to its head, it was before
  if (list == 0 || isHeadLost(list)) return;
  thread.cgroups = replaced(thread.cgroups, list);
  if (bytes == 0 || bytes > MAX_LIST_BYTES || thread.cgroups == 0) return;
  forgetLastList();
  copyBytes(lastList, viewAt(raw), bytes);
  lastBytes = bytes;
  lastCgroups = retain(thread.cgroups);
}

/** The container that the thread's cgroups name. */
export function takeContainer(thread: Thread): void {
  thread.containerId = swapped(thread.containerId, containerOf(thread.cgroups));
}
