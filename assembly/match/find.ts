// Searching a text with a small regular expression, as the arguments of container.mount… are read.
// In: a text and an expression. Out: whether the expression occurs anywhere in the text.
//
//   c  the byte c    .  any byte    [abc] [a-z] [^a]  one of a set    \c  the byte c    ^ $  begin and end
//   * + ?  the element before any number of times, once or more, at most once
//
// Falco reads these arguments as such expressions, though its manual speaks of globs: `/proc*` is found in /proc and in
// /hostproc. Alternatives and groups are not supported: their signs match themselves. A star at the beginning, as
// only a glob has it, matches anything. All positions of the expression that could match next are bits of one
// number, so the time is bounded by text × expression; what follows 63 elements is ignored.

import { viewAt, viewBytes } from "../strings/view";

// @ts-ignore: decorator
@inline const MOST: u32 = 63;

/** of each element: where it is written, and how it repeats (the byte * + or ?, else 0) */
const elementAt: usize = memory.data(63 * 4, 8);
const repeats: usize = memory.data(63, 8);
let elements: u32 = 0;
let atBegin: bool = false;
let atEnd: bool = false;

export function str_find(text: u64, expression: u64): bool {
  compile(expression);
  const accepting: u64 = <u64>1 << elements;
  const last = viewAt(expression) + viewBytes(expression);
  const end = viewAt(text) + viewBytes(text);
  let at = viewAt(text);
  let active = reach(1);
  while (true) {
    if ((active & accepting) != 0 && (!atEnd || at == end)) return true;
    if (at >= end) return false;
    const byte = load<u8>(at++);
    let after: u64 = atBegin ? 0 : 1;
    for (let left = active & (accepting - 1); left != 0; left &= left - 1) {
      const i = <u32>ctz(left);
      if (!fits(byte, load<u32>(elementAt + (<usize>i << 2)), last)) continue;
      const repeat = load<u8>(repeats + i);
      after |= <u64>2 << i;
      if (repeat == 42 || repeat == 43) after |= <u64>1 << i;
    }
    active = reach(after);
  }
}

/** Adds what follows elements that may be left out. */
function reach(active: u64): u64 {
  for (let i: u32 = 0; i < elements; i++) {
    const repeat = load<u8>(repeats + i);
    if ((active >> i & 1) != 0 && (repeat == 42 || repeat == 63)) active |= <u64>2 << i;
  }
  return active;
}

function compile(expression: u64): void {
  let at = viewAt(expression);
  const end = at + viewBytes(expression);
  elements = 0;
  atBegin = at < end && load<u8>(at) == 94;
  if (atBegin) at++;
  atEnd = false;
  while (at < end && elements < MOST) {
    const c = load<u8>(at);
    if (c == 36 && at + 1 == end) {
      atEnd = true;
      return;
    }
    if (isRepeat(c)) {
      // there is nothing that it could repeat
      at++;
      continue;
    }
    store<u32>(elementAt + (<usize>elements << 2), <u32>at);
    at = behind(at, end);
    const repeat: u8 = at < end && isRepeat(load<u8>(at)) ? load<u8>(at++) : 0;
    store<u8>(repeats + elements, repeat);
    elements++;
  }
}

// @ts-ignore: decorator
@inline
function isRepeat(c: u8): bool {
  return c == 42 || c == 43 || c == 63;
}

/** Where the element at `at` ends; a set that is not closed is the sign that opens it. */
function behind(at: usize, end: usize): usize {
  const c = load<u8>(at);
  if (c == 92 && at + 1 < end) return at + 2;
  if (c == 91) {
    const close = closeOf(at, end);
    if (close != 0) return close + 1;
  }
  return at + 1;
}

/** Where the set that opens at `at` is closed; 0 = nowhere. */
function closeOf(at: usize, end: usize): usize {
  let close = at + 1;
  if (close < end && load<u8>(close) == 94) close++;
  // a bracket that comes first is one of the set
  for (close++; close < end; close++) if (load<u8>(close) == 93) return close;
  return 0;
}

/** Whether the byte fits the element that is written at `at`. */
function fits(byte: u8, at: usize, end: usize): bool {
  const c = load<u8>(at);
  if (c == 46) return true;
  if (c == 92 && at + 1 < end) return byte == load<u8>(at + 1);
  const close: usize = c == 91 ? closeOf(at, end) : 0;
  return close == 0 ? byte == c : isInSet(byte, at + 1, close);
}

function isInSet(byte: u8, from: usize, to: usize): bool {
  const negated = load<u8>(from) == 94;
  for (let at = negated ? from + 1 : from; at < to; at++) {
    const low = load<u8>(at);
    let high = low;
    if (at + 2 < to && load<u8>(at + 1) == 45) {
      high = load<u8>(at + 2);
      at += 2;
    }
    if (low <= byte && byte <= high) return !negated;
  }
  return negated;
}
