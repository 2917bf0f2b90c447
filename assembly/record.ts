// Events as bytes, for a recording: the current event, just as it came, put into a buffer as a block of the `.scap`
// format. In: the current event (event.ts). Out: host.on_alert(HOST_RECORDED, buffer, bytes)
// whenever the buffer is full and at `record_flush`.
//
//   buffer  u32 events · u32 1 when no more will be recorded · blocks
//   block   u32 type · u32 total length · u16 cpu · [u32 flags] · event · padding to 4 · u32 total length
//
// Where only some events are recorded, others that change the state are put between them with a flag that keeps them from
// rules: without them a reader would not know the processes and files of those that matter.
//
// Parameters that the event table does not have (the probe may append its own) are left out, so that other readers of
// the format find what they expect. Elsewhere: files, limits by size and time (service/).

import { BLOCK_EVENT_V2, BLOCK_EVENT_V2_LARGE, HOST_RECORDED } from "./generated/wire";
import { on_alert } from "./host";
import { askForAll } from "./idle";
import { count } from "./memory/counters";
import { event, eventDayNs, hasLargeLengths } from "./event";
import { ASYNCEVENT_E, EC_SYSCALL, EF_MODIFIES_STATE } from "./generated/events";
import { COUNT_EVENTS_RECORDED, COUNT_RECORDS_SKIPPED, EVENT_HEADER_BYTES } from "./generated/layout";
import { eventCategory, eventFlags, eventParamCount } from "./generated/tables";
import { allocate } from "./memory/heap";

// @ts-ignore: decorator
@inline const HEADER: usize = 8;
/** block header, cpu, flags, padding and trailer at most */
// @ts-ignore: decorator
@inline const FRAME: usize = 8 + 2 + 4 + 3 + 4;
/** the type of blocks with flags is one more */
const STATE_ONLY: u32 = 1;
/** other readers refuse a longer body of a block that is not marked as large */
const MAX_BODY: usize = 65536;

let buffer: usize = 0;
let capacity: usize = 0;
let used: usize = HEADER;
let events: u32 = 0;
/** how many may still be recorded; negative: any number */
let left: i64 = 0;
/** the host knows that nothing is left */
let isEndTold: bool = false;
let everything: bool = false;
/** only what the rule module asks for, and the state between */
let matching: bool = false;
/** events are recorded, all of them or some */
export let isRecording: bool = false;
/** the current event has been recorded, or could not be */
let isRecorded: bool = false;

/**
 * Begins a recording.
 * @param bytes size of the buffer
 * @param maxEvents negative: any number
 * @param all 1: every event; 0: those for which the rule module calls `record_matching`
 * @returns 0 when there is no room for the buffer
 */
export function record_start(bytes: i32, maxEvents: i64, all: i32): i32 {
  if (buffer == 0) {
    buffer = allocate(bytes);
    if (buffer == 0) return 0;
    capacity = bytes;
  }
  left = maxEvents;
  isEndTold = false;
  everything = all != 0;
  matching = all == 0;
  isRecording = true;
  askForAll();
  return 1;
}

/** Hands over what is in the buffer. */
export function record_flush(): void {
  if (buffer == 0 || (used == HEADER && (left != 0 || isEndTold))) return;
  isEndTold = left == 0;
  store<u32>(buffer, events);
  store<u32>(buffer, left == 0 ? 1 : 0, 4);
  on_alert(HOST_RECORDED, <i32>buffer, <i32>used);
  used = HEADER;
  events = 0;
}

/** The rule module calls this in place of `out_begin`. */
export function record_matching(_rule: i32): void {
  recordEvent(0);
  isRecorded = true;
}

/** The rule module calls this in place of `out_end`. */
export function record_nothing(): void {}

/** Of every event, before anything is done with it. */
// @ts-ignore: decorator
@inline
export function recordIfAll(): void {
  if (everything) recordEvent(0);
}

/** Of every event, when the rules have seen it. */
// @ts-ignore: decorator
@inline
export function recordIfState(): void {
  if (matching) recordState();
}

function recordState(): void {
  // what was known of a call at its entry is part of the state too
  const entry = (event.type & 1) == 0 && (eventCategory(event.type) & EC_SYSCALL) != 0;
  const changes = (eventFlags(event.type) & EF_MODIFIES_STATE) != 0 || event.type == ASYNCEVENT_E;
  if (!isRecorded && (entry || changes)) recordEvent(STATE_ONLY);
  isRecorded = false;
}

function recordEvent(flags: u32): void {
  if (left == 0) return;
  const large = hasLargeLengths(event.type);
  const bytes = FRAME + event.bytes;
  if (bytes > capacity - HEADER || (!large && bytes > MAX_BODY)) {
    count(COUNT_RECORDS_SKIPPED);
    return;
  }
  if (used + bytes > capacity) record_flush();
  putBlock(buffer + used, large, flags);
  if (flags != 0) return;
  count(COUNT_EVENTS_RECORDED);
  events++;
  if (left > 0) left--;
}

function putBlock(block: usize, large: bool, flags: u32): void {
  const kind: u32 = large ? BLOCK_EVENT_V2_LARGE : BLOCK_EVENT_V2;
  store<u32>(block, flags == 0 ? kind : kind + 1);
  store<u16>(block, <u16>max(event.cpu, 0), 8);
  if (flags != 0) store<u32>(block, flags, 10);
  const head: usize = flags == 0 ? 10 : 14;
  const length = head + putEvent(block + head, large);
  const total = (length + 3 & ~3) + 4;
  // zeros where the padding will be
  store<u32>(block + length, 0);
  store<u32>(block, <u32>total, 4);
  store<u32>(block + total - 4, <u32>total);
  used += total;
}

/** The event without parameters that its type does not have; returns its length. */
function putEvent(at: usize, large: bool): usize {
  const kept = eventParamCount(event.type);
  if (event.params <= kept) {
    memory.copy(at, event.at, event.bytes);
    store<u64>(at, eventDayNs());
    store<i64>(at, event.tid, 8);
    return event.bytes;
  }
  const size: usize = large ? 4 : 2;
  const lengths = event.at + EVENT_HEADER_BYTES;
  let values: usize = 0;
  for (let i: usize = 0; i < kept; i++) {
    values += large ? load<u32>(lengths + i * 4) : load<u16>(lengths + i * 2);
  }
  const head = EVENT_HEADER_BYTES + kept * size;
  memory.copy(at, event.at, head);
  // without the process that the probe adds to it
  store<i64>(at, event.tid, 8);
  memory.copy(at + head, lengths + event.params * size, values);
  store<u64>(at, eventDayNs());
  store<u32>(at, <u32>(head + values), 16);
  store<u32>(at, kept, 22);
  return head + values;
}
