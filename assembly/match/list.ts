// Lists of texts, such as fd.types: a view of `u32 count, u32 0`, then a view for each element.
// A list without elements has no value.

import { takeScratch } from "../memory/scratch";
import { begin, finish, putText } from "../strings/writer";
import { NO_NUMBER, view, viewAt } from "../strings/view";
import { copyBytes } from "../memory/bytes";
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

/** The list without elements; `list_add` puts more into it. */
export function list_empty(): u64 {
  const at = takeScratch(8);
  if (at == 0) return 0;
  store<u64>(at, 0);
  return view(at, 8);
}

/** A list with one element more, a copy: values in parentheses, where a transformer takes a list. */
export function list_add(list: u64, item: u64): u64 {
  if (list == 0 || item == 0) return 0;
  const count = length(list), bytes: usize = 8 + (<usize>count << 3);
  const at = takeScratch(bytes + 8);
  if (at == 0) return 0;
  copyBytes(at, viewAt(list), bytes);
  store<u32>(at, count + 1);
  store<u64>(at + bytes, item);
  return view(at, bytes + 8);
}
