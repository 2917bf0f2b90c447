// Events: where the header and the parameters of one are. `event` is the current one, which `openEvent` sets for each record
// of a ring or of a capture file; the state parsers (state/), the extractors (fields/) and the renderers (render/) read it.
// What looks ahead has an `Event` of its own (state/container_watch.ts).
//
//   header, packed: u64 ts_ns · u64 tid · u32 len · u16 type · u32 nparams
//   then nparams lengths (u16; u32 for types with the large-payload flag), then the parameters back to back.

import { count } from "./memory/counters";
import { ASYNCEVENT_E, CONTAINER_E, EVENT_COUNT, PLUGINEVENT_E } from "./generated/events";
import {
  COUNT_EVENTS,
  COUNT_EVENTS_DAMAGED,
  EVENT_HEADER_BYTES,
  MARKED_EVENT,
  TYPE_COUNTS_AT,
} from "./generated/layout";
import { view } from "./strings/view";

/** Most parameters that an event can have. */
// @ts-ignore: decorator
@inline export const MAX_PARAMS: u32 = 64;

/** Parameters that are found at once. */
// @ts-ignore: decorator
@inline const FEW: u32 = 8;

/** From where a parameter's beginning is kept to its length: room for the beginnings of all. */
// @ts-ignore: decorator
@inline const SIZES: usize = 64 * 4;

/** Bytes of an `Event` in static memory: its fields, where each parameter begins, how long it is. */
// @ts-ignore: decorator
@inline export const EVENT_BYTES: i32 = 48 + 64 * 4 + 64 * 4;

/** by number of parameters: 16 bytes that keep so many lengths of eight */
const firstLengths: usize = memory.data(9 * 16, 16);
for (let n: u32 = 0; n <= FEW; n++) {
  for (let i: u32 = 0; i < n; i++) store<u16>(firstLengths + (<usize>n << 4) + (<usize>i << 1), 0xffff);
}

@unmanaged
export class Event {
  /** address of the header */
  at: u32;
  /** header included */
  bytes: u32;
  /** by a monotonic clock: what is compared and subtracted */
  timeNs: u64;
  tid: i64;
  /** process of the thread, which only the records of the probe name; −1 = not known */
  pid: i64;
  type: u32;
  /** how many parameters it has */
  params: u32;
  cpu: i32;
  /** not 0: the kernel's filter would have left it out (shadow mode) */
  marked: u32;
  // where each parameter begins, and how long each is, follow

  /**
   * Reads the record at `at`; nothing is changed unless it is whole.
   * @param bytes readable from `at`
   * @param type what it is taken for
   */
  // @ts-ignore: decorator
  @inline
  read(at: usize, bytes: usize, type: u32): bool {
    const length: usize = load<u32>(at, 16);
    if (length > bytes || length < EVENT_HEADER_BYTES) return false;
    const counted = load<u32>(at, 22);
    const params = counted & ~<u32>MARKED_EVENT;
    if (!this.locateParams(at, length, params, hasLargeLengths(type))) return false;
    this.at = <u32>at;
    this.bytes = <u32>length;
    this.timeNs = load<u64>(at);
    this.tid = load<i64>(at, 8);
    this.pid = -1;
    this.type = type;
    this.params = params;
    this.marked = counted & <u32>MARKED_EVENT;
    return true;
  }

  /** Finds the parameters of an event of `bytes` bytes; false when they reach beyond its end. */
  // @ts-ignore: decorator
  @inline
  locateParams(at: usize, bytes: usize, params: u32, large: bool): bool {
    const lengthBytes: usize = large ? 4 : 2;
    if (params > MAX_PARAMS || bytes < EVENT_HEADER_BYTES + <usize>params * lengthBytes) return false;
    let length = at + EVENT_HEADER_BYTES;
    const values = length + <usize>params * lengthBytes;
    if (!large && bytes <= 0xffff) {
      if (params <= FEW) return this.locateFew(0, length, params, values) <= <u32>(at + bytes - values);
      return this.locateMany(length, params, values) <= <u32>(at + bytes - values);
    }
    // counted from the first value in 64 bits, since lengths of 32 bits may add up to anything
    let used: u64 = 0;
    for (let i: u32 = 0; i < max(params, FEW); i++, length += lengthBytes) {
      const size: u32 = i >= params ? 0 : large ? load<u32>(length) : <u32>load<u16>(length);
      store<u32>(this.slotOf(i), <u32>values + <u32>used);
      store<u32>(this.slotOf(i), size, SIZES);
      used += size;
    }
    return used <= at + bytes - values;
  }

