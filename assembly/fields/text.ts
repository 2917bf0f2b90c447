// Interned strings as values of fields. A string that is not there is the empty text, which is a value: Falco
// prints "" for it, and a condition can compare it; only what cannot be extracted is missing.

import { EMPTY } from "../strings/literal";
import { viewOf } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";

export function textOf(s: u32): u64 {
  return s == 0 ? EMPTY : viewOf(s);
}

/** A NUL-separated list, stored without the NUL that ends it; one at the end begins an element without text. */
export function listOf(s: u32): u64 {
  return textOf(s);
}

/** How many elements a list has; `list` comes from listOf. */
export function listLength(list: u64): u32 {
  const bytes = viewBytes(list);
  if (bytes == 0) return 0;
  let n: u32 = 1;
  for (let i: usize = 0; i < bytes; i++) if (load<u8>(viewAt(list) + i) == 0) n++;
  return n;
}

/** Element `index` of a list; 0 when it has fewer. */
export function listElement(list: u64, index: u32): u64 {
  const end = viewAt(list) + viewBytes(list);
  if (viewBytes(list) == 0) return 0;
  let at = viewAt(list);
  while (true) {
    let to = at;
    while (to < end && load<u8>(to) != 0) to++;
    if (index == 0) return view(at, to - at);
    if (to == end) return 0;
    index--;
    at = to + 1;
  }
}
