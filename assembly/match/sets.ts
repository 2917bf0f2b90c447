// Membership in constant sets: `in` for texts, addresses and numbers.
// In: a value and the address of a set that the rule compiler wrote into the constants (layout in
// assembly/README.md). A text set is asked for its lengths before anything is hashed.

import { hashBytes } from "../strings/hash";
import { NO_NUMBER, viewAt, viewBytes } from "../strings/view";
import { equalBytes } from "../memory/bytes";

// @ts-ignore: decorator
@inline const SLOTS: usize = 24;

/** Text set: u32 count, mask, minBytes, maxBytes, u64 lengthBits, then slots {u32 hash, length, offset, 0}. */
export function str_in(v: u64, set: usize): i32 {
  if (v == 0) return 0;
  const bytes = viewBytes(v);
  if ((load<u64>(set, 16) >> <u64>min<usize>(bytes, 63) & 1) == 0) return 0;
  if (<u32>bytes > load<u32>(set, 12)) return 0;
  const hash = hashBytes(viewAt(v), bytes);
  const mask = load<u32>(set, 4);
  // the compiler leaves free slots; the bound only guards against a damaged set
  for (let i: u32 = 0; i <= mask; i++) {
    const slot = set + SLOTS + (<usize>((hash + i) & mask) << 4);
    const found = load<u32>(slot);
    if (found == 0) return 0;
    if (found == hash && load<u32>(slot, 4) == <u32>bytes) {
      if (equalBytes(viewAt(v), set + load<u32>(slot, 8), bytes)) return 1;
    }
  }
  return 0;
}

/** An address in a text set over the raw bytes: 4 bytes and 16 bytes are never equal. */
export function ip_in(v: u64, set: usize): i32 {
  return str_in(v, set);
}

/** Number set: u32 count, u32 0, then sorted i64. */
export function num_in(n: i64, set: usize): i32 {
  if (n == NO_NUMBER) return 0;
  const values = set + 8;
  let low: usize = 0, high = <usize>load<u32>(set);
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = load<i64>(values + (middle << 3));
    if (value == n) return 1;
    if (value < n) low = middle + 1;
    else high = middle;
  }
  return 0;
}
