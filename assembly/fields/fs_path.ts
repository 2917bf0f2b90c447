// Fields of the paths that a call on the file system names: fs.path.name, .source, .target and their raw forms.
// In: the event's parameters; only of calls that succeeded. `place` says which parameter is which path.

import { event, param } from "../event";
import {
  CHMOD_X,
  CHOWN_X,
  FCHMOD_X,
  FCHMODAT_X,
  FCHOWN_X,
  FCHOWNAT_X,
  LCHOWN_X,
  LINK_X,
  LINKAT_X,
  MKDIR_X,
  MKDIRAT_X,
  MOUNT_X,
  OPEN_X,
  OPENAT2_X,
  OPENAT_X,
  QUOTACTL_X,
  RENAME_X,
  RENAMEAT2_X,
  RENAMEAT_X,
  RMDIR_X,
  SYMLINK_X,
  SYMLINKAT_X,
  UMOUNT2_X,
  UMOUNT_X,
  UNLINK_X,
  UNLINKAT_X,
} from "../generated/events";
import { EMPTY, literal } from "../strings/literal";
import { readSigned } from "../render/number";
import { asDirectory } from "../render/resolve";
import { currentFd, currentResult, currentThread } from "../state/current";
import { directoryOf } from "../state/dirfd";
import { FdType } from "../state/fd";
import { paramText } from "../state/params";
import { isAbsolute, joinPath } from "../state/paths";
import { cwdOf } from "../state/thread_table";
import { viewOf } from "../strings/intern";
import { fd_name } from "./fd_name";
import { noThread } from "./process";
import { textOf } from "./text";

// @ts-ignore: decorator
@inline const NAME: u32 = 0;
// @ts-ignore: decorator
@inline const SOURCE: u32 = 1;
// @ts-ignore: decorator
@inline const TARGET: u32 = 2;

// @ts-ignore: decorator
@inline const NONE: i32 = -1;
// @ts-ignore: decorator
@inline const NAME_OF_FD: i32 = -2;

const UNKNOWN = literal("<UNKNOWN>");

// @ts-ignore: decorator
@inline
function pick(which: u32, name: i32, source: i32, target: i32): i32 {
  return which == NAME ? name : which == SOURCE ? source : target;
}

/** Parameter that holds the path; the source of a link is the new name, as in Falco. */
function place(which: u32): i32 {
  switch (<u16>event.type) {
    case MKDIR_X:
    case RMDIR_X:
    case UNLINK_X:
    case CHMOD_X:
    case CHOWN_X:
    case LCHOWN_X:
    case OPEN_X:
    case QUOTACTL_X:
    case UMOUNT_X:
    case UMOUNT2_X:
      return pick(which, 1, NONE, NONE);
    case MKDIRAT_X:
    case UNLINKAT_X:
    case FCHMODAT_X:
    case FCHOWNAT_X:
    case OPENAT_X:
    case OPENAT2_X:
      return pick(which, 2, NONE, NONE);
    case FCHMOD_X:
    case FCHOWN_X:
      return pick(which, NAME_OF_FD, NONE, NONE);
    case RENAME_X:
    case MOUNT_X:
      return pick(which, NONE, 1, 2);
    case RENAMEAT_X:
    case RENAMEAT2_X:
      return pick(which, NONE, 2, 4);
    case LINK_X:
      return pick(which, NONE, 2, 1);
    case LINKAT_X:
      return pick(which, NONE, 4, 2);
    case SYMLINK_X:
      return pick(which, NONE, 2, 1);
    case SYMLINKAT_X:
      return pick(which, NONE, 3, 1);
    default:
      return NONE;
  }
}

/** openat counts unless it returned −1, which is EPERM; the other calls have to return 0. */
function succeeded(): bool {
  const type = <u16>event.type;
  if (type == OPEN_X || type == OPENAT_X || type == OPENAT2_X) return currentResult != -1;
  return currentResult == 0;
}

/** The path as it was passed. */
function raw(which: u32): u64 {
  const index = place(which);
  if (index == NONE || !succeeded()) return 0;
  return index == NAME_OF_FD ? fd_name() : paramText(index);
}

/** The path made absolute. */
function resolved(which: u32): u64 {
  const path = raw(which);
  if (path == 0 || noThread()) return 0;
  if (isAbsolute(path)) return joinPath(EMPTY, path);
  switch (<u16>event.type) {
    case OPENAT_X:
    case OPENAT2_X:
      // the fd has the resolved name already
      return joinPath(EMPTY, changetype<usize>(currentFd) == 0 ? UNKNOWN : textOf(currentFd.name));
    case FCHOWNAT_X:
    case FCHMODAT_X:
    case MKDIRAT_X:
    case UNLINKAT_X:
      return joinPath(directoryFd(), path);
    case SYMLINKAT_X:
      return joinPath(which == SOURCE ? directoryFd() : UNKNOWN, path);
    case RENAMEAT2_X:
      return joinPath(directoryOf(currentThread, path, readSigned(param(which == TARGET ? 3 : 1))), path);
    default:
      return joinPath(cwdOf(currentThread), path);
  }
}

/** Directory of the fd that the event refers to. */
function directoryFd(): u64 {
  if (changetype<usize>(currentFd) == 0 || currentFd.type != FdType.DIRECTORY) return UNKNOWN;
  return asDirectory(viewOf(currentFd.name));
}

export function fs_path_name(): u64 {
  return resolved(NAME);
}

export function fs_path_nameraw(): u64 {
  return raw(NAME);
}

export function fs_path_source(): u64 {
  return resolved(SOURCE);
}

export function fs_path_sourceraw(): u64 {
  return raw(SOURCE);
}

export function fs_path_target(): u64 {
  return resolved(TARGET);
}

export function fs_path_targetraw(): u64 {
  return raw(TARGET);
}
