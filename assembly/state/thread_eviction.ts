// Threads that can be spared: when the table is nearly full the stalest ones go, counted, before an event that may
// make new ones; and live, threads of which only the tid was ever known go when they fall silent.

import { count } from "../memory/counters";
import { CL_CLOSED } from "../generated/events";
import { COUNT_THREADS_EVICTED } from "../generated/layout";
import { moveChildren } from "./family";
import { isUnknown, Thread } from "./thread";
import { bucketHead, isNearlyFull } from "./thread_table";
import { eraseThread, markDead } from "./thread_life";

/** One event makes at most this many threads. */
const RESERVE: u32 = 4;
/** Buckets that are looked at to find a thread that can go. */
const EVICTION_BUCKETS: u32 = 256;

/** where the search for a stale thread goes on */
let hand: u32 = 0;

/** Makes room before an event that may make threads; the thread of the event itself stays. */
// @ts-ignore: decorator
@inline
export function keepRoom(except: i64): void {
  if (isNearlyFull(RESERVE)) evict(except);
}

function evict(except: i64): void {
  for (let i: u32 = 0; i < RESERVE && isNearlyFull(RESERVE); i++) {
    const stale = findStale(except);
    if (changetype<usize>(stale) == 0) return;
    markDead(stale);
    moveChildren(stale);
    eraseThread(stale);
    count(COUNT_THREADS_EVICTED);
  }
}

/** Of the threads in the next buckets the one that is missed least: unknown, ended, or longest without event. */
function findStale(except: i64): Thread {
  let found = changetype<Thread>(0);
  let oldest = u64.MAX_VALUE;
  let turns = 0;
  for (let i: u32 = 0; i < EVICTION_BUCKETS || changetype<usize>(found) == 0; i++) {
    let at = bucketHead(++hand);
    if (at == 1) {
      // the end of the table; a whole turn without a candidate is enough
      if (++turns > 1) break;
      hand = 0;
      at = bucketHead(0);
    }
    while (at > 1) {
      const thread = changetype<Thread>(at);
      at = thread.next;
      if (thread.tid == except || thread.pid == 1) continue;
      const dispensable = thread.group == 0 || (thread.flags & CL_CLOSED) != 0;
      const age = dispensable ? 0 : thread.lastEventNs + (thread.firstChild != 0 ? 1 : 0);
      if (age < oldest) {
        oldest = age;
        found = thread;
      }
    }
  }
  return found;
}

/** Removes threads of which only the tid is known and that have been silent since `before`. */
export function purgeUnknown(before: u64): void {
  for (let i: u32 = 0;; i++) {
    let at = bucketHead(i);
    if (at == 1) return;
    while (at != 0) {
      const thread = changetype<Thread>(at);
      at = thread.next;
      if (isUnknown(thread) && thread.lastEventNs < before) eraseThread(thread);
    }
  }
}
