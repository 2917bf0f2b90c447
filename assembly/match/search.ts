// Substring search: contains, icontains.
// In: views. Candidates are the places where the first and the last byte of the needle fit, found sixteen at
// a time; each is then compared wholly. Blocks that would reach beyond the text are never loaded.

import { viewAt, viewBytes } from "../strings/view";
import { equalBytes, equalFolded, lowerByte } from "../memory/bytes";

/** `v contains needle` */
export function str_contains(v: u64, needle: u64): i32 {
  if (v == 0 || needle == 0) return 0;
  const n = viewBytes(needle), bytes = viewBytes(v);
  if (n > bytes) return 0;
  if (n == 0) return 1;
  const text = viewAt(v), want = viewAt(needle);
  const places = bytes - n + 1;
  let i: usize = 0;
  if (places >= 16) {
    const first = i8x16.splat(load<i8>(want)), last = i8x16.splat(load<i8>(want + n - 1));
    while (true) {
      const at = text + i;
      const heads = i8x16.eq(v128.load(at), first), tails = i8x16.eq(v128.load(at + n - 1), last);
      let hits = i8x16.bitmask(v128.and(heads, tails));
      while (hits != 0) {
        if (equalBytes(at + ctz(hits), want, n)) return 1;
        hits &= hits - 1;
      }
      if (i + 16 >= places) return 0;
      // the last block overlaps the one before it
      i = min(i + 16, places - 16);
    }
  }
  const first = load<u8>(want);
  for (; i < places; i++) {
    if (load<u8>(text + i) == first && equalBytes(text + i, want, n)) return 1;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function lowerBlock(x: v128): v128 {
  const capitals = i8x16.lt_u(i8x16.sub(x, i8x16.splat(65)), i8x16.splat(26));
  return v128.or(x, v128.and(capitals, i8x16.splat(0x20)));
}

/** `v icontains needle`, ASCII case; the needle is lower case */
export function str_icontains(v: u64, needle: u64): i32 {
  if (v == 0 || needle == 0) return 0;
  const n = viewBytes(needle), bytes = viewBytes(v);
  if (n > bytes) return 0;
  if (n == 0) return 1;
  const text = viewAt(v), want = viewAt(needle);
  const places = bytes - n + 1;
  let i: usize = 0;
  if (places >= 16) {
    const first = i8x16.splat(load<i8>(want)), last = i8x16.splat(load<i8>(want + n - 1));
    while (true) {
      const at = text + i;
      const heads = i8x16.eq(lowerBlock(v128.load(at)), first);
      const tails = i8x16.eq(lowerBlock(v128.load(at + n - 1)), last);
      let hits = i8x16.bitmask(v128.and(heads, tails));
      while (hits != 0) {
        if (equalFolded(at + ctz(hits), want, n)) return 1;
        hits &= hits - 1;
      }
      if (i + 16 >= places) return 0;
      i = min(i + 16, places - 16);
    }
  }
  const first = load<u8>(want);
  for (; i < places; i++) {
    if (lowerByte(load<u8>(text + i)) == first && equalFolded(text + i, want, n)) return 1;
  }
  return 0;
}
