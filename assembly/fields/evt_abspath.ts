// evt.abspath: the absolute path that a call's directory fd and its path make; .src and .dst for calls with two.
// In: the parameters of openat, renameat and the like. A directory fd that is not known is `<UNKNOWN>`.

import { event, param } from "../event";
import {
  FAT_FDCWD,
  FCHMODAT_X,
  FCHOWNAT_X,
  LINKAT_X,
  MKDIRAT_X,
  OPEN_BY_HANDLE_AT_X,
  OPENAT2_X,
  OPENAT_X,
  RENAMEAT2_X,
  RENAMEAT_X,
  SYMLINKAT_X,
  UNLINKAT_X,
} from "../generated/events";
import { equalBytes } from "../memory/bytes";
import { text_concat2 } from "../match/transform";
import { fdOfCurrent } from "../render/fd";
import { EMPTY, literal } from "../strings/literal";
import { readSigned } from "../render/number";
import { currentResult, currentThread } from "../state/current";
import { paramText } from "../state/params";
import { isAbsolute, joinPath } from "../state/paths";
import { cwdOf } from "../state/thread_table";
import { viewAt, viewBytes } from "../strings/view";
import { noThread } from "./process";
import { textOf } from "./text";

const SOURCE = literal("src");
const TARGET = literal("dst");
const SLASH = literal("/");
const UNKNOWN = literal("<UNKNOWN>/");

/** Absolute path of the call's path; `target` chooses the second of two. */
function absolutePath(target: bool): u64 {
  if (noThread()) return 0;
  switch (<u16>event.type) {
    case RENAMEAT_X:
    case RENAMEAT2_X:
    case LINKAT_X:
      return target ? below(3, 4) : below(1, 2);
    case SYMLINKAT_X:
      return below(2, 3);
    case OPENAT_X:
    case OPENAT2_X:
    case UNLINKAT_X:
    case MKDIRAT_X:
    case FCHMODAT_X:
    case FCHOWNAT_X:
      return below(1, 2);
    case OPEN_BY_HANDLE_AT_X:
      return currentResult > 0 ? joinPath(EMPTY, paramText(3)) : 0;
    default:
      return 0;
  }
}

function below(dirfd: u32, path: u32): u64 {
  if (viewBytes(param(dirfd)) == 0 || viewBytes(param(path)) == 0) return 0;
  const name = paramText(path);
  return joinPath(isAbsolute(name) ? EMPTY : directory(readSigned(param(dirfd))), name);
}

function directory(dirfd: i64): u64 {
  if (dirfd == FAT_FDCWD) return cwdOf(currentThread);
  const fd = fdOfCurrent(dirfd);
  // Falco adds a slash even to the root directory
  return changetype<usize>(fd) == 0 ? UNKNOWN : text_concat2(textOf(fd.name), SLASH);
}

export function evt_abspath_all(): u64 {
  return absolutePath(false);
}

export function evt_abspath(which: u64): u64 {
  const bytes = viewBytes(which);
  if (bytes != 3) return 0;
  if (equalBytes(viewAt(which), viewAt(SOURCE), 3)) return absolutePath(false);
  return equalBytes(viewAt(which), viewAt(TARGET), 3) ? absolutePath(true) : 0;
}
