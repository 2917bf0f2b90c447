// The container that one path of a cgroup names.
// In: the bytes of the path. Out: where its id is, the runtime as far as the name shows, the owner, the folders above.
// Elsewhere: the layouts (schema/cgroup_layouts.ts), lists of paths (containers.ts), the same outside of the matcher
// (schema/cgroup_container.ts).
//
// Folders are tried from the outermost in and the first that fits ends the search: what is below a container's cgroup
// was made by the container, and may look like anything.

import {
  ID_DIGEST,
  ID_JOB,
  ID_MACHINE,
  ID_NONE,
  ID_SHORT,
  ID_UUID,
  LAYOUT_AT_TOP,
  LAYOUT_COUNT,
  LAYOUT_INFIX,
  LAYOUT_OWN,
  LAYOUTS,
} from "../generated/cgroup_layouts";
import { equalBytes, findByte } from "../memory/bytes";
import { literal } from "../strings/literal";
import { viewAt, viewBytes } from "../strings/view";
import { isLive } from "./machine";

const SHORT_ID_BYTES: usize = 12;
const MAX_SHORT_NAME_BYTES: usize = 64;
const DIGEST_BYTES: usize = 64;
const UUID_BYTES: usize = 36;
const MAX_PARENTS: u32 = 2;
const MAX_MACHINE_BYTES: usize = 256;
const MAX_UID_DIGITS: usize = 10;

const USER_SLICE = literal("user.slice");
const USER_SLICE_MARK = literal("user-");
const SERVICE = literal(".service");
const SLICE = literal(".slice");
const SCOPE = literal(".scope");
const HOST = literal("host");
const NAMED_HOST = literal("container-host");

/** What a path says about its container. */
@unmanaged
export class PathContainer {
  idAt: u32;
  idBytes: u32;
  /** of its runtime, as far as the name shows (ContainerType) */
  type: u32;
  /** the user in whose slice it is; 0 = no user's */
  owner: u32;
  /** the end of the path above it */
  parentEnd: u32;
}

const found = changetype<PathContainer>(memory.data(20, 8));

/** the names just above the folder, nearest first: address and bytes of each */
const parents: usize = memory.data(16, 8);
/** a name without systemd's escapes */
const machineName: usize = memory.data(256, 8);

/** The container that a path, which begins with a slash, names; null when there is none. Good until the next call. */
export function containerInPath(path: usize, end: usize): PathContainer {
  memory.fill(parents, 0, <usize>MAX_PARENTS << 3);
  found.owner = 0;
  let depth: u32 = 0;
  for (let at = path; at < end;) {
    const nameEnd = findByte(at, end, 47);
    const bytes = nameEnd - at;
    if (bytes != 0 && !isAbove(at, bytes)) {
      if (depth == 1 && isLive && isName(0, USER_SLICE)) found.owner = uidOfSlice(at, bytes);
      found.parentEnd = <u32>at;
      if (findLayout(at, bytes, depth)) return found;
      depth++;
      memory.copy(parents + 8, parents, 8);
      store<u32>(parents, <u32>at);
      store<u32>(parents, <u32>bytes, 4);
    }
    at = nameEnd + 1;
  }
  return changetype<PathContainer>(0);
}

/** In a cgroup namespace of its own a reader sees its neighbours as `/../neighbour`. */
// @ts-ignore: decorator
@inline
function isAbove(at: usize, bytes: usize): bool {
  return bytes == 2 && load<u16>(at) == 0x2e2e;
}

// @ts-ignore: decorator
@inline
function isName(parent: u32, name: u64): bool {
  return isText(parent, viewAt(name), viewBytes(name));
}

function isText(parent: u32, text: usize, bytes: usize): bool {
  const entry = parents + (<usize>parent << 3);
  return <usize>load<u32>(entry, 4) == bytes && equalBytes(load<u32>(entry), text, bytes);
}

/** `user-1000.slice`; 0 for any other name. */
function uidOfSlice(at: usize, bytes: usize): u32 {
  const mark = viewBytes(USER_SLICE_MARK), ending = viewBytes(SLICE);
  if (bytes <= mark + ending || bytes > mark + ending + MAX_UID_DIGITS) return 0;
  if (!equalBytes(at, viewAt(USER_SLICE_MARK), mark) || !endsWith(at, bytes, SLICE)) return 0;
  let uid: u64 = 0;
  for (let i = mark; i < bytes - ending; i++) {
    const c = load<u8>(at + i);
    if (c < 48 || c > 57) return 0;
    uid = uid * 10 + (c - 48);
  }
  return uid > 0xffff_ffff ? 0 : <u32>uid;
}

