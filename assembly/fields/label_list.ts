// Walks labels as they are kept: keys in ascending order, each followed by its value, NUL after each.
// In: an interned list (state/parsers/labels.ts makes it). Out: one label at a time.

import { str_eq } from "../match/compare";
import { view, viewAt, viewBytes } from "../strings/view";
import { textOf } from "./text";

@unmanaged
export class Labels {
  next: u32;
  end: u32;
  /** of the label that was read last */
  key: u64;
  value: u64;

  /** Begins a walk; what it points at lives as long as the interned list. */
  start(labels: u32): void {
    const list = textOf(labels);
    this.next = <u32>viewAt(list);
    this.end = <u32>(viewAt(list) + viewBytes(list));
  }

  /** Reads the next label; false after the last one. */
  read(): bool {
    if (this.next >= this.end) return false;
    this.key = this.upToNul();
    this.value = this.upToNul();
    return true;
  }

  upToNul(): u64 {
    const from: usize = this.next;
    let to = from;
    while (to < <usize>this.end && load<u8>(to) != 0) to++;
    this.next = <u32>to + 1;
    return view(from, to - from);
  }
}

/** Bytes of a walk in static memory. */
// @ts-ignore: decorator
@inline export const LABELS_BYTES: i32 = 24;

const all = changetype<Labels>(memory.data(LABELS_BYTES, 8));

/** The value of the label with this key; 0 = there is none. */
export function labelOf(labels: u32, name: u64): u64 {
  all.start(labels);
  while (all.read()) if (str_eq(all.key, name) != 0) return all.value;
  return 0;
}
