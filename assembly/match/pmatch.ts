// pmatch: whether one path of a list is a path-component prefix of a text. `/var/lo` is no prefix of
// `/var/log`, `/var` is one of it; `/` is one of everything. Empty components count for nothing, so doubled
// slashes and the leading slash do not matter. A component of the list that holds * ? or [ is a glob over one
// component of the text. Path list: u32 count, u32 0, then {u32 offset, u32 length}, then the bytes.

import { viewAt, viewBytes } from "../strings/view";
import { equalBytes, findByte } from "./bytes";
import { globBytes } from "./glob";

export function str_pmatch(v: u64, list: usize): i32 {
  if (v == 0) return 0;
  const text = viewAt(v), end = text + viewBytes(v);
  const count = load<u32>(list);
  for (let i: u32 = 0; i < count; i++) {
    const entry = list + 8 + (<usize>i << 3);
    const path = list + load<u32>(entry);
    if (isPrefix(path, path + load<u32>(entry, 4), text, end)) return 1;
  }
  return 0;
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
    const c = load<u8>(at);
    if (c == 42 || c == 63 || c == 91) return true;
  }
  return false;
}
