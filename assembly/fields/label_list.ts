// Walks labels as they are kept: keys in ascending order, each followed by its value, NUL behind each.
// In: an interned list (state/parsers/labels.ts makes it). Out: one label at a time. One walk at a time.

import { str_eq } from "../match/compare";
import { view, viewAt, viewBytes } from "../strings/view";
import { textOf } from "./text";

let next: usize = 0;
let end: usize = 0;
/** the label that was read last */
export let labelKey: u64 = 0;
export let labelValue: u64 = 0;

export function startLabels(labels: u32): void {
  const list = textOf(labels);
  next = viewAt(list);
  end = next + viewBytes(list);
}

/** Reads the next label; false behind the last. */
export function nextLabel(): bool {
  if (next >= end) return false;
  labelKey = upToNul();
  labelValue = upToNul();
  return true;
}

function upToNul(): u64 {
  let to = next;
  while (to < end && load<u8>(to) != 0) to++;
  const text = view(next, to - next);
  next = to + 1;
  return text;
}

/** The value of the label with this key; 0 = there is none. */
export function labelOf(labels: u32, name: u64): u64 {
  startLabels(labels);
  while (nextLabel()) if (str_eq(labelKey, name) != 0) return labelValue;
  return 0;
}
