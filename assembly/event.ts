// The event under judgement: where its header and parameters lie. Set by `openEvent` for each record of a
// ring or of a trace; read by the state parsers (state/), the field extractors (fields/) and the renderers
// (render/). There is one current event at a time, so these are module globals.
//
//   header, packed: u64 ts_ns · u64 tid · u32 len · u16 type · u32 nparams
//   then nparams lengths (u16; u32 for types with the large-payload flag), then the parameters back to back.

import { count } from "./counters";
import { ASYNCEVENT_E, CONTAINER_E, EVENT_COUNT, PLUGINEVENT_E } from "./generated/events";
import {
  COUNT_EVENTS,
  COUNT_EVENTS_DAMAGED,
  EVENT_HEADER_BYTES,
  TYPE_COUNTS_AT,
} from "./generated/layout";
import { view } from "./strings/view";

/** Most parameters that an event can have. */
// @ts-ignore: decorator
@inline export const MAX_PARAMS: u32 = 64;

export let eventAt: usize = 0;
/** bytes of the event, header included */
export let eventBytes: usize = 0;
/** by a clock that nobody sets: what is compared and subtracted */
export let eventTimeNs: u64 = 0;
/** what the time of day has been set forward by since the start of a live run */
let clockShiftNs: i64 = 0;
export let eventTid: i64 = 0;
/** process of the thread, which only the records of the probe name; −1 = not known */
export let eventPid: i64 = -1;
export let eventType: u32 = 0;
export let eventParams: u32 = 0;
export let eventCpu: i32 = 0;
/** evt.num: counts every event from 1, those that no rule judges included */
export let eventNumber: u64 = 0;

/** address and length of each parameter of the current event */
const paramAt: usize = memory.data(64 * 4, 8);
const paramBytes: usize = memory.data(64 * 4, 8);

/** Live: from now on the time of day differs by so much from that of the events. */
export function set_clock_shift(shiftNs: i64): void {
  clockShiftNs = shiftNs;
}

/** The event's time of day: what is shown. */
// @ts-ignore: decorator
@inline
export function eventDayNs(): u64 {
  return dayNs(eventTimeNs);
}

/** The time of day of a moment that the state keeps. */
// @ts-ignore: decorator
@inline
export function dayNs(timeNs: u64): u64 {
  return timeNs + clockShiftNs;
}

/** Whether the lengths of this event type have 32 bits. */
// @ts-ignore: decorator
@inline
export function hasLargeLengths(type: u32): bool {
  return type == ASYNCEVENT_E || type == CONTAINER_E || type == PLUGINEVENT_E;
}

/** What `openEvent` says. */
// deno-fmt-ignore
export namespace Opened {
  export const YES: i32 = 1;
  /** a type of a later version: skipped, not counted in evt.num; who asked counts it (COUNT_EVENTS_UNKNOWN) */
  export const UNKNOWN: i32 = 0;
  /** the lengths do not add up */
  export const DAMAGED: i32 = -1;
}

/**
 * Makes the record at `at` the current event.
 * @param at address of the header; `bytes` are readable from there
 * @returns Opened.YES; otherwise nothing may be read from it
 */
export function openEvent(at: usize, bytes: usize, cpu: i32): i32 {
  if (bytes < EVENT_HEADER_BYTES) return refuse(COUNT_EVENTS_DAMAGED, Opened.DAMAGED);
  const type: u32 = load<u16>(at, 20);
  if (type >= EVENT_COUNT) return Opened.UNKNOWN;
  const length: usize = load<u32>(at, 16);
  if (length > bytes || length < EVENT_HEADER_BYTES) return refuse(COUNT_EVENTS_DAMAGED, Opened.DAMAGED);
  const params = load<u32>(at, 22);
  if (!locateParams(at, length, params, hasLargeLengths(type))) {
    return refuse(COUNT_EVENTS_DAMAGED, Opened.DAMAGED);
  }
  eventAt = at;
  eventBytes = length;
  eventTimeNs = load<u64>(at);
  eventTid = load<i64>(at, 8);
  eventPid = -1;
  eventType = type;
  eventParams = params;
  eventCpu = cpu;
  eventNumber++;
  count(COUNT_EVENTS);
  count(TYPE_COUNTS_AT + (<usize>type << 3));
  return Opened.YES;
}

