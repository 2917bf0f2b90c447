// Reads JSON from front to back without building a tree: the caller walks objects and arrays in the order in which
// they are written and skips what it has no use for.
// In: a text, which may be hostile. Out: keys, texts, numbers. What is malformed ends the walk: `jsonFailed`.
//
//   if (enterObject()) for (let key = nextKey(); key != 0; key = nextKey()) …one of readText, readInt, skipValue…
//   if (enterArray()) while (nextElement()) …
//
// Depth costs no stack, and every byte is looked at a bounded number of times. A value of another kind than asked
// for is skipped and counts as missing. Texts with escapes are decoded into the scratch region; others stay in place.

import { commitScratch, scratchAt, scratchEnd } from "../memory/scratch";
import { NO_NUMBER, view, viewAt, viewBytes } from "./view";

// @ts-ignore: decorator
@inline const QUOTE: u8 = 34;

// @ts-ignore: decorator
@inline const COMMA: u8 = 44;

// @ts-ignore: decorator
@inline const COLON: u8 = 58;

// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 92;

// @ts-ignore: decorator
@inline const OPEN_ARRAY: u8 = 91;

// @ts-ignore: decorator
@inline const CLOSE_ARRAY: u8 = 93;

// @ts-ignore: decorator
@inline const OPEN_OBJECT: u8 = 123;

// @ts-ignore: decorator
@inline const CLOSE_OBJECT: u8 = 125;

let at: usize = 0;
let end: usize = 0;
let failed: bool = false;

/** Begins to read a text. */
export function startJson(text: u64): void {
  at = viewAt(text);
  end = at + viewBytes(text);
  failed = false;
}

export function jsonFailed(): bool {
  return failed;
}

function fail(): void {
  failed = true;
  at = end;
}

/** The byte that begins the next token; 0 at the end. */
function peek(): u8 {
  while (at < end) {
    const c = load<u8>(at);
    if (c != 32 && c != 9 && c != 10 && c != 13) return c;
    at++;
  }
  return 0;
}

/** Whether the next value is an object; anything else is skipped. */
export function enterObject(): bool {
  return enter(OPEN_OBJECT);
}

/** Whether the next value is an array; anything else is skipped. */
export function enterArray(): bool {
  return enter(OPEN_ARRAY);
}

function enter(open: u8): bool {
  if (peek() != open) {
    skipValue();
    return false;
  }
  at++;
  return true;
}

/** The next key of the object, its value being next; 0 when the object has ended. */
export function nextKey(): u64 {
  if (peek() == COMMA) at++;
  const c = peek();
  if (c == CLOSE_OBJECT) {
    at++;
    return 0;
  }
  const key: u64 = c == QUOTE ? string() : 0;
  if (peek() != COLON) {
    fail();
    return 0;
  }
  at++;
  return key;
}

/** Whether the array has another element, which is next. */
export function nextElement(): bool {
  if (peek() == COMMA) at++;
  const c = peek();
  if (c == 0) fail();
  else if (c != CLOSE_ARRAY) return true;
  else at++;
  return false;
}

/** A text; 0 when the value is none. */
export function readText(): u64 {
  if (peek() == QUOTE) return string();
  skipValue();
  return 0;
}

export function readTrue(): bool {
  const isTrue = peek() == 116; // t
  skipValue();
  return isTrue;
}

/** The whole part of a number; NO_NUMBER when the value is none. */
export function readInt(): i64 {
  const first = peek();
  const negative = first == 45;
  let digit = negative ? at + 1 : at;
  skipValue();
  let n: i64 = 0, digits = 0;
  for (; digit < at && load<u8>(digit) - 48 < 10 && digits < 18; digit++, digits++) {
    n = n * 10 + (load<u8>(digit) - 48);
  }
  return digits == 0 ? NO_NUMBER : negative ? -n : n;
}

