// dup, dup2, dup3, fcntl, pidfd_getfd: another number for an open file.

import { event, paramNumber } from "../../event";
import {
  CL_PIPE_DST,
  CL_PIPE_SRC,
  DUP2_X,
  DUP3_X,
  DUP_X,
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
import { agrees, fdFromFacts, hasFacts, isOpen } from "../fd_facts";
import { findFd, putFd, removeFd, writableFd } from "../fd_table";
import { isLive } from "../machine";
import { Thread } from "../thread";
import { findThread } from "../thread_table";

/** Falco clears the bits of all kinds of files, whatever they mean for this one. */
const CLOSE_BITS: u32 = FO_CLOEXEC | FEPOLL_CLOEXEC | FMFD_CLOEXEC;
const FD_CLOEXEC: u64 = 1;

export function parseDup(): void {
  const thread = currentThread;
  if (!hasResult || currentResult < 0 || changetype<usize>(thread) == 0) return;
  const closeOnExec = event.type == DUP3_X && (paramNumber<u32>(3) & FO_CLOEXEC) != 0;
  const factsAt: u32 = event.type == DUP_X ? 2 : event.type == DUP2_X ? 3 : 4;
  const fd = resolve(thread, currentResult, currentFd, factsAt);
  if (changetype<usize>(fd) == 0) return forget(thread, currentResult);
  // a guess at shell pipes: something is put onto stdin or stdout
  if (currentResult == 0) thread.flags |= CL_PIPE_DST;
  if (currentResult == 1) thread.flags |= CL_PIPE_SRC;
  place(thread, currentResult, fd, closeOnExec);
}

/** Whether this command of fcntl, when it succeeds, changes what numbers refer to or how. */
// @ts-ignore: decorator
@inline
export function changesFd(command: u32): bool {
  return command == FCNTL_DUPFD || command == FCNTL_DUPFD_CLOEXEC || command == FCNTL_SETFD;
}

export function parseFcntl(): void {
  const thread = currentThread;
  if (changetype<usize>(thread) == 0) return;
  const command: u32 = paramNumber<u8>(2);
  if (!changesFd(command)) return;
  if (!hasResult || currentResult < 0) return;
  if (command != FCNTL_SETFD) {
    const fd = resolve(thread, currentResult, currentFd, 4);
    if (changetype<usize>(fd) == 0) forget(thread, currentResult);
    else place(thread, currentResult, fd, command == FCNTL_DUPFD_CLOEXEC);
    return;
  }
  if (changetype<usize>(currentFd) == 0) return;
  const close = (paramNumber<u64>(3) & FD_CLOEXEC) != 0;
  const openFlags = (currentFd.openFlags & ~CLOSE_BITS) | (close ? FO_CLOEXEC : 0);
  if (openFlags == currentFd.openFlags) return;
  replaceCurrentFd(writableFd(thread, thread.lastFd, currentFd));
  currentFd.openFlags = openFlags;
}

export function parsePidfdGetfd(): void {
  const thread = currentThread;
  if (!hasResult || changetype<usize>(thread) == 0) return;
  if (hasFacts(event.params, 4)) {
    if (currentResult < 0) return;
    const found = resolve(thread, currentResult, fdOfOther(thread), 4);
    if (changetype<usize>(found) == 0) forget(thread, currentResult);
    else place(thread, currentResult, found, true);
    return;
  }
  const fd = fdOfOther(thread);
  if (changetype<usize>(fd) != 0) place(thread, currentResult, fd, true);
}

/** The file that pidfd_getfd copies, as far as the other process is known. */
function fdOfOther(thread: Thread): Fd {
  const none = changetype<Fd>(0);
  const pidfd = findFd(thread, paramNumber<i64>(1));
  if (changetype<usize>(pidfd) == 0 || pidfd.type != FdType.PIDFD) return none;
  const other = findThread(pidfd.pid);
  return changetype<usize>(other) == 0 ? none : findFd(other, paramNumber<i64>(2));
}

/**
 * What is open under `number` after a call that was to copy `source` there. By the kernel's word if the event has it: the
 * source may not be known (it was received with a message, or made by io_uring), and when closing what the number had before
 * took long, another thread may have put something else there. Null when nothing is known or open.
 */
function resolve(thread: Thread, number: i64, source: Fd, factsAt: u32): Fd {
  if (!hasFacts(event.params, factsAt)) return source;
  if (!isOpen(factsAt)) return changetype<Fd>(0);
  if (changetype<usize>(source) != 0 && agrees(source, factsAt)) return source;
  const target = findFd(thread, number);
  if (changetype<usize>(target) != 0 && agrees(target, factsAt)) return target;
  const fd = fdFromFacts(factsAt);
  return changetype<usize>(fd) == 0 ? fd : putFd(thread, number, fd);
}

/**
 * Something unknown has come in place of what was open under the number, and that has been closed. Falco keeps the old
 * entry; its recordings are read as it reads them.
 */
function forget(thread: Thread, number: i64): void {
  if (isLive) removeFd(thread, number);
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
