// Calls that make files without a path: pipes, event and signal fds, epoll, inotify, memfd, pidfd …

import { event, paramNumber } from "../../event";
import {
  BPF_X,
  EPOLL_CREATE1_X,
  EPOLL_CREATE_X,
  EVENTFD2_X,
  FEPOLL_CLOEXEC,
  FO_CLOEXEC,
  INOTIFY_INIT1_X,
  INOTIFY_INIT_X,
  IO_URING_SETUP_X,
  PIPE2_X,
  SIGNALFD4_X,
  SIGNALFD_X,
  TIMERFD_CREATE_X,
  USERFAULTFD_X,
} from "../../generated/events";
import { begin, finish, putInt } from "../../strings/writer";
import { putLiteral } from "../../strings/literal";
import { internView } from "../../strings/intern";
import { currentResult, currentThread, hasResult, setNewFd } from "../current";
import { FdType } from "../fd";
import { makeFd } from "../fd_entry";
import { putFd } from "../fd_table";
import { paramText } from "../params";

// @ts-ignore: decorator
@inline
function succeeded(): bool {
  return hasResult && currentResult >= 0 && changetype<usize>(currentThread) != 0;
}

/** The result of the call is the new number; the kind follows from the event. */
export function parseNewFd(): void {
  if (!succeeded()) return;
  const fd = makeFd(kindOf(event.type));
  if (changetype<usize>(fd) == 0) return;
  if (event.type == INOTIFY_INIT1_X || event.type == SIGNALFD4_X || event.type == EVENTFD2_X) {
    fd.openFlags = paramNumber<u16>(1);
  } else if (event.type == TIMERFD_CREATE_X) {
    fd.openFlags = paramNumber<u8>(2);
  } else if (event.type == EPOLL_CREATE1_X && (paramNumber<u32>(1) & FEPOLL_CLOEXEC) != 0) {
    fd.openFlags = FO_CLOEXEC;
  }
  setNewFd(putFd(currentThread, currentResult, fd));
}

function kindOf(type: u32): u8 {
  if (type == SIGNALFD_X || type == SIGNALFD4_X) return FdType.SIGNALFD;
  if (type == TIMERFD_CREATE_X) return FdType.TIMERFD;
  if (type == INOTIFY_INIT_X || type == INOTIFY_INIT1_X) return FdType.INOTIFY;
  if (type == EPOLL_CREATE_X || type == EPOLL_CREATE1_X) return FdType.EVENTPOLL;
  if (type == BPF_X) return FdType.BPF;
  if (type == IO_URING_SETUP_X) return FdType.IO_URING;
  return type == USERFAULTFD_X ? FdType.USERFAULTFD : FdType.EVENT;
}

/** pipe, pipe2: the event refers to the second number. */
export function parsePipe(): void {
  if (!succeeded()) return;
  const flags: u32 = event.type == PIPE2_X ? paramNumber<u32>(4) : 0;
  for (let i: u32 = 1; i <= 2; i++) {
    const fd = makeFd(FdType.FIFO);
    if (changetype<usize>(fd) == 0) return;
    fd.ino = paramNumber<u64>(3);
    fd.openFlags = flags;
    setNewFd(putFd(currentThread, paramNumber<i64>(i), fd));
  }
}

export function parseMemfdCreate(): void {
  if (!succeeded()) return;
  const fd = makeFd(FdType.MEMFD);
  if (changetype<usize>(fd) == 0) return;
  fd.name = internView(paramText(1));
  fd.openFlags = paramNumber<u32>(2);
  setNewFd(putFd(currentThread, currentResult, fd));
}

/** Falco names a pidfd after the process's directory. */
export function parsePidfdOpen(): void {
  if (!succeeded()) return;
  const fd = makeFd(FdType.PIDFD);
  if (changetype<usize>(fd) == 0) return;
  fd.pid = paramNumber<i64>(1);
  fd.openFlags = paramNumber<u32>(2);
  begin();
  putLiteral("/proc/");
  putInt(fd.pid);
  fd.name = internView(finish());
  setNewFd(putFd(currentThread, currentResult, fd));
}
