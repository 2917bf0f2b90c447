// The state machine: what one event changes. In: the current event (event.ts). Out: the state, and what the event
// refers to (state/current.ts). Then rules are evaluated, then `finishEvent` ends it.
// Order as in Falco: what the event before has ended goes first; then the event's thread and fd are found; then
// its parser runs.

import { onReset } from "../memory/reset";
import { resetScratch } from "../memory/scratch";
import { event, hasParam, paramLength, paramNumber } from "../event";
import { forgetRecordedContainer } from "./container_table";
import {
  clearCurrent,
  currentFd,
  currentResult,
  currentThread,
  firstEventNs,
  hasResult,
  setCurrentFd,
  setCurrentFdNumber,
  setCurrentThread,
  setEventTimes,
  setResult,
} from "./current";
import { isAnythingDue, setDone, setDue } from "./due";
import { dropEnterEvent } from "./enter";
import { fdParamOf, Kind, kindOf, parserOf } from "./event_kinds";
import { findFd } from "./fd_table";
import { removeClosed } from "./parsers/close";
import { hasConnectFacts } from "./parsers/connect";
import { askFile } from "./look_up";
import { removeEnded } from "./parsers/exit";
import { parseOwnRecord } from "./parsers/own_records";
import { threadOfProcess } from "./process_member";
import { finishSeeding } from "./seed";
import { isUnknown, Thread } from "./thread";
import { keepRoom, purgeUnknown } from "./thread_eviction";
import { ASYNCEVENT_E, CL_ACTIVE, CLOSE_X, CONNECT_X, DUP2_X, DUP3_X, DUP_X, EXECVE_X, PROCINFO_E } from "../generated/events";
import { findEventThread, findThread } from "./thread_table";
import { findOrMakeThread } from "./thread_life";

/** only in old captures */
const EXECVEAT_E: u32 = 330;
/** How often threads of which only the tid is known are looked for, and how long they may stay silent. */
const PURGE_INTERVAL_NS: u64 = 60_000_000_000;

let kind: u32 = 0;
/** records at the head of a capture serve the state only */
let inPreamble: bool = true;
let preambleBegun: bool = false;
let lastPurgeNs: u64 = 0;
let listedNs: u64 = 0;
/** of the event before; 0 at the start of a capture */
export let lastTimeNs: u64 = 0;

onReset(beginCapture);

/** Live: before a batch of events that is not younger than `horizonNs`. */
export function beginLiveBatch(horizonNs: u64): void {
  if (lastPurgeNs == 0) lastPurgeNs = horizonNs;
  if (horizonNs < lastPurgeNs + PURGE_INTERVAL_NS) return;
  purgeUnknown(lastPurgeNs);
  lastPurgeNs = horizonNs;
}

/** User, group and container records at the head of a capture are not evaluated. */
function beginCapture(): void {
  inPreamble = true;
  preambleBegun = false;
  lastTimeNs = 0;
  setDue();
}

/** An idle event was at this time (idle.ts). */
// @ts-ignore: decorator
@inline
export function setLastTime(ns: u64): void {
  lastTimeNs = ns;
}

export function updateState(): void {
  kind = kindOf(event.type);
  const isFirst = firstEventNs == 0 && (kind & (Kind.RECORD | Kind.SKIP)) == 0;
  setEventTimes(isFirst ? event.timeNs : firstEventNs, lastTimeNs);
  lastTimeNs = event.timeNs;
  if (isAnythingDue) doWhatIsDue();
  clearCurrent();
  keepRoom(event.tid);
  if ((kind & (Kind.SKIP | Kind.RECORD)) == 0) findSubjects();
  else if (event.type == PROCINFO_E) setCurrentThread(findThread(event.tid));
  const parser = parserOf(event.type);
  if (parser != 0) call_indirect<void>(parser);
  // parsers that make an fd leave its number on the thread
  if (changetype<usize>(currentThread) != 0) setCurrentFdNumber(currentThread.lastFd);
}

function doWhatIsDue(): void {
  if (inPreamble) {
    // a list of what is known begins with users; a message of a plugin in front of them is what happens
    if ((kind & Kind.PREAMBLE) == 0 || (event.type == ASYNCEVENT_E && !preambleBegun)) inPreamble = false;
    else {
      preambleBegun = true;
      kind |= Kind.NOT_EVALUATED;
    }
  }
  if (!inPreamble) finishSeeding();
  removeEnded();
  removeClosed();
  forgetRecordedContainer();
  if (!inPreamble && firstEventNs != 0) setDone();
}

