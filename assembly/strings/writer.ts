// Builds one text at a time in the scratch region: begin, put …, finish. The text lives until the event is
// done. In: parts of a text. Out: a view. A text that meets the region's end is cut and counted, never written past it.
// Only one text can be open; what is put must have been made before `begin`.

import { copyBytes } from "../memory/bytes";
import { commitScratch, countScratchOverflow, scratchAt, scratchEnd } from "../memory/scratch";
import { view, viewAt, viewBytes } from "./view";

let start: usize = 0;
let at: usize = 0;
let end: usize = 0;
let overflow: bool = false;

export function begin(): void {
  start = scratchAt();
  at = start;
  end = scratchEnd();
  overflow = false;
}

/** Ends the text; `finish` without any part is an empty text, not a missing one. */
export function finish(): u64 {
  commitScratch(at);
  if (overflow) countScratchOverflow();
  return view(start, at - start);
}

/** Bytes written since `begin`. */
export function written(): usize {
  return at - start;
}

/** Takes back what was written after the first `bytes` bytes. */
export function cutTo(bytes: usize): void {
  at = start + bytes;
}

/** The last byte written; 0 when there is none. */
export function lastByte(): u8 {
  return at > start ? load<u8>(at - 1) : 0;
}

export function putByte(c: u8): void {
  if (at >= end) {
    overflow = true;
    return;
  }
  store<u8>(at++, c);
}

export function putBytes(from: usize, bytes: usize): void {
  if (bytes > end - at) {
    overflow = true;
    bytes = end - at;
  }
  copyBytes(at, from, bytes);
  at += bytes;
}

export function putText(v: u64): void {
  putBytes(viewAt(v), viewBytes(v));
}

/** A text with every NUL replaced: joins a list whose elements NUL separates. */
export function putJoined(v: u64, separator: u8): void {
  let bytes = viewBytes(v);
  const from = viewAt(v);
  if (bytes > end - at) {
    overflow = true;
    bytes = end - at;
  }
  const zero = i8x16.splat(0), mark = i8x16.splat(<i8>separator);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const block = v128.load(from + i);
    v128.store(at + i, v128.or(block, v128.and(i8x16.eq(block, zero), mark)));
  }
  for (; i < bytes; i++) {
    const c = load<u8>(from + i);
    store<u8>(at + i, c == 0 ? separator : c);
  }
  at += bytes;
}

const digits = memory.data(24);

/** Unsigned number in a base up to 16, capital letters. */
export function putUnsigned(n: u64, base: u32 = 10): void {
  let i: usize = 24;
  do {
    const digit = <u8>(n % base);
    n /= base;
    store<u8>(digits + --i, digit < 10 ? 48 + digit : 55 + digit);
  } while (n != 0);
  putBytes(digits + i, 24 - i);
}

export function putInt(n: i64): void {
  if (n < 0) {
    putByte(45);
    putUnsigned(0 - <u64>n);
  } else putUnsigned(<u64>n);
}

/** Decimal with leading zeros up to `width` digits. */
export function putPadded(n: u64, width: u32): void {
  let limit: u64 = 1;
  for (let i: u32 = 1; i < width; i++) limit *= 10;
  for (; limit > 1 && n < limit; limit /= 10) putByte(48);
  putUnsigned(n);
}

/** Small letters, no leading zeros. */
export function putHexSmall(n: u64): void {
  let shift: u64 = 64;
  while (shift > 4 && (n >> (shift - 4)) == 0) shift -= 4;
  while (shift != 0) {
    shift -= 4;
    const digit = <u8>(n >> shift & 15);
    putByte(digit < 10 ? 48 + digit : 87 + digit);
  }
}
