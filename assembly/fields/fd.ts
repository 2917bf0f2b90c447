// Fields of the fd that the event makes, uses or closes: number, kind, name, directory, flags.
// In: the current thread and fd. Out: missing for events that have nothing to do with fds, and mostly where the
// fd is not known; the name of a file that could not be opened comes from the event's parameters.
// Elsewhere: addresses and ports (fd_net.ts).

import { eventType, hasParam, param } from "../event";
import {
  ACCEPT4_X,
  ACCEPT_X,
  CONNECT_X,
  CREAT_X,
  EF_CREATES_FD,
  EF_DESTROYS_FD,
  EF_USES_FD,
  EVENTFD2_X,
  EVENTFD_X,
  INOTIFY_INIT1_X,
  INOTIFY_INIT_X,
  OPEN_BY_HANDLE_AT_X,
  OPEN_X,
  OPENAT2_X,
  OPENAT_X,
  PIPE2_X,
  PIPE_X,
  SIGNALFD4_X,
  SIGNALFD_X,
  SOCKET_X,
  TIMERFD_CREATE_X,
} from "../generated/events";
import { eventFlags, eventParamCount } from "../generated/tables";
import { findLastByte } from "../match/bytes";
import { takeScratch } from "../memory/scratch";
import { fdLetterAt, fdWord } from "../render/fd_kind";
import { fdOfCurrent } from "../render/fd";
import { EMPTY, literal } from "../render/literal";
import { readSigned } from "../render/number";
import { begin, finish, lastByte, putByte, putInt, putText } from "../render/writer";
import { currentFd, currentFdNameChanged, currentThread } from "../state/current";
import { directoryOf } from "../state/dirfd";
import { Fd, FdFlag, FdType } from "../state/fd";
import { fdInSlot, fdsOf, slotCount } from "../state/fd_table";
import { paramText } from "../state/params";
import { joinPath } from "../state/paths";
import { NO_NUMBER, view, viewAt, viewBytes } from "../strings/view";
import { evt_arg } from "./evt_args";
import { textOf } from "./text";

/** Whether the event has to do with an fd of a known thread. */
// @ts-ignore: decorator
@inline
export function aboutFd(): bool {
  return (eventFlags(eventType) & (EF_CREATES_FD | EF_USES_FD | EF_DESTROYS_FD)) != 0 &&
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
function isFile(fd: Fd): bool {
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
  switch (<u16>eventType | 1) {
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

/** Name that the call would have given an fd; the empty text for calls that name none. */
function nameFromEvent(raw: bool): u64 {
  if ((eventType & 1) == 0) return 0;
  switch (<u16>eventType) {
    case OPEN_X:
    case CREAT_X:
    case ACCEPT_X:
    case ACCEPT4_X:
    case CONNECT_X:
      return evt_arg(1);
    case OPENAT_X:
    case OPENAT2_X: {
      if (viewBytes(param(2)) == 0) return 0;
      const name = paramText(2);
      if (raw) return name;
      if (viewBytes(param(1)) == 0) return 0;
      return joinPath(directoryOf(currentThread, name, readSigned(param(1))), name);
    }
    case OPEN_BY_HANDLE_AT_X:
      return paramText(3);
    default:
      return EMPTY;
  }
}

export function fd_name(): u64 {
  if (!aboutFd()) return 0;
  const fd = fdOfEvent();
  return isNull(fd) ? nameFromEvent(false) : textOf(fd.name);
}

/**
 * The path that the kernel resolved. The probe sends it, where a loaded rule asks for it, behind the parameters
 * that Falco's table lists for the open family.
 */
export function fd_realname(): u64 {
  const added = eventParamCount(eventType);
  const resolved = hasParam(added) ? param(added) : 0;
  if (viewBytes(resolved) < 2) return fd_name();
  return view(viewAt(resolved), viewBytes(resolved) - 1); // without the 0 at its end
}

/** Directory of a file's path: without the last part, `/` for files in the root and for names without a slash. */
function directoryPart(name: u64): u64 {
  const at = viewAt(name), end = at + viewBytes(name);
  const slash = findLastByte(at, end, 47);
  if (slash == end || slash == at) return ROOT;
  return slash + 1 == end ? name : view(at, slash - at);
}

const ROOT = literal("/");

export function fd_directory(): u64 {
  if (!aboutFd()) return 0;
  const fd = fdOfEvent();
  if (isNull(fd)) {
    const name = nameFromEvent(false);
    return name == 0 ? 0 : directoryPart(name);
  }
  if (isFile(fd)) return directoryPart(textOf(fd.name));
  return fd.type == FdType.DIRECTORY ? textOf(fd.name) : 0;
}

export function fd_filename(): u64 {
  const fd = fdOfEvent();
  if (isNull(fd) || !isFile(fd)) return 0;
  const name = textOf(fd.name);
  const end = viewAt(name) + viewBytes(name);
  const slash = findLastByte(viewAt(name), end, 47);
  if (slash == end) return ROOT;
  return slash + 1 == end ? name : view(slash + 1, end - slash - 1);
}

/** The path as it was passed, with doubled slashes made single. */
export function fd_nameraw(): u64 {
  if (!aboutFd()) return 0;
  const fd = fdOfEvent();
  const name = isNull(fd) ? nameFromEvent(true) : textOf(fd.nameRaw);
  const end = viewAt(name) + viewBytes(name);
  let doubled = false;
  for (let at = viewAt(name) + 1; at < end; at++) {
    if (load<u8>(at) == 47 && load<u8>(at - 1) == 47) doubled = true;
  }
  if (!doubled) return name;
  begin();
  for (let at = viewAt(name); at < end; at++) {
    const c = load<u8>(at);
    if (c != 47 || lastByte() != 47) putByte(c);
  }
  return finish();
}

export function fd_uid(): u64 {
  if (!aboutFd()) return 0;
  begin();
  putInt(currentThread.tid);
  putInt(currentThread.lastFd);
  return finish();
}

/** `container:text`; nothing stands before the colon on the host. */
function inContainer(text: u64): u64 {
  if (text == 0) return 0;
  begin();
  putText(textOf(currentThread.containerId));
  putByte(58);
  putText(text);
  return finish();
}

export function fd_containername(): u64 {
  return inContainer(fd_name());
}

export function fd_containerdirectory(): u64 {
  return inContainer(fd_directory());
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
  return count == 0 ? 0 : view(list, 8 + (<usize>count << 3));
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
