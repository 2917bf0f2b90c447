// Names of the fd: fd.name, its directory and its last part, the path as it was passed.
// In: the current thread and fd. A file that could not be opened has its name from the event's parameters.

import { event, hasParam, param } from "../event";
import {
  ACCEPT4_X,
  ACCEPT_X,
  CONNECT_X,
  CREAT_X,
  OPEN_BY_HANDLE_AT_X,
  OPEN_X,
  OPENAT2_X,
  OPENAT_X,
} from "../generated/events";
import { eventParamCount } from "../generated/tables";
import { findLastByte, hasPair } from "../memory/bytes";
import { EMPTY, literal } from "../strings/literal";
import { readSigned } from "../render/number";
import { begin, finish, lastByte, putByte, putText } from "../strings/writer";
import { idOfKey } from "../state/containers";
import { currentThread } from "../state/current";
import { directoryOf } from "../state/dirfd";
import { FdType } from "../state/fd";
import { paramText } from "../state/params";
import { joinPath } from "../state/paths";
import { view, viewAt, viewBytes } from "../strings/view";
import { evt_arg } from "./evt_args";
import { aboutFd, fdOfEvent, isFile, isNull } from "./fd";
import { textOf } from "./text";

const ROOT = literal("/");
// @ts-ignore: decorator
@inline const SLASH: u8 = 47;

/** Name that the call would have given an fd; the empty text for calls that name none. */
function nameFromEvent(raw: bool): u64 {
  if ((event.type & 1) == 0) return 0;
  switch (<u16>event.type) {
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
 * The path that the kernel resolved. The probe sends it, where a loaded rule asks for it, after the parameters
 * that Falco's table lists for the open family.
 */
export function fd_realname(): u64 {
  const added = eventParamCount(event.type);
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
  // one string for both: the path was absolute and clean (state/parsers/open.ts)
  if (!isNull(fd) && fd.nameRaw == fd.name) return name;
  const end = viewAt(name) + viewBytes(name);
  if (!hasPair(viewAt(name), end, SLASH, SLASH)) return name;
  begin();
  for (let at = viewAt(name); at < end; at++) {
    const c = load<u8>(at);
    if (c != 47 || lastByte() != 47) putByte(c);
  }
  return finish();
}

/** `container:text`; nothing is before the colon on the host. */
function inContainer(text: u64): u64 {
  if (text == 0) return 0;
  begin();
  if (currentThread.containerId != 0) putText(idOfKey(currentThread.containerId));
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
