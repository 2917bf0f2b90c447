// Setting a text of a thread: the new one is taken, the old one given back.

import { internView, release } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";

/** The string for `text`, in place of `old`, whose reference ends. */
export function replaced(old: u32, text: u64): u32 {
  const s = internView(text);
  release(old);
  return s;
}

/** In place of `old` a string that already has its reference. */
// @ts-ignore: decorator
@inline
export function swapped(old: u32, s: u32): u32 {
  release(old);
  return s;
}

/** ` (deleted)`, which the kernel appends to the path of a file that has been removed */
const DELETED = memory.data<u8>([32, 40, 100, 101, 108, 101, 116, 101, 100, 41]);

/** The path of an executable without the kernel's mark. */
export function withoutDeleted(path: u64): u64 {
  const bytes = viewBytes(path);
  if (bytes <= 10) return path;
  const tail = viewAt(path) + bytes - 10;
  return load<u64>(tail) == load<u64>(DELETED) && load<u16>(tail, 8) == load<u16>(DELETED, 8)
    ? view(viewAt(path), bytes - 10)
    : path;
}
