// dup, dup2, dup3, fcntl, pidfd_getfd: another number for an open file.

import { eventType, paramNumber } from "../../event";
import {
  CL_PIPE_DST,
  CL_PIPE_SRC,
  DUP3_X,
  FCNTL_DUPFD,
  FCNTL_DUPFD_CLOEXEC,
  FCNTL_SETFD,
  FEPOLL_CLOEXEC,
  FMFD_CLOEXEC,
  FO_CLOEXEC,
} from "../../generated/events";
import {
  currentFd,
  currentResult,
  currentThread,
  hasResult,
  replaceCurrentFd,
  setCurrentFd,
} from "../current";
import { Fd, FdType } from "../fd";
import { copyFd } from "../fd_entry";
import { findFd, putFd, writableFd } from "../fd_table";
import { Thread } from "../thread";
import { findThread } from "../thread_table";

/** Falco clears the bits of all kinds of files, whatever they mean for this one. */
const CLOSE_BITS: u32 = FO_CLOEXEC | FEPOLL_CLOEXEC | FMFD_CLOEXEC;
const FD_CLOEXEC: u64 = 1;

export function parseDup(): void {
  const thread = currentThread;
  if (
    !hasResult || currentResult < 0 || changetype<usize>(thread) == 0 || changetype<usize>(currentFd) == 0
  ) return;
  // a guess at shell pipes: something is put onto stdin or stdout
  if (currentResult == 0) thread.flags |= CL_PIPE_DST;
  if (currentResult == 1) thread.flags |= CL_PIPE_SRC;
  const closeOnExec = eventType == DUP3_X && (paramNumber<u32>(3) & FO_CLOEXEC) != 0;
  place(thread, currentResult, currentFd, closeOnExec);
}

export function parseFcntl(): void {
  const thread = currentThread;
  if (changetype<usize>(thread) == 0) return;
  const command: u32 = paramNumber<u8>(2);
  if (command != FCNTL_DUPFD && command != FCNTL_DUPFD_CLOEXEC && command != FCNTL_SETFD) return;
  if (!hasResult || currentResult < 0 || changetype<usize>(currentFd) == 0) return;
  if (command != FCNTL_SETFD) {
    place(thread, currentResult, currentFd, command == FCNTL_DUPFD_CLOEXEC);
    return;
  }
  const close = (paramNumber<u64>(3) & FD_CLOEXEC) != 0;
  const openFlags = (currentFd.openFlags & ~CLOSE_BITS) | (close ? FO_CLOEXEC : 0);
  if (openFlags == currentFd.openFlags) return;
  replaceCurrentFd(writableFd(thread, thread.lastFd, currentFd));
  currentFd.openFlags = openFlags;
}

export function parsePidfdGetfd(): void {
  const thread = currentThread;
  if (!hasResult || changetype<usize>(thread) == 0) return;
  const pidfd = findFd(thread, paramNumber<i64>(1));
  if (changetype<usize>(pidfd) == 0 || pidfd.type != FdType.PIDFD) return;
  const other = findThread(pidfd.pid);
  if (changetype<usize>(other) == 0) return;
  const fd = findFd(other, paramNumber<i64>(2));
  if (changetype<usize>(fd) != 0) place(thread, currentResult, fd, true);
}

/** Gives a file a second number; the entry is shared when only the number differs. */
function place(thread: Thread, number: i64, fd: Fd, closeOnExec: bool): void {
  const openFlags = (fd.openFlags & ~CLOSE_BITS) | (closeOnExec ? FO_CLOEXEC : 0);
  let second = fd;
  if (openFlags == fd.openFlags) {
    fd.refs++;
  } else {
    second = copyFd(fd);
    if (changetype<usize>(second) == 0) return;
    second.openFlags = openFlags;
  }
  // the name that the new number had before counts for nothing: Falco copies the entry, old name and all
  setCurrentFd(putFd(thread, number, second));
}