/** Records of the probe have the process in the upper half of the thread's number. */
// @ts-ignore: decorator
@inline
export function splitThreadId(): void {
  const pid = <i64>(<u64>eventTid >> 32);
  eventTid &= 0xffffffff;
  eventPid = pid == 0 ? -1 : pid;
}

/** Makes a record of the probe that is no event the current one, as far as thread, time and parameters go. */
export function openOwnRecord(at: usize, bytes: usize): bool {
  const length: usize = load<u32>(at, 16);
  const params = load<u32>(at, 22);
  if (length > bytes || length < EVENT_HEADER_BYTES || !locateParams(at, length, params, false)) {
    count(COUNT_EVENTS_DAMAGED);
    return false;
  }
  eventTimeNs = load<u64>(at);
  eventTid = load<i64>(at, 8);
  eventType = 0;
  eventParams = params;
  splitThreadId();
  return true;
}

/** Finds the parameters of an event of `bytes` bytes; false when they reach beyond its end. */
// @ts-ignore: decorator
@inline
function locateParams(at: usize, bytes: usize, params: u32, large: bool): bool {
  const lengthBytes: usize = large ? 4 : 2;
  if (params > MAX_PARAMS || bytes < EVENT_HEADER_BYTES + params * lengthBytes) return false;
  let length = at + EVENT_HEADER_BYTES;
  let value = length + params * lengthBytes;
  const end = at + bytes;
  for (let i: usize = 0; i < params; i++) {
    const size: usize = large ? load<u32>(length) : load<u16>(length);
    if (size > end - value) return false;
    store<u32>(paramAt + (i << 2), <u32>value);
    store<u32>(paramBytes + (i << 2), <u32>size);
    value += size;
    length += lengthBytes;
  }
  return true;
}

function refuse(counter: usize, result: i32): i32 {
  count(counter);
  return result;
}

/** Whether parameter `i` is there and not empty. */
// @ts-ignore: decorator
@inline
export function hasParam(i: u32): bool {
  return i < eventParams && load<u32>(paramBytes + (<usize>i << 2)) != 0;
}

/** The bytes of parameter `i` as they are; a view of length 0 when it is empty, 0 when it is not there. */
// @ts-ignore: decorator
@inline
export function param(i: u32): u64 {
  if (i >= eventParams) return 0;
  return view(load<u32>(paramAt + (<usize>i << 2)), load<u32>(paramBytes + (<usize>i << 2)));
}

/** Length of parameter `i`; 0 when it is not there. */
// @ts-ignore: decorator
@inline
export function paramLength(i: u32): u32 {
  return i < eventParams ? load<u32>(paramBytes + (<usize>i << 2)) : 0;
}

/** Address of parameter `i`, which must be there. */
// @ts-ignore: decorator
@inline
export function paramAddress(i: u32): usize {
  return load<u32>(paramAt + (<usize>i << 2));
}

/** Parameter `i` as a number; 0 when it is missing or too short, as far as the state is concerned. */
// @ts-ignore: decorator
@inline
export function paramNumber<T>(i: u32): T {
  if (paramLength(i) < sizeof<T>()) return 0;
  return load<T>(paramAddress(i));
}

/** A parameter of a record that is not the current event; 0 when it is not there. Not for types with large lengths. */
export function peekParam(at: usize, bytes: usize, i: u32): u64 {
  if (bytes < EVENT_HEADER_BYTES) return 0;
  const params = load<u32>(at, 22);
  const end = at + min<usize>(bytes, load<u32>(at, 16));
  if (i >= params || params > MAX_PARAMS) return 0;
  const lengths = at + EVENT_HEADER_BYTES;
  let value = lengths + params * 2;
  if (value > end) return 0;
  for (let before: usize = 0; before < i; before++) value += load<u16>(lengths + before * 2);
  const size: usize = load<u16>(lengths + i * 2);
  return value > end || size > end - value ? 0 : view(value, size);
}
