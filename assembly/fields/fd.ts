// Fields of the fd that the event makes, uses or closes: number, kind, device, flags.
// In: the current thread and fd. Out: missing for events that have nothing to do with fds, and where the fd is
// not known. Elsewhere: names (fd_name.ts), addresses and ports (fd_net.ts).

import { event } from "../event";
import {
  ACCEPT4_X,
  ACCEPT_X,
  CREAT_X,
  EF_CREATES_FD,
  EF_DESTROYS_FD,
  EF_USES_FD,
  EVENTFD2_X,
  EVENTFD_X,
  INOTIFY_INIT1_X,
  INOTIFY_INIT_X,
  OPENAT2_X,
  OPENAT_X,
  PIPE2_X,
  PIPE_X,
  SIGNALFD4_X,
  SIGNALFD_X,
  SOCKET_X,
  TIMERFD_CREATE_X,
} from "../generated/events";
import { eventFlags } from "../generated/tables";
import { takeScratch } from "../memory/scratch";
import { fdLetterAt, fdWord } from "../render/fd_kind";
import { fdOfCurrent } from "../render/fd";
import { begin, finish, putInt } from "../strings/writer";
import { currentFd, currentFdNameChanged, currentThread } from "../state/current";
import { Fd, FdFlag, FdType } from "../state/fd";
import { fdInSlot, fdsOf, slotCount } from "../state/fd_table";
import { NO_NUMBER, view } from "../strings/view";

/** Whether the event has to do with an fd of a known thread. */
// @ts-ignore: decorator
@inline
export function aboutFd(): bool {
  return (eventFlags(event.type) & (EF_CREATES_FD | EF_USES_FD | EF_DESTROYS_FD)) != 0 &&
    changetype<usize>(currentThread) != 0;
}

/** The fd that the fields talk about; null when it is not known. */
export function fdOfEvent(): Fd {
  if (!aboutFd()) return changetype<Fd>(0);
  if (changetype<usize>(currentFd) != 0) return currentFd;
  return fdOfCurrent(currentThread.lastFd);
}

// @ts-ignore: decorator
@inline
export function isNull(fd: Fd): bool {
  return changetype<usize>(fd) == 0;
}

// @ts-ignore: decorator
@inline
export function isFile(fd: Fd): bool {
  return fd.type == FdType.FILE || fd.type == FdType.FILE_V2;
}

/** Number of the fd, which a thread keeps from its last event with one; −1 = none yet. */
export function fd_num(): i64 {
  return aboutFd() ? currentThread.lastFd : NO_NUMBER;
}

export function fd_type(): u64 {
  const fd = fdOfEvent();
  return isNull(fd) ? 0 : fdWord(fd.type);
}

export function fd_typechar(): u64 {
  if (!aboutFd()) return 0;
  const fd = fdOfEvent();
  return view(fdLetterAt(isNull(fd) ? expectedType() : fd.type), 1);
}

/** What kind of fd the call would have made. */
function expectedType(): u8 {
  switch (<u16>event.type | 1) {
    case OPENAT_X:
    case OPENAT2_X:
    case CREAT_X:
      return FdType.FILE;
    case SOCKET_X:
    case ACCEPT_X:
    case ACCEPT4_X:
      return FdType.IPV4_SOCK;
    case PIPE_X:
    case PIPE2_X:
      return FdType.FIFO;
    case EVENTFD_X:
    case EVENTFD2_X:
      return FdType.EVENT;
    case SIGNALFD_X:
    case SIGNALFD4_X:
      return FdType.SIGNALFD;
    case TIMERFD_CREATE_X:
      return FdType.TIMERFD;
    case INOTIFY_INIT_X:
    case INOTIFY_INIT1_X:
      return FdType.INOTIFY;
    default:
      return FdType.UNKNOWN;
  }
}

export function fd_uid(): u64 {
  if (!aboutFd()) return 0;
  begin();
  putInt(currentThread.tid);
  putInt(currentThread.lastFd);
  return finish();
}

export function fd_connected(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) ? NO_NUMBER : <i64>((fd.flags & FdFlag.CONNECTED) != 0);
}

export function fd_name_changed(): i64 {
  return isNull(fdOfEvent()) ? NO_NUMBER : <i64>currentFdNameChanged();
}

export function fd_dev(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) ? NO_NUMBER : <i64>fd.dev;
}

export function fd_dev_major(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) ? NO_NUMBER : <i64>((fd.dev & 0xfff00) >> 8);
}

export function fd_dev_minor(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) ? NO_NUMBER : <i64>((fd.dev & 0xff) | ((fd.dev >> 12) & 0xfff00));
}

export function fd_ino(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) ? NO_NUMBER : <i64>fd.ino;
}

export function fd_is_upper_layer(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) ? NO_NUMBER : <i64>((fd.flags & FdFlag.UPPER_LAYER) != 0);
}

export function fd_is_lower_layer(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) ? NO_NUMBER : <i64>((fd.flags & FdFlag.LOWER_LAYER) != 0);
}

/** Kinds of all fds of the process, each once, as a list (match/list.ts). */
export function fd_types_all(): u64 {
  if (!aboutFd()) return 0;
  const list = takeScratch(8 + 8 * (FdType.PIDFD + 1));
  if (list == 0) return 0;
  const table = fdsOf(currentThread), slots = slotCount(table);
  let count: u32 = 0, seen: u32 = 0;
  for (let slot: u32 = 0; slot < slots; slot++) {
    const fd = fdInSlot(table, slot);
    if (isNull(fd) || fd.type > FdType.PIDFD) continue;
    // kinds that share a word count once
    const bit: u32 = 1 << kindOf(fd.type);
    if ((seen & bit) != 0) continue;
    seen |= bit;
    store<u64>(list + 8 + (<usize>count << 3), fdWord(fd.type));
    count++;
  }
  store<u64>(list, count);
  return view(list, 8 + (<usize>count << 3));
}

/** The first of the types that have the same word. */
function kindOf(type: u8): u32 {
  if (type == FdType.FILE_V2) return FdType.FILE;
  if (type == FdType.IPV4_SERVSOCK) return FdType.IPV4_SOCK;
  if (type == FdType.IPV6_SERVSOCK) return FdType.IPV6_SOCK;
  return type == FdType.UNSUPPORTED ? FdType.UNKNOWN : type;
}

/** Kind of one fd of the process, as a list too. */
export function fd_types(number: i32): u64 {
  if (!aboutFd()) return 0;
  const fd = fdOfCurrent(number);
  const list = isNull(fd) ? 0 : takeScratch(16);
  if (list == 0) return 0;
  store<u64>(list, 1);
  store<u64>(list, fdWord(fd.type), 8);
  return view(list, 16);
}
