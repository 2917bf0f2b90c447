// What a number or a path in a parameter means: the command of a pid, the name of a user or a group, the
// absolute form of a path. Out: a view, 0 when it means nothing.

import { event, param } from "../event";
import { FAT_FDCWD } from "../generated/events";
import { paramType, PT_FD } from "../generated/tables";
import { text_concat2 } from "../match/transform";
import { currentThread } from "../state/current";
import { isAbsolute, joinPath } from "../state/paths";
import { cwdOf, findThread } from "../state/thread_table";
import { groupName, userName } from "../state/users";
import { viewOf } from "../strings/intern";
import { viewAt, viewBytes } from "../strings/view";
import { fdOfCurrent } from "./fd";
import { EMPTY, literal, NOT_AVAILABLE } from "../strings/literal";
import { readSigned } from "./number";

const SLASH = literal("/");

export function pidText(pid: i64): u64 {
  const thread = findThread(pid);
  return changetype<usize>(thread) == 0 ? 0 : viewOf(thread.comm);
}

export function userText(uid: u32): u64 {
  if (changetype<usize>(currentThread) == 0) return NOT_AVAILABLE;
  const name = userName(currentThread.containerId, uid);
  return viewBytes(name) == 0 ? NOT_AVAILABLE : name;
}

export function groupText(gid: u32): u64 {
  if (changetype<usize>(currentThread) == 0) return NOT_AVAILABLE;
  const name = groupName(currentThread.containerId, gid);
  return viewBytes(name) == 0 ? NOT_AVAILABLE : name;
}

/** Absolute form of a relative path; 0 for an absolute one. `dirfdParam` < 0: relative to the working directory. */
export function pathText(path: u64, dirfdParam: i32): u64 {
  if (viewBytes(path) == 0 || isAbsolute(path) || changetype<usize>(currentThread) == 0) return 0;
  return joinPath(baseOf(dirfdParam), path);
}

/** Directory that a path is relative to, with a slash at its end; the empty text for a directory fd without name. */
function baseOf(dirfdParam: i32): u64 {
  if (dirfdParam < 0 || paramType(event.type, dirfdParam) != PT_FD) return cwdOf(currentThread);
  const dirfd = readSigned(param(dirfdParam));
  if (dirfd == FAT_FDCWD) return cwdOf(currentThread);
  const fd = fdOfCurrent(dirfd);
  return changetype<usize>(fd) == 0 ? EMPTY : asDirectory(viewOf(fd.name));
}

/** A directory's name with a slash at its end. */
export function asDirectory(name: u64): u64 {
  const bytes = viewBytes(name);
  if (bytes == 0) return EMPTY;
  return load<u8>(viewAt(name) + bytes - 1) == 47 ? name : text_concat2(name, SLASH);
}
