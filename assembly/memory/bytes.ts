// Raw byte work under the comparison primitives: equality, order, ASCII case, all eight bytes at a time.
// In: addresses and lengths. Nothing here reads a byte outside of what it is given: the last bytes are read
// with a load that overlaps the previous one, or with exact small loads, since a text may end at the end of
// a ring's mapping.

/** Whether the `n` bytes at `a` and `b` are the same. */
export function equalBytes(a: usize, b: usize, n: usize): bool {
  if (n >= 16) {
    const last = n - 16;
    for (let i: usize = 0; i < last; i += 16) {
      if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
    }
    return !v128.any_true(v128.xor(v128.load(a + last), v128.load(b + last)));
  }
  if (n >= 8) {
    return load<u64>(a) == load<u64>(b) && load<u64>(a + n - 8) == load<u64>(b + n - 8);
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
  let at = from;
  if (end - from >= 16) {
    const wanted = i8x16.splat(<i8>c), last = end - 16;
    while (true) {
      const hits = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
      if (hits != 0) return at + ctz(hits);
      if (at == last) return end;
      at = min(at + 16, last);
    }
  }
  while (at < end && load<u8>(at) != c) at++;
  return at;
}

/** Length of a C string in a run of at most `bytes`. */
// @ts-ignore: decorator
@inline
export function lengthToNul(at: usize, bytes: usize): usize {
  return findByte(at, at + bytes, 0) - at;
}

/** Address of the last byte `c` in `from … end`; `end` when there is none. */
export function findLastByte(from: usize, end: usize, c: u8): usize {
  if (end - from >= 16) {
    const wanted = i8x16.splat(<i8>c);
    let at = end - 16;
    while (true) {
      const hits = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
      if (hits != 0) return at + (31 - clz(hits));
      if (at == from) return end;
      at = at - from < 16 ? from : at - 16;
    }
  }
  for (let at = end; at > from; at--) {
    if (load<u8>(at - 1) == c) return at - 1;
  }
  return end;
}

/** Whether somewhere in `from … end` a byte `a` is followed by `b` or by `c`. */
// @ts-ignore: decorator
@inline
export function hasPair(from: usize, end: usize, a: u8, b: u8, c: u8 = b): bool {
  if (end - from > 16) {
    const firsts = i8x16.splat(<i8>a), second = i8x16.splat(<i8>b), other = i8x16.splat(<i8>c);
    const last = end - 17;
    for (let at = from;; at = min(at + 16, last)) {
      const next = v128.load(at + 1);
      const follows = v128.or(i8x16.eq(next, second), i8x16.eq(next, other));
      if (v128.any_true(v128.and(i8x16.eq(v128.load(at), firsts), follows))) return true;
      if (at == last) return false;
    }
  }
  for (let at = from; at + 1 < end; at++) {
    if (load<u8>(at) == a && (load<u8>(at + 1) == b || load<u8>(at + 1) == c)) return true;
  }
  return false;
}

/** Beyond this the call that memory.copy and memory.fill cost is worth it. */
const LONG_BYTES: usize = 256;

/** Copies bytes to a place that does not overlap theirs. */
export function copyBytes(to: usize, from: usize, n: usize): void {
  if (n >= 16) {
    if (n > LONG_BYTES) {
      memory.copy(to, from, n);
      return;
    }
    const last = n - 16;
    for (let i: usize = 0; i < last; i += 16) v128.store(to + i, v128.load(from + i));
    v128.store(to + last, v128.load(from + last));
  } else if (n >= 8) {
    const tail = load<u64>(from + n - 8);
    store<u64>(to, load<u64>(from));
    store<u64>(to + n - 8, tail);
  } else if (n >= 4) {
    const tail = load<u32>(from + n - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + n - 4, tail);
  } else {
    for (let i: usize = 0; i < n; i++) store<u8>(to + i, load<u8>(from + i));
  }
}

/** Fills with zeros; `n` is a multiple of 8. */
export function clearBytes(at: usize, n: usize): void {
  if (n > LONG_BYTES) {
    memory.fill(at, 0, n);
    return;
  }
  const end = at + n;
  if ((n & 8) != 0) {
    store<u64>(at, 0);
    at += 8;
  }
  for (; at < end; at += 16) v128.store(at, i64x2.splat(0));
}
