// A view is how every text, byte buffer and address travels through the matcher and the generated rule
// code: one u64, `(length << 32) | address`. 0 means "no value"; an empty text has an address and no length.
// A view owns nothing: it is good as long as what it points at (an event, the scratch region, an interned
// string, a rule constant).

// @ts-ignore: decorator
@inline export const MISSING: u64 = 0;

/** What an integer extractor returns when there is no value. */
// @ts-ignore: decorator
@inline export const NO_NUMBER: i64 = i64.MIN_VALUE;

// @ts-ignore: decorator
@inline
export function view(at: usize, bytes: usize): u64 {
  return (<u64>bytes << 32) | <u64>at;
}

// @ts-ignore: decorator
@inline
export function viewAt(v: u64): usize {
  return <usize>(<u32>v);
}

// @ts-ignore: decorator
@inline
export function viewBytes(v: u64): usize {
  return <usize>(v >> 32);
}