/** Passes the next value, whatever it is and however deep. */
export function skipValue(): void {
  let depth: u32 = 0;
  do {
    const c = peek();
    if (c == QUOTE) {
      skipString();
    } else if (c == OPEN_OBJECT || c == OPEN_ARRAY) {
      depth++;
      at++;
    } else if (c == CLOSE_OBJECT || c == CLOSE_ARRAY) {
      if (depth == 0) return fail();
      depth--;
      at++;
    } else if (c == COMMA || c == COLON) {
      if (depth == 0) return fail();
      at++;
    } else if (c == 0) {
      return fail();
    } else {
      const from = at;
      while (at < end && isPlain(load<u8>(at))) at++;
      // a control character is part of nothing
      if (at == from) return fail();
    }
  } while (depth != 0);
}

/** Bytes of numbers, true, false and null. */
// @ts-ignore: decorator
@inline
function isPlain(c: u8): bool {
  return c > 32 && c != COMMA && c != COLON && c != QUOTE && (c | 32) != OPEN_OBJECT && (c | 32) != CLOSE_OBJECT;
}

/** Passes a text. @returns whether it holds escapes */
function skipString(): bool {
  let escapes = false;
  for (at++; at < end; at++) {
    const c = load<u8>(at);
    if (c == QUOTE) {
      at++;
      return escapes;
    }
    if (c == BACKSLASH) {
      escapes = true;
      at++;
    }
  }
  fail();
  return escapes;
}

function string(): u64 {
  const from = at + 1;
  const escapes = skipString();
  if (failed) return 0;
  return escapes ? decoded(from, at - 1) : view(from, at - 1 - from);
}

/** A text without its escapes, which are never shorter than what they mean. */
function decoded(from: usize, to: usize): u64 {
  const start = scratchAt();
  if (to - from > scratchEnd() - start) {
    fail();
    return 0;
  }
  let out = start;
  while (from < to) {
    const c = load<u8>(from++);
    if (c != BACKSLASH) {
      store<u8>(out++, c);
      continue;
    }
    const escape = load<u8>(from++);
    if (escape != 117 /* u */) {
      store<u8>(out++, control(escape));
      continue;
    }
    let point = hex4(from, to);
    from += 4;
    if ((point & 0xfc00) == 0xd800 && from + 6 <= to && load<u16>(from) == 0x755c) {
      const low = hex4(from + 2, to);
      if ((low & 0xfc00) == 0xdc00) {
        point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff);
        from += 6;
      }
    }
    out = putPoint(out, point);
  }
  commitScratch(out);
  return view(start, out - start);
}

/** What a backslash and this letter mean. */
function control(letter: u8): u8 {
  switch (letter) {
    case 98:
      return 8;
    case 102:
      return 12;
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    default:
      return letter;
  }
}

/** Four hexadecimal digits; U+FFFD when they are not all there. */
function hex4(from: usize, to: usize): u32 {
  if (from + 4 > to) return 0xfffd;
  let n: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const c = load<u8>(from + i);
    const letter: u8 = (c | 32) - 97;
    if (c - 48 < 10) n = (n << 4) | (c - 48);
    else if (letter < 6) n = (n << 4) | (letter + 10);
    else return 0xfffd;
  }
  return n;
}

/** A NUL is left out: it would end the text elsewhere. Half of a surrogate pair becomes U+FFFD. */
function putPoint(out: usize, p: u32): usize {
  const point: u32 = (p & 0xfffff800) == 0xd800 ? 0xfffd : p;
  if (point == 0) return out;
  if (point < 0x80) {
    store<u8>(out, <u8>point);
    return out + 1;
  }
  if (point < 0x800) {
    store<u8>(out, <u8>(0xc0 | (point >> 6)));
    store<u8>(out, <u8>(0x80 | (point & 63)), 1);
    return out + 2;
  }
  if (point < 0x10000) {
    store<u8>(out, <u8>(0xe0 | (point >> 12)));
    store<u8>(out, <u8>(0x80 | ((point >> 6) & 63)), 1);
    store<u8>(out, <u8>(0x80 | (point & 63)), 2);
    return out + 3;
  }
  store<u8>(out, <u8>(0xf0 | (point >> 18)));
  store<u8>(out, <u8>(0x80 | ((point >> 12) & 63)), 1);
  store<u8>(out, <u8>(0x80 | ((point >> 6) & 63)), 2);
  store<u8>(out, <u8>(0x80 | (point & 63)), 3);
  return out + 4;
}
