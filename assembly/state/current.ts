// What the current event refers to, after the state has been updated by it: read by the field
// extractors (fields/). A thread that has just ended and an fd that has just been closed are still whole while
// their event is evaluated; they are removed when the next event begins (state/update.ts).

import { onReset } from "../memory/reset";
import { Fd } from "./fd";
import { Thread } from "./thread";

/** thread of the event; null for events without one (user and container records) and when the table is full */
export let currentThread: Thread = changetype<Thread>(0);
/** fd that the event uses or has made; null when there is none or it is not known */
export let currentFd: Fd = changetype<Fd>(0);
/** number of that fd, -1 = none; known even when `currentFd` is null */
export let currentFdNumber: i64 = -1;
/** name of `currentFd` when the event began; only its address is good: `setName` leaves a name that stays where it is */
let nameAtStart: u32 = 0;
/** what evt.rawres prints; only meaningful when `hasResult` */
export let currentResult: i64 = 0;
export let hasResult: bool = false;
/** time of the first event that is not a user, group or container record; 0 before it */
export let firstEventNs: u64 = 0;
/** time of the event before this one; 0 before the second event */
export let previousEventNs: u64 = 0;

/** how long the thread ran that a scheduler event takes from its CPU; only meaningful on such an event */
export let currentRunNs: u64 = 0;

onReset(forgetCurrent);

function forgetCurrent(): void {
  clearCurrent();
  setEventTimes(0, 0);
}

export function setRunTime(ns: u64): void {
  currentRunNs = ns;
}

/** What fd.name_changed answers. */
export function currentFdNameChanged(): bool {
  return changetype<usize>(currentFd) != 0 && currentFd.name != nameAtStart;
}

// @ts-ignore: decorator
@inline
export function setCurrentThread(thread: Thread): void {
  currentThread = thread;
}

/** The fd that the event refers to as it was before the event: its name counts as the old one. */
// @ts-ignore: decorator
@inline
export function setCurrentFd(fd: Fd): void {
  currentFd = fd;
  nameAtStart = changetype<usize>(fd) != 0 ? fd.name : 0;
}

/** An fd that the event has made: it had no name before. */
// @ts-ignore: decorator
@inline
export function setNewFd(fd: Fd): void {
  currentFd = fd;
  nameAtStart = 0;
}

/** The same description as before, at another address because it was shared. */
// @ts-ignore: decorator
@inline
export function replaceCurrentFd(fd: Fd): void {
  currentFd = fd;
}

// @ts-ignore: decorator
@inline
export function setCurrentFdNumber(fd: i64): void {
  currentFdNumber = fd;
}

/** Forgets what the event before referred to. */
// @ts-ignore: decorator
@inline
export function clearCurrent(): void {
  currentThread = changetype<Thread>(0);
  currentFd = changetype<Fd>(0);
  currentFdNumber = -1;
  nameAtStart = 0;
  currentResult = 0;
  hasResult = false;
}

// @ts-ignore: decorator
@inline
export function setResult(result: i64): void {
  currentResult = result;
  hasResult = true;
}

/** Keeps the clock of evt.reltime and evt.deltatime. */
// @ts-ignore: decorator
@inline
export function setEventTimes(first: u64, previous: u64): void {
  firstEventNs = first;
  previousEventNs = previous;
}
