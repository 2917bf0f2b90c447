// The field that is about nothing in particular.

let count: u64 = 0;

/** One more each time it is asked for. */
export function util_cnt(): i64 {
  return <i64>++count;
}
