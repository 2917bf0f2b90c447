// Interned strings: one copy of each comm, path, argument list, so that equal texts are equal addresses and a
// thread costs little more than its numbers. Counted references; a string goes with its last one.
// A string is the address of its bytes; its header lies before them. 0 stands for "none", which is the empty text.

import { count, countMany, uncount, uncountMany } from "../counters";
import { COUNT_STRING_BYTES, COUNT_STRINGS } from "../generated/layout";
import { allocate, allocateZeroed, free } from "../memory/heap";
import { equalBytes } from "../match/bytes";
import { hashBytes } from "./hash";
import { MISSING, view, viewAt, viewBytes } from "./view";

// header, at negative offsets from the bytes
// @ts-ignore: decorator
@inline const HEADER: usize = 16;

// @ts-ignore: decorator
@inline const NEXT: usize = 0;

// @ts-ignore: decorator
@inline const HASH: usize = 4;

// @ts-ignore: decorator
@inline const REFS: usize = 8;

// @ts-ignore: decorator
@inline const LENGTH: usize = 12;

const FIRST_BUCKETS: u32 = 1 << 13;

let buckets: usize = 0;
let bucketMask: u32 = 0;
let strings: u32 = 0;

export function initStrings(): void {
  buckets = allocateZeroed(FIRST_BUCKETS << 2);
  bucketMask = buckets == 0 ? 0 : FIRST_BUCKETS - 1;
  strings = 0;
}

/** The string with these bytes, its count raised by one; 0 for the empty text and when there is no room. */
export function intern(at: usize, bytes: usize): u32 {
  if (bytes == 0 || buckets == 0) return 0;
  const hash = hashBytes(at, bytes);
  const bucket = buckets + (<usize>(hash & bucketMask) << 2);
  for (let s: usize = load<u32>(bucket); s != 0; s = load<u32>(s - HEADER, NEXT)) {
    const header = s - HEADER;
    if (
      load<u32>(header, HASH) == hash && load<u32>(header, LENGTH) == <u32>bytes && equalBytes(s, at, bytes)
    ) {
      store<u32>(header, load<u32>(header, REFS) + 1, REFS);
      return <u32>s;
    }
  }
  const header = allocate(bytes + HEADER);
  if (header == 0) return 0;
  store<u32>(header, load<u32>(bucket), NEXT);
  store<u32>(header, hash, HASH);
  store<u32>(header, 1, REFS);
  store<u32>(header, <u32>bytes, LENGTH);
  const s = header + HEADER;
  memory.copy(s, at, bytes);
  store<u32>(bucket, <u32>s);
  strings++;
  count(COUNT_STRINGS);
  countMany(COUNT_STRING_BYTES, bytes);
  if (strings > bucketMask) grow();
  return <u32>s;
}

// @ts-ignore: decorator
@inline
export function internView(v: u64): u32 {
  return intern(viewAt(v), viewBytes(v));
}

// @ts-ignore: decorator
@inline
export function retain(s: u32): u32 {
  if (s != 0) store<u32>(<usize>s - HEADER, load<u32>(<usize>s - HEADER, REFS) + 1, REFS);
  return s;
}

export function release(s: u32): void {
  if (s == 0) return;
  const header = <usize>s - HEADER;
  const refs = load<u32>(header, REFS) - 1;
  store<u32>(header, refs, REFS);
  if (refs == 0) remove(s);
}

function remove(s: u32): void {
  const header = <usize>s - HEADER;
  const bucket = buckets + (<usize>(load<u32>(header, HASH) & bucketMask) << 2);
  const next = load<u32>(header, NEXT);
  let at: usize = load<u32>(bucket);
  if (at == s) {
    store<u32>(bucket, next);
  } else {
    while (load<u32>(at - HEADER, NEXT) != s) at = load<u32>(at - HEADER, NEXT);
    store<u32>(at - HEADER, next, NEXT);
  }
  strings--;
  uncount(COUNT_STRINGS);
  uncountMany(COUNT_STRING_BYTES, load<u32>(header, LENGTH));
  free(header);
}

/** Doubles the buckets; without room for that the chains only get longer. */
function grow(): void {
  const wider = (bucketMask << 1) | 1;
  const table = allocateZeroed((<usize>wider + 1) << 2);
  if (table == 0) return;
  for (let i: u32 = 0; i <= bucketMask; i++) {
    let s: usize = load<u32>(buckets + (<usize>i << 2));
    while (s != 0) {
      const next = load<u32>(s - HEADER, NEXT);
      const bucket = table + (<usize>(load<u32>(s - HEADER, HASH) & wider) << 2);
      store<u32>(s - HEADER, load<u32>(bucket), NEXT);
      store<u32>(bucket, <u32>s);
      s = next;
    }
  }
  free(buckets);
  buckets = table;
  bucketMask = wider;
}

// @ts-ignore: decorator
@inline
export function lengthOf(s: u32): usize {
  return s == 0 ? 0 : load<u32>(<usize>s - HEADER, LENGTH);
}

/** View of an interned string; no value when there is none. */
// @ts-ignore: decorator
@inline
export function viewOf(s: u32): u64 {
  return s == 0 ? MISSING : view(s, load<u32>(<usize>s - HEADER, LENGTH));
}
