// Interned strings: one copy of each comm, path, argument list, so that equal texts are equal addresses and a
// thread costs little more than its numbers. Counted references; a string goes with its last one.
// A string is the address of its bytes; its header lies before them. 0 means "none", which is the empty text.
// Paths of opened files are kept without being looked up: most of them go again at once, with their file.

import { count, countMany, uncount, uncountMany } from "../memory/counters";
import { COUNT_STRING_BYTES, COUNT_STRINGS } from "../generated/layout";
import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { allocate, free } from "../memory/heap";
import { copyBytes, equalBytes } from "../memory/bytes";
import { hashBytes } from "./hash";
import { MISSING, view, viewAt, viewBytes } from "./view";

/** Lies before the bytes. */
@unmanaged
class Header {
  next: u32;
  /** 0: in no table, since nobody compares its address */
  hash: u32;
  refs: u32;
  length: u32;

  // @ts-ignore: decorator
  @inline
  has(text: u64, hash: u32): bool {
    return this.hash == hash && this.length == <u32>viewBytes(text) &&
      equalBytes(changetype<usize>(this) + HEADER, viewAt(text), viewBytes(text));
  }
}

// @ts-ignore: decorator
@inline const HEADER: usize = 16;

const FIRST_BUCKETS: u32 = 1 << 13;

const strings = changetype<HashTable<Header>>(memory.data(TABLE_BYTES, 8));

export function initStrings(): void {
  strings.makeBuckets(FIRST_BUCKETS);
}

/** The string with these bytes, its count raised by one; 0 for the empty text and when there is no room. */
export function intern(at: usize, bytes: usize): u32 {
  if (bytes == 0 || strings.isMissing) return 0;
  const hash = hashBytes(at, bytes);
  const known = strings.find(hash, view(at, bytes));
  if (changetype<usize>(known) != 0) {
    known.refs++;
    return <u32>(changetype<usize>(known) + HEADER);
  }
  const s = make(at, bytes, hash);
  if (s == 0) return 0;
  strings.insert(hash, headerOf(s));
  if (strings.count > strings.mask) strings.grow();
  return s;
}

/** A string of its own with these bytes, even if there is one already: equal texts may have different addresses. */
export function keep(text: u64): u32 {
  return viewBytes(text) == 0 ? 0 : make(viewAt(text), viewBytes(text), 0);
}

// @ts-ignore: decorator
@inline
function make(at: usize, bytes: usize, hash: u32): u32 {
  const made = changetype<Header>(allocate(bytes + HEADER));
  if (changetype<usize>(made) == 0) return 0;
  made.hash = hash;
  made.refs = 1;
  made.length = <u32>bytes;
  const s = changetype<usize>(made) + HEADER;
  copyBytes(s, at, bytes);
  count(COUNT_STRINGS);
  countMany(COUNT_STRING_BYTES, bytes);
  return <u32>s;
}

// @ts-ignore: decorator
@inline
function headerOf(s: u32): Header {
  return changetype<Header>(<usize>s - HEADER);
}

// @ts-ignore: decorator
@inline
export function internView(v: u64): u32 {
  return intern(viewAt(v), viewBytes(v));
}

// @ts-ignore: decorator
@inline
export function retain(s: u32): u32 {
  if (s != 0) headerOf(s).refs++;
  return s;
}

export function release(s: u32): void {
  if (s != 0 && --headerOf(s).refs == 0) remove(s);
}

function remove(s: u32): void {
  const header = headerOf(s);
  if (header.hash != 0) strings.remove(header.hash, header);
  uncount(COUNT_STRINGS);
  uncountMany(COUNT_STRING_BYTES, header.length);
  free(changetype<usize>(header));
}

/** Whether two strings have the same text. */
export function areEqual(a: u32, b: u32): bool {
  return a == b || (lengthOf(a) == lengthOf(b) && equalBytes(a, b, lengthOf(a)));
}

/** Of an interned string as a key: where it is says which one it is, and its address is a multiple of 8. */
// @ts-ignore: decorator
@inline
export function hashOfString(s: u32): u32 {
  return s >> 3;
}

// @ts-ignore: decorator
@inline
export function lengthOf(s: u32): usize {
  return s == 0 ? 0 : headerOf(s).length;
}

/** View of an interned string; no value when there is none. */
// @ts-ignore: decorator
@inline
export function viewOf(s: u32): u64 {
  return s == 0 ? MISSING : view(s, headerOf(s).length);
}
