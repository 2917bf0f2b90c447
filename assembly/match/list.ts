// Lists of texts, such as fd.types: a view of `u32 count, u32 0`, then a view for each element.
// A list without elements has no value.

import { begin, finish, putText } from "../render/writer";
import { NO_NUMBER, viewAt } from "../strings/view";
import { str_in } from "./sets";

// @ts-ignore: decorator
@inline
function length(list: u64): u32 {
  return load<u32>(viewAt(list));
}

// @ts-ignore: decorator
@inline
function element(list: u64, i: u32): u64 {
  return load<u64>(viewAt(list) + 8 + (<usize>i << 3));
}

/** `list in (…)`: every element is in the set. */
export function list_in(list: u64, set: usize): i32 {
  if (list == 0) return 0;
  for (let i: u32 = 0; i < length(list); i++) {
    if (str_in(element(list, i), set) == 0) return 0;
  }
  return length(list) != 0 ? 1 : 0;
}

/** `list intersects (…)`: one element is. */
export function list_intersects(list: u64, set: usize): i32 {
  if (list == 0) return 0;
  for (let i: u32 = 0; i < length(list); i++) {
    if (str_in(element(list, i), set) != 0) return 1;
  }
  return 0;
}

export function list_len(list: u64): i64 {
  return list == 0 ? NO_NUMBER : <i64>length(list);
}

export function list_join(separator: u64, list: u64): u64 {
  if (separator == 0 || list == 0) return 0;
  begin();
  for (let i: u32 = 0; i < length(list); i++) {
    if (i != 0) putText(separator);
    putText(element(list, i));
  }
  return finish();
}
