// The hash of texts that TypeScript and the matcher share (assembly/README.md): the sets in the rule
// constants are built with it by the compiler and looked up with it here.

import { viewAt, viewBytes } from "./view";

// @ts-ignore: decorator
@inline const FACTOR: u64 = 0x9E3779B97F4A7C15;

/** Little-endian word of the last `bytes` < 8 bytes at `at`; reads nothing beyond them. */
// @ts-ignore: decorator
@inline
export function tailWord(at: usize, bytes: usize): u64 {
  if (bytes >= 4) {
    const low = <u64>load<u32>(at);
    const high = <u64>load<u32>(at + bytes - 4);
    return low | (high << ((bytes - 4) << 3));
  }
  if (bytes == 0) return 0;
  // first, middle and last byte cover 1 … 3 bytes
  return <u64>load<u8>(at) | (<u64>load<u8>(at + (bytes >> 1)) << ((bytes >> 1) << 3)) |
    (<u64>load<u8>(at + bytes - 1) << ((bytes - 1) << 3));
}

export function hashBytes(at: usize, bytes: usize): u32 {
  let h: u64 = <u64>bytes * FACTOR;
  const end = at + (bytes & ~7);
  while (at < end) {
    h = (h ^ load<u64>(at)) * FACTOR;
    h ^= h >> 32;
    at += 8;
  }
  const rest = bytes & 7;
  if (rest != 0) {
    h = (h ^ tailWord(at, rest)) * FACTOR;
    h ^= h >> 32;
  }
  const low = <u32>(h ^ (h >> 15));
  return low == 0 ? 1 : low;
}

// @ts-ignore: decorator
@inline
export function hashOf(v: u64): u32 {
  return hashBytes(viewAt(v), viewBytes(v));
}
