// Enter events of older captures, kept until the exit event of the same thread asks for their parameters.
// In: events, whose lengths have been checked. Out: the one of a thread. Bounded: a capture could hold any number of
// threads, and exit events may be missing.

import { allocate, allocateZeroed, free } from "../memory/heap";

@unmanaged
class Entered {
  next: u32;
  unused: u32;
  tid: i64;
  // the event follows
}

const BUCKETS: u32 = 4096;
const MAX_ENTERED: u32 = 65536;

/** allocated when the first event comes */
let buckets: usize = 0;
let entered: u32 = 0;

// @ts-ignore: decorator
@inline
function bucketOf(tid: i64): usize {
  return buckets + (<usize>(<u32>tid & (BUCKETS - 1)) << 2);
}

/** Keeps an event in place of what the thread had; without room for it the exit event will lack its parameters. */
export function keepEntered(event: usize, bytes: usize, tid: i64): void {
  if (buckets == 0) buckets = allocateZeroed(BUCKETS << 2);
  if (buckets == 0) return;
  dropEntered(tid);
  if (entered >= MAX_ENTERED) return;
  const at = allocate(offsetof<Entered>() + bytes);
  if (at == 0) return;
  const bucket = bucketOf(tid);
  const one = changetype<Entered>(at);
  one.next = load<u32>(bucket);
  one.tid = tid;
  memory.copy(at + offsetof<Entered>(), event, bytes);
  store<u32>(bucket, <u32>at);
  entered++;
}

/** The event that was kept for the thread; 0 = none. */
export function enteredOf(tid: i64): usize {
  if (buckets == 0) return 0;
  for (let at: usize = load<u32>(bucketOf(tid)); at != 0; at = changetype<Entered>(at).next) {
    if (changetype<Entered>(at).tid == tid) return at + offsetof<Entered>();
  }
  return 0;
}

export function dropEntered(tid: i64): void {
  if (buckets == 0) return;
  let link = bucketOf(tid);
  while (true) {
    const at: usize = load<u32>(link);
    if (at == 0) return;
    const one = changetype<Entered>(at);
    if (one.tid == tid) {
      store<u32>(link, one.next);
      free(at);
      entered--;
      return;
    }
    link = at + offsetof<Entered>("next");
  }
}

/** Forgets all: a new capture begins. */
export function clearEntered(): void {
  for (let i: usize = 0; i < BUCKETS && buckets != 0; i++) {
    const bucket = buckets + (i << 2);
    while (load<u32>(bucket) != 0) dropEntered(changetype<Entered>(<usize>load<u32>(bucket)).tid);
  }
}
