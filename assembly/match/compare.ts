// Comparison primitives over whole texts: =, !=, <, startswith, endswith.
// In: views; a missing one makes the answer false. Called by the generated rule code.

import { viewAt, viewBytes } from "../strings/view";
import { compareBytes, equalBytes } from "../memory/bytes";

/** `v = constant` */
export function str_eq(v: u64, constant: u64): i32 {
  if (v == 0 || constant == 0) return 0;
  const bytes = viewBytes(v);
  return bytes == viewBytes(constant) && equalBytes(viewAt(v), viewAt(constant), bytes) ? 1 : 0;
}

/** `v != constant`: both are there and differ */
export function str_ne(v: u64, constant: u64): i32 {
  if (v == 0 || constant == 0) return 0;
  return str_eq(v, constant) ^ 1;
}

/** strcmp's order; both must be there */
export function str_compare(a: u64, b: u64): i32 {
  return compareBytes(viewAt(a), viewBytes(a), viewAt(b), viewBytes(b));
}

export function str_startswith(v: u64, prefix: u64): i32 {
  if (v == 0 || prefix == 0) return 0;
  const bytes = viewBytes(prefix);
  return bytes <= viewBytes(v) && equalBytes(viewAt(v), viewAt(prefix), bytes) ? 1 : 0;
}

export function str_endswith(v: u64, suffix: u64): i32 {
  if (v == 0 || suffix == 0) return 0;
  const bytes = viewBytes(suffix);
  const all = viewBytes(v);
  return bytes <= all && equalBytes(viewAt(v) + all - bytes, viewAt(suffix), bytes) ? 1 : 0;
}
