// Enter events of older captures, kept until the exit event of the same thread asks for their parameters.
// In: events, whose lengths have been checked. Out: the one of a thread. Bounded: a capture could hold any number of
// threads, and exit events may be missing.

import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { allocate, free } from "../memory/heap";

@unmanaged
class Entered {
  next: u32;
  unused: u32;
  tid: i64;
  // the event follows

  // @ts-ignore: decorator
  @inline
  has(tid: i64, _hash: u32): bool {
    return this.tid == tid;
  }
}

const BUCKETS: u32 = 4096;
const MAX_ENTERED: u32 = 65536;

const entered = changetype<HashTable<Entered>>(memory.data(TABLE_BYTES, 8));

/** Keeps an event in place of what the thread had; without room for it the exit event gets default parameters. */
export function keepEntered(event: usize, bytes: usize, tid: i64): void {
  if (!entered.init(BUCKETS, drop)) return;
  dropEntered(tid);
  if (entered.count >= MAX_ENTERED) return;
  const at = allocate(offsetof<Entered>() + bytes);
  if (at == 0) return;
  const one = changetype<Entered>(at);
  one.tid = tid;
  memory.copy(at + offsetof<Entered>(), event, bytes);
  entered.insert(<u32>tid, one);
}

/** The event that was kept for the thread; 0 = none. */
export function enteredOf(tid: i64): usize {
  const at = changetype<usize>(entered.find(<u32>tid, tid));
  return at == 0 ? 0 : at + offsetof<Entered>();
}

export function dropEntered(tid: i64): void {
  const one = entered.find(<u32>tid, tid);
  if (changetype<usize>(one) != 0) drop(one);
}

function drop(one: Entered): void {
  entered.remove(<u32>one.tid, one);
  free(changetype<usize>(one));
}
