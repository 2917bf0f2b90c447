// Containers that something is still missing of, and events that wait for it: until it comes, or the time is over.
// In: containers that have turned up (container_watch.ts), what becomes known of them. Out: whether the merge is held.
// Elsewhere: the hold itself and what is charged for it (container_hold.ts).
//
// A wait is measured by a clock of its own. It counts of each batch no more than a thread that runs would let pass: one that
// gets no CPU takes no answers, so that time says nothing about who has not answered. And a wait ends by what this clock showed
// at the batch before: whatever had come by then has been taken in between.

import { count } from "../memory/counters";
import {
  COUNT_CONTAINERS_CROWDED,
  COUNT_CONTAINERS_IN_TIME,
  COUNT_CONTAINERS_LATE,
  COUNT_CONTAINERS_OVER_BUDGET,
  COUNT_CONTAINERS_UNKNOWN,
} from "../generated/layout";
import { str_eq } from "../match/compare";
import { onReset } from "../memory/reset";
import { intern, release, viewOf } from "../strings/intern";
import { Container } from "./container";
import { beginHold, endHold, held, heldSinceNs } from "./container_hold";
import { idOfKey } from "./containers";
import { dropWatched, findWatched, Pending, Watched } from "./watched";

/** Programs of the runtime run before the first one of the container, for as long as that may take. */
const USERS_WANTED_NS: u64 = 5_000_000_000;
/** Until its users have been read, the host is notified of each of its first processes: many end before they can be read. */
export const NOTIFICATIONS_WHILE_UNREAD: u32 = 32;

/** While events are held, the source looks again after 5 ms; twice as much counts. */
const MOST_A_BATCH_NS: u64 = 10_000_000;

/** time of the current batch of events, and of the one before */
export let nowNs: u64 = 0;
export let beforeNs: u64 = 0;
/** the same by the waits' own clock */
let waitedNs: u64 = 0;
let waitedBeforeNs: u64 = 0;
let firstPending: u32 = 0;
/** how many in the list wait for facts: only then do events other than exec and clone matter */
export let unsettled: u32 = 0;

onReset(forgetWaits);

function forgetWaits(): void {
  if (heldSinceNs != 0) endHold(nowNs);
  firstPending = 0;
  unsettled = 0;
}

/** Before a batch of events. */
export function setWatchTime(now: u64): void {
  const passedNs = now > nowNs ? now - nowNs : 0;
  beforeNs = nowNs;
  waitedBeforeNs = waitedNs;
  waitedNs += heldSinceNs != 0 ? min(passedNs, MOST_A_BATCH_NS) : passedNs;
  nowNs = now;
  if (firstPending != 0) expire(false);
}

/** A container has turned up whose events may wait. */
export function waitFor(watched: Watched, isKnown: bool, waitNs: u64): void {
  watched.pending = isKnown ? Pending.USERS : Pending.FACTS | Pending.USERS;
  watched.factsUntilNs = waitedNs + waitNs;
  watched.usersUntilNs = waitedNs + waitNs + USERS_WANTED_NS;
  watched.nextPending = firstPending;
  firstPending = <u32>changetype<usize>(watched);
  if (!isKnown) unsettled++;
}

/** Whether the merge is held in front of an event of a container. */
export function is_holding(): i32 {
  return heldSinceNs != 0 ? 1 : 0;
}

/** There is no room to wait any longer. */
export function stopWaiting(): void {
  if (heldSinceNs == 0) return;
  count(COUNT_CONTAINERS_CROWDED);
  held.wasHeld = 0;
  close(held, Pending.FACTS | Pending.USERS);
  endHold(nowNs);
}

/** A record has described a container. */
export function factsHaveCome(container: Container): void {
  if (firstPending == 0) return;
  if (container.isAnyOwners != 0) return factsOfAnyOwnerHaveCome(container.id);
  const watched = findWatched(container.id);
  if (changetype<usize>(watched) != 0) answer(watched, Pending.FACTS);
}

function factsOfAnyOwnerHaveCome(id: u32): void {
  const text = viewOf(id);
  for (let at: usize = firstPending; at != 0; at = changetype<Watched>(at).nextPending) {
    const watched = changetype<Watched>(at);
    if (str_eq(idOfKey(watched.key), text) != 0) answer(watched, Pending.FACTS);
  }
}

/** No container runtime knows the container with the id at this address: its events need not wait. */
export function unknown_container(at: i32, bytes: i32): void {
  settle(at, bytes, Pending.FACTS);
}

/** The users of the container have been read, or cannot be. */
export function read_container_users(at: i32, bytes: i32): void {
  settle(at, bytes, Pending.USERS);
}

/** The container was removed: the next one with its id is new. */
export function forgetWatched(id: u32): void {
  expire(false);
  const watched = findWatched(id);
  if (changetype<usize>(watched) != 0 && watched.pending == Pending.NOTHING) dropWatched(watched);
}

/** Lets events wait for a container; false when its time is used up. */
export function hold(watched: Watched): bool {
  if (beginHold(watched, nowNs)) return true;
  count(COUNT_CONTAINERS_OVER_BUDGET);
  giveUp(watched, Pending.FACTS | Pending.USERS);
  return false;
}

/** Something that was pending for a container has come. */
function answer(watched: Watched, what: u32): void {
  if ((watched.pending & what) == 0) return;
  close(watched, what);
  if (watched.wasHeld == 0 || (watched.pending & Pending.FACTS) != 0) return;
  count(COUNT_CONTAINERS_IN_TIME);
  watched.wasHeld = 0;
  if (held == watched) endHold(nowNs);
}

function settle(at: i32, bytes: i32, what: u32): void {
  const id = intern(<usize>at, <usize>bytes);
  const watched = findWatched(id);
  if (changetype<usize>(watched) != 0) {
    if (what == Pending.FACTS && (watched.pending & Pending.FACTS) != 0) count(COUNT_CONTAINERS_UNKNOWN);
    if (what == Pending.USERS) watched.notifications = NOTIFICATIONS_WHILE_UNREAD;
    answer(watched, what);
  }
  release(id);
}

/** The time is over. */
export function giveUp(watched: Watched, what: u32): void {
  if (watched.wasHeld != 0) count(COUNT_CONTAINERS_LATE);
  watched.wasHeld = 0;
  close(watched, what);
  if (held == watched) endHold(nowNs);
}

/** It stays in the list of pending containers until the next walk through that list. */
function close(watched: Watched, what: u32): void {
  if ((watched.pending & what & Pending.FACTS) != 0) unsettled--;
  watched.pending &= ~what;
}

/** Ends what has waited long enough, or all, and shortens the list. */
export function expire(all: bool): void {
  let link: usize = 0;
  let at: usize = firstPending;
  while (at != 0) {
    const watched = changetype<Watched>(at);
    const next = watched.nextPending;
    const areFactsPending = (watched.pending & Pending.FACTS) != 0;
    if (areFactsPending && (all || waitedBeforeNs >= watched.factsUntilNs)) giveUp(watched, Pending.FACTS);
    if (watched.pending == Pending.USERS && (all || waitedBeforeNs >= watched.usersUntilNs)) giveUp(watched, Pending.USERS);
    if (watched.pending == Pending.NOTHING) {
      if (link == 0) firstPending = next;
      else store<u32>(link, next);
      watched.nextPending = 0;
    } else {
      link = at + offsetof<Watched>("nextPending");
    }
    at = next;
  }
}
