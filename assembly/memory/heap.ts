// The heap: blocks for threads, fds, interned strings, tables and rule constants in [HEAP_AT, heapEnd).
// In: sizes. Out: addresses aligned to 8 bytes, 0 when there is no room: callers cope, nothing traps.
//
// Size classes, four to each power of two; a freed block waits in the list of its class for the next of the
// same class. Blocks are never merged: nearly all of them are threads, fds and short strings, which come and
// go in the same sizes. Each block has a header of 8 bytes before it: {u32 class, u32 bytes asked for}.

import { clearBytes } from "./bytes";
import { count, countMany, uncountMany } from "./counters";
import { COUNT_HEAP_BYTES, COUNT_HEAP_REFUSED, HEAP_AT } from "../generated/layout";

const HEADER: usize = 8;
/** 16 bytes × 2^(class / 4) × (1 + class % 4 / 4): class 104 is 1 GiB, more than a heap can have */
const CLASSES: i32 = 105;
/** heads of the lists of free blocks */
const freeLists: usize = memory.data(105 * 4, 8);

let heapNext: usize = HEAP_AT;
let heapEnd: usize = HEAP_AT;

export function initHeap(end: usize): void {
  heapNext = HEAP_AT;
  heapEnd = end;
  memory.fill(freeLists, 0, CLASSES * 4);
}

/** Smallest class whose blocks hold `bytes`, header included. */
// @ts-ignore: decorator
@inline
function classOf(bytes: usize): i32 {
  if (bytes <= 16) return 0;
  const last = bytes - 1;
  const log = 31 - clz<i32>(<i32>last);
  // the two bits below the highest one choose the quarter
  return ((log - 4) << 2) + <i32>((last >> (log - 2)) & 3) + 1;
}

/** Bytes of a block of this class, header included, rounded to the alignment. */
// @ts-ignore: decorator
@inline
function classBytes(index: i32): usize {
  const base: usize = <usize>16 << (index >> 2);
  return (base + (base >> 2) * (index & 3) + 7) & ~7;
}

export function allocate(bytes: usize): usize {
  if (bytes > 0x3fff0000) return refuse();
  const index = classOf(bytes + HEADER);
  const list = freeLists + (<usize>index << 2);
  let block: usize = load<u32>(list);
  const size = classBytes(index);
  if (block != 0) {
    store<u32>(list, load<u32>(block, HEADER));
  } else {
    if (heapEnd - heapNext < size) return refuse();
    block = heapNext;
    heapNext += size;
  }
  store<u32>(block, index);
  store<u32>(block, <u32>bytes, 4);
  countMany(COUNT_HEAP_BYTES, size);
  return block + HEADER;
}

export function allocateZeroed(bytes: usize): usize {
  const at = allocate(bytes);
  // a block is a multiple of 8 bytes long
  if (at != 0) clearBytes(at, (bytes + 7) & ~7);
  return at;
}

/** Gives a block back; 0 is allowed. */
export function free(at: usize): void {
  if (at == 0) return;
  const block = at - HEADER;
  const index = load<u32>(block);
  const list = freeLists + (<usize>index << 2);
  store<u32>(block, load<u32>(list), HEADER);
  store<u32>(list, <u32>block);
  uncountMany(COUNT_HEAP_BYTES, classBytes(index));
}

function refuse(): usize {
  count(COUNT_HEAP_REFUSED);
  return 0;
}
