// Transformers of the rule language: tolower, toupper, basename, b64, concat, len.
// In: views, missing ones give a missing result. Out: views into the scratch region, or into the input.

import { takeScratch } from "../memory/scratch";
import { begin, finish, putInt, putUnsigned } from "../strings/writer";
import { NO_NUMBER, view, viewAt, viewBytes } from "../strings/view";
import { copyBytes, findLastByte, lowerByte } from "../memory/bytes";

export function text_lower(v: u64): u64 {
  if (v == 0) return 0;
  const bytes = viewBytes(v), to = takeScratch(bytes);
  if (to == 0) return 0;
  for (let i: usize = 0; i < bytes; i++) store<u8>(to + i, lowerByte(load<u8>(viewAt(v) + i)));
  return view(to, bytes);
}

export function text_upper(v: u64): u64 {
  if (v == 0) return 0;
  const bytes = viewBytes(v), to = takeScratch(bytes);
  if (to == 0) return 0;
  for (let i: usize = 0; i < bytes; i++) {
    const c = load<u8>(viewAt(v) + i);
    store<u8>(to + i, c - 97 < 26 ? c ^ 0x20 : c);
  }
  return view(to, bytes);
}

/** What follows the last slash; the whole text when there is none. */
export function text_basename(v: u64): u64 {
  if (v == 0) return 0;
  const at = viewAt(v), end = at + viewBytes(v);
  const slash = findLastByte(at, end, 47);
  return slash == end ? v : view(slash + 1, end - slash - 1);
}

/** Value of a base64 digit; 255 for other bytes. */
function digitOf(c: u8): u32 {
  if (c - 65 < 26) return c - 65;
  if (c - 97 < 26) return c - 71;
  if (c - 48 < 10) return c + 4;
  return c == 43 ? 62 : c == 47 ? 63 : 255;
}

/** Decodes base64; a text that is none has no value. */
export function text_b64_decode(v: u64): u64 {
  if (v == 0) return 0;
  const at = viewAt(v);
  let bytes = viewBytes(v);
  // padding is optional, but what is there has to be at the end
  if (bytes > 0 && load<u8>(at + bytes - 1) == 61) bytes--;
  if (bytes > 0 && load<u8>(at + bytes - 1) == 61) bytes--;
  if ((bytes & 3) == 1) return 0;
  const to = takeScratch(bytes);
  if (to == 0) return 0;
  let bits: u32 = 0, held: u32 = 0, n: usize = 0;
  for (let i: usize = 0; i < bytes; i++) {
    const digit = digitOf(load<u8>(at + i));
    if (digit > 63) return 0;
    bits = (bits << 6) | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      store<u8>(to + n++, <u8>(bits >> held));
    }
  }
  return view(to, n);
}

export function text_concat2(a: u64, b: u64): u64 {
  if (a == 0 || b == 0) return 0;
  const first = viewBytes(a), second = viewBytes(b);
  const to = takeScratch(first + second);
  if (to == 0) return 0;
  copyBytes(to, viewAt(a), first);
  copyBytes(to + first, viewAt(b), second);
  return view(to, first + second);
}

/** A number as text, for lists of texts that hold one. */
export function text_int(n: i64): u64 {
  if (n == NO_NUMBER) return 0;
  begin();
  putInt(n);
  return finish();
}

export function text_uint(n: i64): u64 {
  if (n == NO_NUMBER) return 0;
  begin();
  putUnsigned(<u64>n);
  return finish();
}

export function text_len(v: u64): i64 {
  return v == 0 ? NO_NUMBER : <i64>viewBytes(v);
}
