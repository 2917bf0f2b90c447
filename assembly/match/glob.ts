// glob and iglob: fnmatch with flags 0 (or case folding) in the C locale.
//   *  any bytes, '/' and leading dots included    ?  any byte    \c  the byte c
//   [abc] [a-z] [!a] [^a] [[:alpha:]]  one byte of a set; an unclosed '[' matches itself
// Only the last star is ever tried again, so the time is bounded by text × pattern.

import { viewAt, viewBytes } from "../strings/view";
import { equalBytes, lowerByte } from "../memory/bytes";

/** where the pattern goes on after the bracket that `inBracket` evaluated; 0 when the bracket is not closed */
let afterBracket: usize = 0;

export function str_glob(v: u64, pattern: u64): i32 {
  if (v == 0 || pattern == 0) return 0;
  return globBytes(viewAt(v), viewBytes(v), viewAt(pattern), viewBytes(pattern), false) ? 1 : 0;
}

export function str_iglob(v: u64, pattern: u64): i32 {
  if (v == 0 || pattern == 0) return 0;
  return globBytes(viewAt(v), viewBytes(v), viewAt(pattern), viewBytes(pattern), true) ? 1 : 0;
}

export function globBytes(text: usize, bytes: usize, pattern: usize, patternBytes: usize, fold: bool): bool {
  const end = text + bytes, patternEnd = pattern + patternBytes;
  let at = text, p = pattern;
  let starPattern: usize = 0, starText: usize = 0;
  while (true) {
    if (p < patternEnd && load<u8>(p) == 42 /* * */) {
      p++;
      if (p == patternEnd) return true;
      starPattern = p;
      starText = at;
      continue;
    }
    if (at < end && p < patternEnd) {
      const next = step(load<u8>(at), p, patternEnd, fold);
      if (next != 0) {
        p = next;
        at++;
        continue;
      }
    } else if (at == end && p == patternEnd) return true;
    if (starPattern == 0 || starText >= end) return false;
    at = ++starText;
    p = starPattern;
  }
}

/** Where the pattern goes on when its element at `p` fits the byte; 0 when it does not fit. */
function step(byte: u8, p: usize, end: usize, fold: bool): usize {
  const c = load<u8>(p);
  if (c == 63 /* ? */) return p + 1;
  if (c == 91 /* [ */) {
    const fits = inBracket(byte, p + 1, end, fold);
    if (afterBracket != 0) return fits ? afterBracket : 0;
  } else if (c == 92 /* \ */) {
    // a backslash at the end of the pattern fits nothing
    if (p + 1 >= end) return 0;
    return same(byte, load<u8>(p + 1), fold) ? p + 2 : 0;
  }
  return same(byte, c, fold) ? p + 1 : 0;
}

// @ts-ignore: decorator
@inline
function same(a: u8, b: u8, fold: bool): bool {
  return a == b || (fold && lowerByte(a) == lowerByte(b));
}

/** Evaluates the bracket whose first byte after '[' is at `p`, and finds its end. */
function inBracket(byte: u8, p: usize, end: usize, fold: bool): bool {
  afterBracket = 0;
  const folded = fold ? lowerByte(byte) : byte;
  let negated = false, found = false, first = true;
  if (p < end && (load<u8>(p) == 33 /* ! */ || load<u8>(p) == 94 /* ^ */)) {
    negated = true;
    p++;
  }
  while (p < end) {
    let c = load<u8>(p++);
    if (c == 93 /* ] */ && !first) {
      afterBracket = p;
      return found != negated;
    }
    first = false;
    if (c == 91 && p < end && load<u8>(p) == 58 /* [: */) {
      const close = classEnd(p + 1, end);
      if (close != 0) {
        // a class is about the byte as it is: [[:lower:]] stays lower case even when case does not count
        if (inClass(byte, p + 1, close - p - 1)) found = true;
        p = close + 2;
        continue;
      }
    }
    if (c == 92) {
      if (p >= end) return false;
      c = load<u8>(p++);
    }
    if (fold) c = lowerByte(c);
    if (p + 1 < end && load<u8>(p) == 45 /* - */ && load<u8>(p + 1) != 93) {
      p++;
      let last = load<u8>(p++);
      if (last == 92) {
        if (p >= end) return false;
        last = load<u8>(p++);
      }
      if (fold) last = lowerByte(last);
      if (c <= folded && folded <= last) found = true;
    } else if (c == folded) found = true;
  }
  return false;
}

/** Where `:]` closes the class name at `p`; 0 when there is no class name. */
function classEnd(p: usize, end: usize): usize {
  for (; p + 1 < end; p++) {
    const c = load<u8>(p);
    if (c == 58) return load<u8>(p + 1) == 93 ? p : 0;
    if (c - 97 >= 26) return 0;
  }
  return 0;
}

const NAMES = memory.data<u8>([
  97, 108, 110, 117, 109, 97, 108, 112, 104, 97, 98, 108, 97, 110, 107, 99, 110, 116, 114, 108, 100, 105, 103, 105, 116,
  103, 114, 97, 112, 104, 108, 111, 119, 101, 114, 112, 114, 105, 110, 116, 112, 117, 110, 99, 116, 115, 112, 97, 99,
  101, 117, 112, 112, 101, 114, 120, 100, 105, 103, 105, 116,
]);

/** Whether a byte is in the class whose name is at `name`: alnum, alpha, blank, … */
function inClass(c: u8, name: usize, bytes: usize): bool {
  if (bytes == 6) return equalBytes(name, NAMES + 55, 6) && (digit(c) || (c | 0x20) - 97 < 6); // xdigit
  if (bytes != 5) return false;
  if (equalBytes(name, NAMES, 5)) return alpha(c) || digit(c); // alnum
  if (equalBytes(name, NAMES + 5, 5)) return alpha(c); // alpha
  if (equalBytes(name, NAMES + 10, 5)) return c == 32 || c == 9; // blank
  if (equalBytes(name, NAMES + 15, 5)) return c < 32 || c == 127; // cntrl
  if (equalBytes(name, NAMES + 20, 5)) return digit(c); // digit
  if (equalBytes(name, NAMES + 25, 5)) return c > 32 && c < 127; // graph
  if (equalBytes(name, NAMES + 30, 5)) return c - 97 < 26; // lower
  if (equalBytes(name, NAMES + 35, 5)) return c >= 32 && c < 127; // print
  if (equalBytes(name, NAMES + 40, 5)) return c > 32 && c < 127 && !alpha(c) && !digit(c); // punct
  if (equalBytes(name, NAMES + 45, 5)) return c == 32 || c - 9 < 5; // space
  return equalBytes(name, NAMES + 50, 5) && c - 65 < 26; // upper
}

// @ts-ignore: decorator
@inline
function alpha(c: u8): bool {
  return (c | 0x20) - 97 < 26;
}

// @ts-ignore: decorator
@inline
function digit(c: u8): bool {
  return c - 48 < 10;
}
