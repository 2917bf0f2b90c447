// Raw byte work under the comparison primitives: equality, order, ASCII case, all eight bytes at a time.
// In: addresses and lengths. Nothing here reads a byte outside of what it is given: the last bytes are read
// with a load that overlaps the previous one, or with exact small loads, since a text may end at the end of
// a ring's mapping.

/** Whether the `n` bytes at `a` and `b` are the same. */
export function equalBytes(a: usize, b: usize, n: usize): bool {
  if (n >= 8) {
    const last = n - 8;
    for (let i: usize = 0; i < last; i += 8) {
      if (load<u64>(a + i) != load<u64>(b + i)) return false;
    }
    return load<u64>(a + last) == load<u64>(b + last);
  }
  if (n >= 4) {
    return load<u32>(a) == load<u32>(b) && load<u32>(a + n - 4) == load<u32>(b + n - 4);
  }
  if (n >= 2) {
    return load<u16>(a) == load<u16>(b) && load<u16>(a + n - 2) == load<u16>(b + n - 2);
  }
  return n == 0 || load<u8>(a) == load<u8>(b);
}

/** Order of two byte strings as strcmp has it: −1, 0, 1. */
export function compareBytes(a: usize, aBytes: usize, b: usize, bBytes: usize): i32 {
  const n = min(aBytes, bBytes);
  let i: usize = 0;
  for (; i + 8 <= n; i += 8) {
    const x = load<u64>(a + i), y = load<u64>(b + i);
    if (x != y) return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
  }
  for (; i < n; i++) {
    const x = load<u8>(a + i), y = load<u8>(b + i);
    if (x != y) return x < y ? -1 : 1;
  }
  return aBytes == bBytes ? 0 : aBytes < bBytes ? -1 : 1;
}

// @ts-ignore: decorator
@inline
export function lowerByte(c: u8): u8 {
  return c - 65 < 26 ? c | 0x20 : c;
}

/** Eight bytes with ASCII capitals made small; other bytes stay. */
// @ts-ignore: decorator
@inline
export function lowerWord(w: u64): u64 {
  const low = w & 0x7f7f7f7f7f7f7f7f;
  const atLeastA = low + 0x3f3f3f3f3f3f3f3f; // bit 7 set from 'A' on
  const aboveZ = low + 0x2525252525252525; // bit 7 set beyond 'Z'
  const capitals = (atLeastA ^ aboveZ) & ~w & 0x8080808080808080;
  return w | (capitals >> 2);
}

/** Whether the `n` bytes at `a`, made small, are those at `lower`, which are small already. */
export function equalFolded(a: usize, lower: usize, n: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= n; i += 8) {
    if (lowerWord(load<u64>(a + i)) != load<u64>(lower + i)) return false;
  }
  for (; i < n; i++) {
    if (lowerByte(load<u8>(a + i)) != load<u8>(lower + i)) return false;
  }
  return true;
}

/** Address of the first byte `c` in `from … end`; `end` when there is none. */
export function findByte(from: usize, end: usize, c: u8): usize {
  const wanted = i8x16.splat(<i8>c);
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (hits != 0) return at + ctz(hits);
  }
  for (; at < end; at++) {
    if (load<u8>(at) == c) return at;
  }
  return end;
}

/** Address of the last byte `c` in `from … end`; `end` when there is none. */
export function findLastByte(from: usize, end: usize, c: u8): usize {
  for (let at = end; at > from; at--) {
    if (load<u8>(at - 1) == c) return at - 1;
  }
  return end;
}

/** Copies text; short texts without the call that memory.copy costs. */
export function copyBytes(to: usize, from: usize, n: usize): void {
  if (n > 32) {
    memory.copy(to, from, n);
    return;
  }
  let i: usize = 0;
  for (; i + 8 <= n; i += 8) store<u64>(to + i, load<u64>(from + i));
  for (; i < n; i++) store<u8>(to + i, load<u8>(from + i));
}