/** Tries all layouts on one folder. */
function findLayout(at: usize, bytes: usize, depth: u32): bool {
  let row = LAYOUTS;
  for (let i: u32 = 0; i < LAYOUT_COUNT; i++) {
    const type = <u32>load<u8>(row) | (<u32>load<u8>(row, 1) << 8);
    const form: u32 = load<u8>(row, 2), flags: u32 = load<u8>(row, 3);
    const mark = row + 4;
    const notBelow = nextText(mark);
    const above = nextText(notBelow);
    const parentCount: u32 = load<u8>(above);
    let endings = above + 1;
    let fits = (flags & LAYOUT_AT_TOP) == 0 || depth == parentCount;
    if ((flags & LAYOUT_OWN) != 0 && !isLive) fits = false;
    for (let p: u32 = 0; p < parentCount; p++) {
      if (fits && !isText(p, endings + 1, load<u8>(endings))) fits = false;
      endings = nextText(endings);
    }
    if (fits && load<u8>(notBelow) != 0 && isText(0, notBelow + 1, load<u8>(notBelow))) fits = false;
    const from = fits ? afterMark(at, bytes, mark, (flags & LAYOUT_INFIX) != 0) : 0;
    const endingCount: u32 = load<u8>(endings);
    let isDone = from == 0;
    row = endings + 1;
    for (let e: u32 = 0; e < endingCount; e++) {
      const ending: usize = load<u8>(row);
      const rest = at + bytes - from;
      if (!isDone && rest >= ending && equalBytes(at + bytes - ending, row + 1, ending)) {
        isDone = true;
        if (form == ID_NONE) return false;
        if (takeId(form, from, rest - ending)) {
          found.type = type;
          return true;
        }
      }
      row = nextText(row);
    }
  }
  return false;
}

// @ts-ignore: decorator
@inline
function nextText(at: usize): usize {
  return at + 1 + <usize>load<u8>(at);
}

/** Address after the mark; 0 when the name does not have it. */
function afterMark(at: usize, bytes: usize, mark: usize, isInfix: bool): usize {
  const length: usize = load<u8>(mark);
  if (bytes < length) return 0;
  if (!isInfix) return equalBytes(at, mark + 1, length) ? at + length : 0;
  for (let i = at + bytes - length; i >= at; i--) if (equalBytes(i, mark + 1, length)) return i + length;
  return 0;
}

/** Whether what is between mark and ending is an id of this form. */
function takeId(form: u32, at: usize, bytes: usize): bool {
  found.idAt = <u32>at;
  found.idBytes = <u32>bytes;
  if (form == ID_DIGEST) {
    if (bytes != DIGEST_BYTES) return false;
    for (let i: usize = 0; i < bytes; i++) if (!isHex(load<u8>(at + i))) return false;
    found.idBytes = <u32>SHORT_ID_BYTES;
    return true;
  }
  if (form == ID_UUID && (bytes != UUID_BYTES || !consistsOf(at, bytes, 45, 45, 45))) return false;
  if (form == ID_JOB && (!consistsOf(at, bytes, 46, 95, 45) || isUnit(at, bytes))) return false;
  if (form == ID_SHORT) {
    if (bytes > MAX_SHORT_NAME_BYTES || isUnit(at, bytes)) return false;
    found.idBytes = <u32>min(bytes, SHORT_ID_BYTES);
  }
  if (form == ID_MACHINE) takeMachineName(at, bytes);
  if (found.idBytes == 0) return false;
  // no container is called as the host is
  if (found.idBytes == <u32>viewBytes(HOST) && equalBytes(found.idAt, viewAt(HOST), found.idBytes)) {
    found.idAt = <u32>viewAt(NAMED_HOST);
    found.idBytes = <u32>viewBytes(NAMED_HOST);
  }
  return true;
}

/** systemd writes what a unit's name may not contain as `\x2d`. */
function takeMachineName(at: usize, bytes: usize): void {
  let to = machineName;
  for (let i: usize = 0; i < bytes && to < machineName + MAX_MACHINE_BYTES;) {
    const isEscape = i + 4 <= bytes && load<u16>(at + i) == 0x785c && isLowerHex(load<u8>(at + i, 2)) &&
      isLowerHex(load<u8>(at + i, 3));
    const byte = isEscape ? <u8>((digitOf(load<u8>(at + i, 2)) << 4) | digitOf(load<u8>(at + i, 3))) : 0;
    const isPlain = isEscape && byte > 32 && byte < 127 && byte != 47;
    store<u8>(to++, isPlain ? byte : load<u8>(at + i));
    i += isPlain ? 4 : 1;
  }
  found.idAt = <u32>machineName;
  found.idBytes = <u32>(to - machineName);
}

// @ts-ignore: decorator
@inline
function isLowerHex(c: u8): bool {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 102);
}

// @ts-ignore: decorator
@inline
function isHex(c: u8): bool {
  return isLowerHex(c) || (c >= 65 && c <= 70);
}

// @ts-ignore: decorator
@inline
function digitOf(c: u8): u32 {
  return c <= 57 ? c - 48 : c - 87;
}

/** Letters, digits and these three; not empty. */
function consistsOf(at: usize, bytes: usize, a: u8, b: u8, c: u8): bool {
  for (let i: usize = 0; i < bytes; i++) {
    const byte = load<u8>(at + i), letter = byte | 32;
    const isPlain = (byte >= 48 && byte <= 57) || (letter >= 97 && letter <= 122);
    if (!isPlain && byte != a && byte != b && byte != c) return false;
  }
  return bytes != 0;
}

function isUnit(at: usize, bytes: usize): bool {
  return endsWith(at, bytes, SERVICE) || endsWith(at, bytes, SLICE) || endsWith(at, bytes, SCOPE);
}

function endsWith(at: usize, bytes: usize, suffix: u64): bool {
  const length = viewBytes(suffix);
  return bytes >= length && equalBytes(at + bytes - length, viewAt(suffix), length);
}
