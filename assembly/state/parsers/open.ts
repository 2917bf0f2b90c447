// open, creat, openat, openat2, open_by_handle_at: a file gets a number. Where the name was also seen at the
// entry of the call, that one counts: another thread may have changed the memory since.

import { event, hasParam, paramNumber } from "../../event";
import {
  CREAT_X,
  FO_DIRECTORY,
  FO_F_CREATED,
  FO_FD_LOWER_LAYER,
  FO_FD_UPPER_LAYER,
  OPEN_BY_HANDLE_AT_X,
  OPEN_X,
  OPENAT2_X,
} from "../../generated/events";
import { keep, retain } from "../../strings/intern";
import { viewBytes } from "../../strings/view";
import { currentResult, currentThread, hasResult, setNewFd } from "../current";
import { directoryOf } from "../dirfd";
import { enterNumber, enterParam, enterText, matchingEnterType } from "../enter";
import { FdFlag, FdType } from "../fd";
import { makeFd } from "../fd_entry";
import { putFd } from "../fd_table";
import { isNotAvailable, paramText } from "../params";
import { joinPath } from "../paths";
import { Thread } from "../thread";
import { cwdOf } from "../thread_table";

/** Bits of creat's own flags parameter. */
const CREAT_UPPER: u16 = 1;
const CREAT_LOWER: u16 = 2;

/** What the parameters say about the file. */
@unmanaged
class OpenedFile {
  name: u64;
  directory: u64;
  ino: u64;
  dev: u32;
  flags: u32;

  takeInode(devAt: u32, inoAt: u32): void {
    this.dev = paramNumber<u32>(devAt);
    this.ino = paramNumber<u64>(inoAt);
  }

  /** Name and flags as they were at the entry; what the kernel found out since is added. */
  preferEntered(entered: u64, enteredFlags: u32): bool {
    if (isNotAvailable(entered)) return false;
    this.name = entered;
    this.flags = enteredFlags | (this.flags & ~(FO_F_CREATED - 1));
    return true;
  }
}

const opened = changetype<OpenedFile>(memory.data(32, 8));

export function parseOpen(): void {
  const thread = currentThread;
  if (!hasResult || currentResult < 0 || changetype<usize>(thread) == 0) return;
  const enterType = event.type == OPEN_BY_HANDLE_AT_X ? 0 : matchingEnterType(thread);
  const file = opened;
  memory.fill(changetype<usize>(file), 0, offsetof<OpenedFile>());
  if (event.type == OPEN_X) fromOpen(file, thread, enterType);
  else if (event.type == CREAT_X) fromCreat(file, thread, enterType);
  else if (event.type == OPEN_BY_HANDLE_AT_X) fromHandle(file);
  else fromOpenat(file, thread, enterType);

  const fd = makeFd((file.flags & FO_DIRECTORY) != 0 ? FdType.DIRECTORY : FdType.FILE_V2);
  if (changetype<usize>(fd) == 0) return;
  const path = joinPath(file.directory, file.name);
  fd.openFlags = file.flags;
  fd.dev = file.dev;
  fd.ino = file.ino;
  fd.name = keep(path);
  // most names are absolute and clean: one string is both
  fd.nameRaw = path == file.name ? retain(fd.name) : keep(file.name);
  if ((file.flags & FO_FD_UPPER_LAYER) != 0) fd.flags |= FdFlag.UPPER_LAYER;
  if ((file.flags & FO_FD_LOWER_LAYER) != 0) fd.flags |= FdFlag.LOWER_LAYER;
  setNewFd(putFd(thread, currentResult, fd));
}

function fromOpen(file: OpenedFile, thread: Thread, enterType: u32): void {
  file.name = paramText(1);
  file.flags = paramNumber<u32>(2);
  if (hasParam(4)) file.takeInode(4, 5);
  if (enterType != 0) file.preferEntered(enterText(thread, 0), enterNumber<u32>(thread, 1));
  file.directory = cwdOf(thread);
}

function fromCreat(file: OpenedFile, thread: Thread, enterType: u32): void {
  file.name = paramText(1);
  if (hasParam(3)) {
    file.takeInode(3, 4);
    const layer = paramNumber<u16>(5);
    if ((layer & CREAT_UPPER) != 0) file.flags |= FO_FD_UPPER_LAYER;
    else if ((layer & CREAT_LOWER) != 0) file.flags |= FO_FD_LOWER_LAYER;
  }
  if (enterType != 0) {
    const entered = enterText(thread, 0);
    if (!isNotAvailable(entered)) file.name = entered;
  }
  file.directory = cwdOf(thread);
}

function fromOpenat(file: OpenedFile, thread: Thread, enterType: u32): void {
  file.name = paramText(2);
  file.flags = paramNumber<u32>(3);
  const devAt: u32 = event.type == OPENAT2_X ? 6 : 5;
  if (hasParam(devAt + 1)) file.takeInode(devAt, devAt + 1);
  let dirfd = paramNumber<i64>(1);
  let dirfdKnown = hasParam(1);
  if (enterType != 0 && file.preferEntered(enterText(thread, 1), enterNumber<u32>(thread, 2))) {
    dirfd = enterNumber<i64>(thread, 0);
    dirfdKnown = viewBytes(enterParam(thread, 0)) != 0;
  }
  if (dirfdKnown) file.directory = directoryOf(thread, file.name, dirfd);
}

/** The driver gives an absolute path. */
function fromHandle(file: OpenedFile): void {
  file.flags = paramNumber<u32>(2);
  file.name = paramText(3);
  file.takeInode(4, 5);
}
