// Addresses: equality and membership in networks.
// In: views of 4 or 16 bytes in network order; net lists as the rule compiler wrote them. Families never mix:
// an IPv4 address is in no IPv6 network, as in Falco.

import { viewAt, viewBytes } from "../strings/view";
import { equalBytes } from "../memory/bytes";

export function ip_eq(v: u64, constant: u64): i32 {
  if (v == 0 || constant == 0) return 0;
  const bytes = viewBytes(v);
  return bytes == viewBytes(constant) && equalBytes(viewAt(v), viewAt(constant), bytes) ? 1 : 0;
}

// @ts-ignore: decorator
@inline
function samePrefix(a: usize, b: usize, bits: u32): bool {
  const whole = <usize>(bits >> 3), rest = bits & 7;
  if (!equalBytes(a, b, whole)) return false;
  return rest == 0 || ((load<u8>(a + whole) ^ load<u8>(b + whole)) >> <u8>(8 - rest)) == 0;
}

/** Net list: u32 count, u32 0, then per net {u32 addressBytes, u32 prefixBits, u8[16] address}. */
export function net_contains(v: u64, list: usize): i32 {
  if (v == 0) return 0;
  const bytes = <u32>viewBytes(v), at = viewAt(v);
  const count = load<u32>(list);
  for (let i: u32 = 0; i < count; i++) {
    const net = list + 8 + <usize>i * 24;
    if (load<u32>(net) == bytes && samePrefix(at, net + 8, min(load<u32>(net, 4), bytes << 3))) return 1;
  }
  return 0;
}
