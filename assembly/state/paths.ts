// Paths as Falco resolves them: a base and a name become one path without `//`, `.` and `..`, by text alone.
// In: views. Out: a view of the argument or of scratch memory. Symbolic links are not followed.

import { takeScratch } from "../memory/scratch";
import { copyBytes, equalBytes, hasPair } from "../memory/bytes";
import { view, viewAt, viewBytes } from "../strings/view";
import { isLive } from "./machine";

/** Falco's bound for paths, the final NUL included. Live, what the kernel takes as a name fits below a folder as deep. */
const MAX_PATH: usize = 1024;
const MAX_LIVE_PATH: usize = 8192;

// @ts-ignore: decorator
@inline const SLASH: u8 = 47;

// @ts-ignore: decorator
@inline const DOT: u8 = 46;

/** /DIR_TOO_LONG/FILENAME_TOO_LONG */
// deno-fmt-ignore
const TOO_LONG: usize = memory.data<u8>([
  47, 68, 73, 82, 95, 84, 79, 79, 95, 76, 79, 78, 71, 47,
  70, 73, 76, 69, 78, 65, 77, 69, 95, 84, 79, 79, 95, 76, 79, 78, 71,
]);
const TOO_LONG_BYTES: usize = 31;

// @ts-ignore: decorator
@inline
export function isAbsolute(name: u64): bool {
  return viewBytes(name) != 0 && load<u8>(viewAt(name)) == SLASH;
}

/** The path that `name` means below `base`; an absolute name, and an empty one, does not need the base. */
export function joinPath(base: u64, name: u64): u64 {
  const nameBytes = viewBytes(name);
  let baseBytes = viewBytes(base);
  const limit = isLive ? MAX_LIVE_PATH : MAX_PATH;
  if (baseBytes + nameBytes + 1 > limit) return view(TOO_LONG, TOO_LONG_BYTES);
  if (nameBytes == 0 || isAbsolute(name)) {
    if (isNormal(viewAt(name), nameBytes)) return name;
    baseBytes = 0;
  }
  // what is below an unknown folder is unknown too, however often it goes up
  if (isLive && isTooLong(base) && baseBytes != 0) return view(TOO_LONG, TOO_LONG_BYTES);
  const target = takeScratch(limit + 8);
  if (target == 0) return view(TOO_LONG, TOO_LONG_BYTES);
  copyBytes(target, viewAt(base), baseBytes);
  const end = normalise(target, target + baseBytes, viewAt(name), viewAt(name) + nameBytes);
  return view(target, end - target);
}

/** Whether a path begins as the one that replaces paths that are too long. */
function isTooLong(path: u64): bool {
  return viewBytes(path) >= TOO_LONG_BYTES && equalBytes(viewAt(path), TOO_LONG, TOO_LONG_BYTES);
}

/** Whether an absolute path is already as `normalise` would leave it. */
function isNormal(at: usize, bytes: usize): bool {
  if (bytes < 2) return bytes == 1 && load<u8>(at) == SLASH;
  const last = at + bytes - 1;
  if (load<u8>(last) == SLASH) return false;
  // a slash followed by a slash or a dot needs a closer look
  return !hasPair(at, at + bytes, SLASH, SLASH, DOT);
}

/**
 * Appends a name to the path [base, to) and folds its `.` and `..`, never above `base`.
 * @returns the end of the result
 */
function normalise(base: usize, to: usize, from: usize, end: usize): usize {
  const startsEmpty = to == base;
  while (from < end) {
    const c = load<u8>(from);
    if (c == DOT && (to == base || load<u8>(to - 1) == SLASH)) {
      const next: u8 = from + 1 < end ? load<u8>(from + 1) : 0;
      const afterNext: u8 = from + 2 < end ? load<u8>(from + 2) : 0;
      if (next == DOT && (afterNext == SLASH || afterNext == 0)) {
        from += afterNext == SLASH ? 3 : 2;
        to = parentOf(base, to);
      } else if (next == SLASH) {
        from += 2;
      } else if (next == 0) {
        from++;
      } else {
        store<u8>(to++, c);
        from++;
      }
    } else if (c == SLASH && ((to > base && load<u8>(to - 1) == SLASH) || (to == base && !startsEmpty))) {
      from++;
    } else {
      store<u8>(to++, c);
      from++;
    }
  }
  return to > base + 1 && load<u8>(to - 1) == SLASH ? to - 1 : to;
}

/** End of the path without its last part; the first byte always stays. */
function parentOf(base: usize, to: usize): usize {
  if (to <= base + 1) return to;
  to--;
  while (to > base && load<u8>(to - 1) != SLASH) to--;
  return to;
}
