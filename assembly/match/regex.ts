// regex: runs the table that rules/regex made. The whole text has to match, one step for each byte.
// Table: u32 states, u32 classes, u8 classOf[256], u16 next[states × classes], u8 accept[states];
// state 0 is dead, state 1 the start.

import { viewAt, viewBytes } from "../strings/view";

export function str_regex(v: u64, table: usize): i32 {
  if (v == 0) return 0;
  const states = load<u32>(table), classes = load<u32>(table, 4);
  const classOf = table + 8, next = classOf + 256;
  const end = viewAt(v) + viewBytes(v);
  let state: u32 = 1;
  for (let at = viewAt(v); at < end; at++) {
    state = load<u16>(next + (<usize>(state * classes + load<u8>(classOf + load<u8>(at))) << 1));
    if (state == 0) return 0;
  }
  return load<u8>(next + (<usize>(states * classes) << 1) + state) != 0 ? 1 : 0;
}
