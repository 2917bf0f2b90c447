// Data that was read or written, as text: bytes that cannot be printed become dots. Puts into the open text.

import { viewAt, viewBytes } from "../strings/view";
import { putByte } from "../strings/writer";

export function putData(v: u64): void {
  const at = viewAt(v), bytes = viewBytes(v);
  for (let i: usize = 0; i < bytes; i++) {
    const c = load<u8>(at + i);
    putByte(c - 32 < 95 ? c : 46);
  }
}
