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
import { internView, retain } from "../../strings/intern";
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

// what the parsers below find out
let name: u64 = 0;
let directory: u64 = 0;
let flags: u32 = 0;
let dev: u32 = 0;
let ino: u64 = 0;

export function parseOpen(): void {
  const thread = currentThread;
  if (!hasResult || currentResult < 0 || changetype<usize>(thread) == 0) return;
  const enterType = event.type == OPEN_BY_HANDLE_AT_X ? 0 : matchingEnterType(thread);
  name = 0;
  directory = 0;
  flags = 0;
  dev = 0;
  ino = 0;
  if (event.type == OPEN_X) fromOpen(thread, enterType);
  else if (event.type == CREAT_X) fromCreat(thread, enterType);
  else if (event.type == OPEN_BY_HANDLE_AT_X) fromHandle();
  else fromOpenat(thread, enterType);

  const fd = makeFd((flags & FO_DIRECTORY) != 0 ? FdType.DIRECTORY : FdType.FILE_V2);
  if (changetype<usize>(fd) == 0) return;
  const path = joinPath(directory, name);
  fd.openFlags = flags;
  fd.dev = dev;
  fd.ino = ino;
  fd.name = internView(path);
  // most names are absolute and clean: one string is both
  fd.nameRaw = path == name ? retain(fd.name) : internView(name);
  if ((flags & FO_FD_UPPER_LAYER) != 0) fd.flags |= FdFlag.UPPER_LAYER;
  if ((flags & FO_FD_LOWER_LAYER) != 0) fd.flags |= FdFlag.LOWER_LAYER;
  setNewFd(putFd(thread, currentResult, fd));
}

function fromOpen(thread: Thread, enterType: u32): void {
  name = paramText(1);
  flags = paramNumber<u32>(2);
  if (hasParam(4)) takeInode(4, 5);
  if (enterType != 0) preferEntered(enterText(thread, 0), enterNumber<u32>(thread, 1));
  directory = cwdOf(thread);
}

function fromCreat(thread: Thread, enterType: u32): void {
  name = paramText(1);
  if (hasParam(3)) {
    takeInode(3, 4);
    const layer = paramNumber<u16>(5);
    if ((layer & CREAT_UPPER) != 0) flags |= FO_FD_UPPER_LAYER;
    else if ((layer & CREAT_LOWER) != 0) flags |= FO_FD_LOWER_LAYER;
  }
  if (enterType != 0) {
    const entered = enterText(thread, 0);
    if (!isNotAvailable(entered)) name = entered;
  }
  directory = cwdOf(thread);
}

function fromOpenat(thread: Thread, enterType: u32): void {
  name = paramText(2);
  flags = paramNumber<u32>(3);
  const devAt: u32 = event.type == OPENAT2_X ? 6 : 5;
  if (hasParam(devAt + 1)) takeInode(devAt, devAt + 1);
  let dirfd = paramNumber<i64>(1);
  let dirfdKnown = hasParam(1);
  if (enterType != 0 && preferEntered(enterText(thread, 1), enterNumber<u32>(thread, 2))) {
    dirfd = enterNumber<i64>(thread, 0);
    dirfdKnown = viewBytes(enterParam(thread, 0)) != 0;
  }
  if (dirfdKnown) directory = directoryOf(thread, name, dirfd);
}

/** The driver gives an absolute path. */
function fromHandle(): void {
  flags = paramNumber<u32>(2);
  name = paramText(3);
  takeInode(4, 5);
}

function takeInode(devAt: u32, inoAt: u32): void {
  dev = paramNumber<u32>(devAt);
  ino = paramNumber<u64>(inoAt);
}

/** Name and flags as they were at the entry; what the kernel found out since is added. */
function preferEntered(entered: u64, enteredFlags: u32): bool {
  if (isNotAvailable(entered)) return false;
  name = entered;
  flags = enteredFlags | (flags & ~(FO_F_CREATED - 1));
  return true;
}