  /** Whether the parameters of an event with small lengths end where it does or before: what `locateParams` says. */
  // @ts-ignore: decorator
  @inline
  areParamsWhole(at: usize, bytes: usize, params: u32): bool {
    if (params > FEW || bytes > 0xffff) return this.locateParams(at, bytes, params, false);
    const values = at + EVENT_HEADER_BYTES + (<usize>params << 1);
    return values <= at + bytes && sumOf(fewLengths(at + EVENT_HEADER_BYTES, params)) <= <u32>(at + bytes - values);
  }

  /**
   * The same for at most eight parameters, the first of which has number `first` and begins at `value`: without a loop, whose end
   * would be guessed wrong for every other event. Parameters that are not there have no length.
   * @returns how long they are together
   */
  // @ts-ignore: decorator
  @inline
  locateFew(first: u32, at: usize, params: u32, value: usize): u32 {
    const lengths = fewLengths(at, params);
    // where each ends: sums up to each, in both halves, then those of the first half added to the second
    let ends = i16x8.add(lengths, i64x2.shl(lengths, 16));
    ends = i16x8.add(ends, i64x2.shl(ends, 32));
    const half = <i64>i16x8.extract_lane_u(ends, 3) * 0x0001000100010001;
    ends = i16x8.add(ends, i64x2.replace_lane(i64x2.splat(0), 1, half));
    const begins = i16x8.sub(ends, lengths), from = i32x4.splat(<i32>value);
    const slot = this.slotOf(first);
    v128.store(slot, i32x4.add(i32x4.extend_low_i16x8_u(begins), from));
    v128.store(slot, i32x4.add(i32x4.extend_high_i16x8_u(begins), from), 16);
    v128.store(slot, i32x4.extend_low_i16x8_u(lengths), SIZES);
    v128.store(slot, i32x4.extend_high_i16x8_u(lengths), SIZES + 16);
    return sumOf(lengths);
  }

  /** The same for any number of parameters, eight at a time. */
  locateMany(at: usize, params: u32, value: usize): u32 {
    let used: u32 = 0;
    for (let i: u32 = 0; i < params; i += FEW) {
      used += this.locateFew(i, at + (<usize>i << 1), min(params - i, FEW), value + used);
    }
    return used;
  }

  /** Records of the probe have the process in the upper half of the thread's number. */
  // @ts-ignore: decorator
  @inline
  splitThread(): void {
    const pid = <i64>(<u64>this.tid >> 32);
    this.tid &= 0xffffffff;
    this.pid = pid == 0 ? -1 : pid;
  }

  /** Where the beginning of parameter `i` is kept, and SIZES bytes further its length. */
  // @ts-ignore: decorator
  @inline
  slotOf(i: u32): usize {
    return changetype<usize>(this) + offsetof<Event>() + (<usize>i << 2);
  }

  /** The bytes of parameter `i` as they are; a view of length 0 when it is empty, 0 when it is not there. */
  // @ts-ignore: decorator
  @inline
  param(i: u32): u64 {
    return i >= this.params ? 0 : view(load<u32>(this.slotOf(i)), load<u32>(this.slotOf(i), SIZES));
  }

  /** Length of parameter `i`; 0 when it is not there. */
  // @ts-ignore: decorator
  @inline
  paramLength(i: u32): u32 {
    // the first ones have been given a length in any case
    return i < FEW || i < this.params ? load<u32>(this.slotOf(i), SIZES) : 0;
  }

