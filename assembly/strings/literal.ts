// Fixed texts as views. AssemblyScript keeps its string literals as UTF-16; a text that a field returns has to
// be bytes, so `literal` copies it once, when the module starts, into a small static pool.

import { view } from "./view";
import { putByte } from "./writer";

// @ts-ignore: decorator
@inline const POOL_BYTES: usize = 8192;
const pool: usize = memory.data(8192);
let used: usize = 0;

/** View of an ASCII text; only for the initializers of constants. */
export function literal(text: string): u64 {
  const bytes = <usize>text.length;
  if (used + bytes > POOL_BYTES) unreachable();
  const at = pool + used;
  for (let i: usize = 0; i < bytes; i++) store<u8>(at + i, load<u8>(changetype<usize>(text) + (i << 1)));
  used += bytes;
  return view(at, bytes);
}

/** Appends an ASCII text to the open text. */
export function putLiteral(text: string): void {
  const bytes = <usize>text.length;
  for (let i: usize = 0; i < bytes; i++) putByte(load<u8>(changetype<usize>(text) + (i << 1)));
}

export const EMPTY = literal("");
export const NOT_AVAILABLE = literal("<NA>");
