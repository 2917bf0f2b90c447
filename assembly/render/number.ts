// Numbers in event parameters: read by their length, written in the format that the schema names.

import { PF_HEX, PF_OCT, PF_PADDED_DEC } from "../generated/tables";
import { viewAt, viewBytes } from "../strings/view";
import { putByte, putInt, putPadded, putUnsigned } from "../strings/writer";

/** The unsigned number in 1, 2, 4 or 8 bytes; 0 for other lengths, which no sane event has. */
export function readNumber(v: u64): u64 {
  const at = viewAt(v), bytes = viewBytes(v);
  if (bytes == 4) return load<u32>(at);
  if (bytes == 8) return load<u64>(at);
  if (bytes == 2) return load<u16>(at);
  return bytes == 1 ? load<u8>(at) : 0;
}

/** The same with the sign of its length. */
export function readSigned(v: u64): i64 {
  const at = viewAt(v), bytes = viewBytes(v);
  if (bytes == 8) return load<i64>(at);
  if (bytes == 4) return load<i32>(at);
  if (bytes == 2) return load<i16>(at);
  return bytes == 1 ? load<i8>(at) : 0;
}

/** Decimal, octal with a leading 0, or hexadecimal in capitals; the last two are unsigned in `bytes` bytes. */
export function putFormatted(n: i64, bytes: u32, format: u32): void {
  if (format == PF_PADDED_DEC) return putPadded(<u64>n, 9);
  if (format != PF_HEX && format != PF_OCT) return putInt(n);
  const bits = bytes < 8 ? <u64>n & 0xffffffff : <u64>n;
  if (format == PF_HEX) return putUnsigned(bits, 16);
  if (bits != 0) putByte(48);
  putUnsigned(bits, 8);
}