  /** Address of parameter `i`, which must be there. */
  // @ts-ignore: decorator
  @inline
  paramAddress(i: u32): usize {
    return load<u32>(this.slotOf(i));
  }

  /** Parameter `i` as a number; 0 when it is missing or too short, as far as the state is concerned. */
  // @ts-ignore: decorator
  @inline
  paramNumber<T>(i: u32): T {
    if (this.paramLength(i) < sizeof<T>()) return 0;
    return load<T>(this.paramAddress(i));
  }
}

/** The lengths of at most eight parameters from `at` on, and zeros. What is read beyond them lies in the matcher's memory. */
// @ts-ignore: decorator
@inline
function fewLengths(at: usize, params: u32): v128 {
  return v128.and(v128.load(at), v128.load(firstLengths + (<usize>params << 4)));
}

/** How long the first `n` parameters are together, at most eight, whose lengths are at `at`. */
// @ts-ignore: decorator
@inline
export function bytesOfFirst(at: usize, n: u32): u32 {
  return sumOf(fewLengths(at, n));
}

// @ts-ignore: decorator
@inline
function sumOf(lengths: v128): u32 {
  const pairs = i32x4.extadd_pairwise_i16x8_u(lengths);
  const sums = i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
  return <u32>sums + <u32>(sums >> 32);
}

/** evt.num: counts every event from 1, those that no rule sees included. */
// @ts-ignore: decorator
@inline
export function eventNumber(): u64 {
  return load<u64>(COUNT_EVENTS);
}

/** The current event. */
export const event = changetype<Event>(memory.data(EVENT_BYTES, 8));

/** what the time of day has been set forward by since the start of a live run */
let clockShiftNs: i64 = 0;

/** Live: from now on the time of day differs by so much from that of the events. */
export function set_clock_shift(shiftNs: i64): void {
  clockShiftNs = shiftNs;
}

/** The event's time of day: what is shown. */
// @ts-ignore: decorator
@inline
export function eventDayNs(): u64 {
  return dayNs(event.timeNs);
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
  /** a type of a later version: skipped, not counted in evt.num; the caller counts it (COUNT_EVENTS_UNKNOWN) */
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
  if (bytes < EVENT_HEADER_BYTES) return damaged();
  const type: u32 = load<u16>(at, 20);
  if (type >= EVENT_COUNT) return Opened.UNKNOWN;
  if (!event.read(at, bytes, type)) return damaged();
  event.cpu = cpu;
  count(COUNT_EVENTS);
  count(TYPE_COUNTS_AT + (<usize>type << 3));
  return Opened.YES;
}

function damaged(): i32 {
  count(COUNT_EVENTS_DAMAGED);
  return Opened.DAMAGED;
}

/** Whether the lengths of the event at `at`, whose header is readable and whose type has small lengths, add up. */
export function isWhole(at: usize, bytes: usize): bool {
  const length: usize = load<u32>(at, 16);
  return length <= bytes && length >= EVENT_HEADER_BYTES && event.areParamsWhole(at, length, load<u32>(at, 22));
}

/** Makes a record of the probe that is no event the current one, as far as thread, time and parameters go. */
export function openOwnRecord(at: usize, bytes: usize): bool {
  if (!event.read(at, bytes, 0)) {
    count(COUNT_EVENTS_DAMAGED);
    return false;
  }
  event.splitThread();
  return true;
}

// parameters of the current event

/** Whether parameter `i` is there and not empty. */
// @ts-ignore: decorator
@inline
export function hasParam(i: u32): bool {
  return event.paramLength(i) != 0;
}

// @ts-ignore: decorator
@inline
export function param(i: u32): u64 {
  return event.param(i);
}

// @ts-ignore: decorator
@inline
export function paramLength(i: u32): u32 {
  return event.paramLength(i);
}

// @ts-ignore: decorator
@inline
export function paramAddress(i: u32): usize {
  return event.paramAddress(i);
}

// @ts-ignore: decorator
@inline
export function paramNumber<T>(i: u32): T {
  return event.paramNumber<T>(i);
}