/** A record of the probe that is no event: changes the state at once. */
export function takeOwnRecord(code: u32): void {
  resetScratch();
  finishSeeding();
  removeEnded();
  removeClosed();
  clearCurrent();
  keepRoom(event.tid);
  parseOwnRecord(code);
}

/** The thread of the event, its result, and the fd that it uses. */
function findSubjects(): void {
  let thread = findEventThread(event.tid);
  if (event.pid > 0 && (kind & Kind.NO_PLACEHOLDER) == 0 && !isKnown(thread)) {
    thread = threadOfProcess(event.tid, event.pid);
  }
  if (changetype<usize>(thread) == 0) {
    if ((kind & Kind.NO_PLACEHOLDER) == 0) thread = findOrMakeThread(event.tid);
    if ((kind & Kind.RESULT) != 0 && eventHasResult()) setResult(resultOfEvent());
    if (changetype<usize>(thread) == 0) return;
  }
  setCurrentThread(thread);
  if ((kind & Kind.SWITCH) != 0) return;
  if ((kind & Kind.NO_PLACEHOLDER) == 0) thread.flags |= CL_ACTIVE;
  if ((kind & Kind.ENTER) != 0) {
    thread.lastFd = -1;
    thread.lastEnterType = <u16>event.type;
  } else {
    const entered: u32 = thread.lastEnterType;
    const follows = entered != 0 &&
      (event.type == entered + 1 || (event.type == EXECVE_X && entered == EXECVEAT_E));
    thread.enterMatches = follows ? 1 : 0;
    if (!follows) thread.lastFd = -1;
    if ((kind & Kind.RESULT) != 0 && eventHasResult()) setResult(resultOfEvent());
  }
  if ((kind & Kind.USES_FD) != 0) findUsedFd(thread);
}

function findUsedFd(thread: Thread): void {
  if (thread.lastFd == -1) {
    const at = fdParamOf(kind);
    if (at >= 0 && hasParam(at)) {
      thread.lastFd = paramLength(at) == 4 ? <i64>paramNumber<i32>(at) : paramNumber<i64>(at);
    }
  }
  if (thread.lastFd < 0) return;
  setCurrentFd(findFd(thread, thread.lastFd));
  if (changetype<usize>(currentFd) == 0 && event.pid > 0 && mayBeOpen()) {
    if (askFile(thread, thread.lastFd)) setCurrentFd(findFd(thread, thread.lastFd));
  }
}

/** Whether an fd that the event uses is likely to be open still, and not made by the event itself. */
function mayBeOpen(): bool {
  if (event.type == CONNECT_X && hasConnectFacts()) return false;
  return hasResult && currentResult >= 0 && event.type != CLOSE_X && event.type != DUP_X && event.type != DUP2_X &&
    event.type != DUP3_X;
}

// @ts-ignore: decorator
@inline
function isKnown(thread: Thread): bool {
  return changetype<usize>(thread) != 0 && thread.pid >= 0;
}

// @ts-ignore: decorator
@inline
function eventHasResult(): bool {
  return event.params != 0;
}

/** Results have 32 or 64 bits; of any other length they count as 0, as in Falco. */
// @ts-ignore: decorator
@inline
function resultOfEvent(): i64 {
  const bytes = paramLength(0);
  return bytes == 8 ? paramNumber<i64>(0) : bytes == 4 ? <i64>paramNumber<i32>(0) : 0;
}

/** Whether rules may see the event. */
// @ts-ignore: decorator
@inline
export function isEvaluated(): bool {
  return (kind & Kind.NOT_EVALUATED) == 0 && (event.timeNs >= listedNs || isThreadKnown());
}

function isThreadKnown(): bool {
  return changetype<usize>(currentThread) != 0 && !isUnknown(currentThread);
}

/**
 * Live: the time at which the processes of the host had been listed. An unknown process before it existed
 * when watching began and ended before it could be listed: what it did is not evaluated.
 */
export function state_listed(ns: i64): void {
  listedNs = <u64>ns;
}

/** After the rules: what was kept for the exit event goes, and the thread remembers the time. */
export function finishEvent(): void {
  const thread = currentThread;
  if (changetype<usize>(thread) == 0) return;
  if ((kind & Kind.ENTER) == 0) {
    if (thread.enterEvent != 0) dropEnterEvent(thread);
    thread.lastEnterType = 0;
    thread.enterMatches = 0;
  }
  if ((kind & Kind.SWITCH) != 0) return;
  thread.previousEventNs = thread.lastEventNs;
  thread.lastEventNs = event.timeNs;
}
