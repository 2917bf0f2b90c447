// pmatch: whether one path of a list is a path-component prefix of a text. `/var/lo` is no prefix of
// `/var/log`, `/var` is one of it; `/` is one of everything. Empty components count for nothing, so doubled
// slashes and the leading slash do not matter. A component of the list that holds * ? or [ is a glob over one
// component of the text. Path list: u32 count, u32 0, then {u32 offset, u32 length}, then the bytes.

import { viewAt, viewBytes } from "../strings/view";
import { equalBytes, findByte } from "../memory/bytes";
import { globBytes } from "./glob";

export function str_pmatch(v: u64, list: usize): i32 {
  if (v == 0) return 0;
  const text = viewAt(v), end = text + viewBytes(v);
  const count = load<u32>(list);
  const head: u32 = viewBytes(v) < 2 ? 0 : load<u16>(text);
  const plain = isPlainHead(head);
  for (let i: u32 = 0; i < count; i++) {
    const entry = list + 8 + (<usize>i << 3);
    const path = list + load<u32>(entry), bytes = load<u32>(entry, 4), pathEnd = path + bytes;
    if (plain && bytes >= 2 && load<u16>(path) != head && isPlainHead(load<u16>(path))) continue;
    const quick = compareLiteral(path, pathEnd, text, end);
    if (quick == MATCH || (quick == UNSURE && isPrefix(path, pathEnd, text, end))) return 1;
  }
  return 0;
}

// @ts-ignore: decorator
@inline const MISMATCH: i32 = 0;
// @ts-ignore: decorator
@inline const MATCH: i32 = 1;
// @ts-ignore: decorator
@inline const UNSURE: i32 = 2;

/** The first two bytes of an absolute path that begins with a letter or the like: paths with others differ. */
// @ts-ignore: decorator
@inline
function isPlainHead(head: u32): bool {
  return (head & 0xff) == 47 && head >> 8 != 47 && !isGlobByte(<u8>(head >> 8));
}

/** Byte by byte, which decides nearly always and mostly after few bytes; unsure about globs and odd slashes. */
function compareLiteral(path: usize, pathEnd: usize, text: usize, end: usize): i32 {
  let before: u8 = 0, p = path, t = text;
  for (; p < pathEnd; p++, t++) {
    const c = load<u8>(p);
    if (isGlobByte(c) || (c == 47 && before == 47) || (p == path && c != 47)) return UNSURE;
    if (t == end || load<u8>(t) != c) {
      const odd = t == text || (t < end && load<u8>(t) == 47 && before == 47) || (t == end && c == 47);
      return odd ? UNSURE : MISMATCH;
    }
    before = c;
  }
  return t == end || before == 47 || load<u8>(t) == 47 ? MATCH : before == 0 ? UNSURE : MISMATCH;
}

// @ts-ignore: decorator
@inline
function isGlobByte(c: u8): bool {
  return c == 42 || c == 63 || c == 91;
}

// @ts-ignore: decorator
@inline
function skipSlashes(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) == 47) at++;
  return at;
}

function isPrefix(path: usize, pathEnd: usize, text: usize, end: usize): bool {
  let p = skipSlashes(path, pathEnd), t = skipSlashes(text, end);
  while (p < pathEnd) {
    const pNext = findByte(p, pathEnd, 47), tNext = findByte(t, end, 47);
    const pBytes = pNext - p, tBytes = tNext - t;
    if (tBytes == 0) return false;
    if (isGlob(p, pNext)) {
      if (!globBytes(t, tBytes, p, pBytes, false)) return false;
    } else if (pBytes != tBytes || !equalBytes(p, t, pBytes)) return false;
    p = skipSlashes(pNext, pathEnd);
    t = skipSlashes(tNext, end);
  }
  return true;
}

function isGlob(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) {
    if (isGlobByte(load<u8>(at))) return true;
  }
  return false;
}
