// The table of threads, by tid. Bounded: when it is full, a stale thread goes (counted) before a new one comes.
// In: tids. Out: threads; null when there is none. Elsewhere: making and removing them (thread_life.ts).

import { count, uncount } from "../memory/counters";
import {
  COUNT_THREAD_LOOKUPS_FAILED,
  COUNT_THREADS,
  COUNT_THREADS_ADDED,
  COUNT_THREADS_REMOVED,
} from "../generated/layout";
import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { intern, retain, viewOf } from "../strings/intern";
import { view } from "../strings/view";
import { Thread } from "./thread";

/** ./ */
const HERE = memory.data<u8>([46, 47]);

const threads = changetype<HashTable<Thread>>(memory.data(TABLE_BYTES, 8));
let limit: u32 = 0;
let lastThread: Thread = changetype<Thread>(0);

/** @returns the number of buckets */
export function initThreadTable(maxThreads: u32, erase: (thread: Thread) => void): u32 {
  limit = max(maxThreads, 64);
  let size: u32 = 64;
  while (size < limit) size <<= 1;
  if (!threads.init(size, erase)) limit = 0;
  return size;
}

// @ts-ignore: decorator
@inline
function hashOfTid(tid: i64): u32 {
  // tids follow one another, so they need no mixing; the shift keeps namespaced look-alikes apart
  return <u32>tid ^ <u32>(tid >> 32);
}

/** The thread with this tid, or null. */
export function findThread(tid: i64): Thread {
  if (changetype<usize>(lastThread) != 0 && lastThread.tid == tid) return lastThread;
  return threads.find(hashOfTid(tid), tid);
}

/** The next event is often one of the same thread. */
// @ts-ignore: decorator
@inline
export function rememberThread(thread: Thread): void {
  lastThread = thread;
}

/** The thread of an event: remembered, because the next event is often one of the same thread. */
// @ts-ignore: decorator
@inline
export function findEventThread(tid: i64): Thread {
  const thread = findThread(tid);
  if (changetype<usize>(thread) != 0) lastThread = thread;
  else count(COUNT_THREAD_LOOKUPS_FAILED);
  return thread;
}

export function putIntoTable(thread: Thread): void {
  threads.insert(hashOfTid(thread.tid), thread);
  count(COUNT_THREADS);
  count(COUNT_THREADS_ADDED);
}

export function takeOutOfTable(thread: Thread): void {
  if (lastThread == thread) lastThread = changetype<Thread>(0);
  if (!threads.remove(hashOfTid(thread.tid), thread)) return;
  uncount(COUNT_THREADS);
  count(COUNT_THREADS_REMOVED);
}

/** Working directory of the process, with a slash at its end; `./` when its main thread is not known. */
export function cwdOf(thread: Thread): u64 {
  return thread.main == 0 ? view(HERE, 2) : viewOf(changetype<Thread>(<usize>thread.main).cwd);
}

/** The same as a string with a reference of its own. */
export function cwdStringOf(thread: Thread): u32 {
  return thread.main == 0 ? intern(HERE, 2) : retain(changetype<Thread>(<usize>thread.main).cwd);
}

/** First thread of a bucket, for loops over all; 1 when there is no such bucket. */
export function bucketHead(index: u32): usize {
  return index < threads.bucketCount ? threads.head(index) : 1;
}

/** Whether there is no room for `more` threads. */
// @ts-ignore: decorator
@inline
export function isNearlyFull(more: u32): bool {
  return threads.count + more > limit;
}
