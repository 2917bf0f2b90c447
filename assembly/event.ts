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

/** Parameters that are found at once, and the room for as many in front of the first (`Event.locateFew`). */
// @ts-ignore: decorator
@inline const FEW: u32 = 8;
// @ts-ignore: decorator
@inline const FEW_BYTES: usize = 64;

/** Bytes of an `Event` in static memory: its fields, room, the parameters. */
// @ts-ignore: decorator
@inline export const EVENT_BYTES: i32 = 56 + 64 + 64 * 8;

/** by number of parameters: 16 bytes that keep so many lengths at the end of eight */
const lastLengths: usize = memory.data(9 * 16, 16);
for (let n: u32 = 0; n <= FEW; n++) {
  for (let i: u32 = FEW - n; i < FEW; i++) store<u16>(lastLengths + (<usize>n << 4) + (<usize>i << 1), 0xffff);
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
  /** evt.num: counts every event from 1, those that no rule sees included */
  number: u64;
  type: u32;
  /** how many parameters it has */
  params: u32;
  cpu: i32;
  /** not 0: the kernel's filter would have left it out (shadow mode) */
  marked: u32;
  // address and length of each parameter follow

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
    if (!large && params <= FEW && bytes <= 0xffff) return this.locateFew(values, at + bytes, params);
    let slot = this.slotOf(0);
    // counted from the first value in 64 bits, since lengths of 32 bits may add up to anything
    let used: u64 = 0;
    for (; length < values; length += lengthBytes, slot += 8) {
      const size: u64 = large ? <u64>load<u32>(length) : <u64>load<u16>(length);
      store<u64>(slot, (values + <u32>used) | (size << 32));
      used += size;
    }
    return used <= at + bytes - values;
  }

  /**
   * The same without a loop, whose end would be guessed wrong for every other event. The lengths are the last ones of the eight
   * words in front of the values; what is in front of them counts as parameters without a length, and comes to lie in the room
   * in front of the first slot.
   */
  // @ts-ignore: decorator
  @inline
  locateFew(values: usize, end: usize, params: u32): bool {
    const lengths = v128.and(v128.load(values - 16), v128.load(lastLengths + (<usize>params << 4)));
    const pairs = i32x4.extadd_pairwise_i16x8_u(lengths);
    const sums = i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
    if (<usize>(<u32>sums) + <usize>(sums >> 32) > end - values) return false;
    // where each ends: sums up to each, in both halves, then those of the first half added to the second
    let ends = i16x8.add(lengths, i64x2.shl(lengths, 16));
    ends = i16x8.add(ends, i64x2.shl(ends, 32));
    const half = <i64>i16x8.extract_lane_u(ends, 3) * 0x0001000100010001;
    ends = i16x8.add(ends, i64x2.replace_lane(i64x2.splat(0), 1, half));
    const begins = i16x8.sub(ends, lengths), from = i32x4.splat(<i32>values);
    const first = i32x4.add(i32x4.extend_low_i16x8_u(begins), from);
    const second = i32x4.add(i32x4.extend_high_i16x8_u(begins), from);
    const firstBytes = i32x4.extend_low_i16x8_u(lengths), secondBytes = i32x4.extend_high_i16x8_u(lengths);
    const slot = this.slotOf(params) - FEW_BYTES;
    v128.store(slot, v128.shuffle<u32>(first, firstBytes, 0, 4, 1, 5));
    v128.store(slot, v128.shuffle<u32>(first, firstBytes, 2, 6, 3, 7), 16);
    v128.store(slot, v128.shuffle<u32>(second, secondBytes, 0, 4, 1, 5), 32);
    v128.store(slot, v128.shuffle<u32>(second, secondBytes, 2, 6, 3, 7), 48);
    return true;
  }

  /** Records of the probe have the process in the upper half of the thread's number. */
  // @ts-ignore: decorator
  @inline
  splitThread(): void {
    const pid = <i64>(<u64>this.tid >> 32);
    this.tid &= 0xffffffff;
    this.pid = pid == 0 ? -1 : pid;
  }

  // @ts-ignore: decorator
  @inline
  slotOf(i: u32): usize {
    return changetype<usize>(this) + offsetof<Event>() + FEW_BYTES + (<usize>i << 3);
  }

  /** The bytes of parameter `i` as they are; a view of length 0 when it is empty, 0 when it is not there. */
  // @ts-ignore: decorator
  @inline
  param(i: u32): u64 {
    return i >= this.params ? 0 : view(load<u32>(this.slotOf(i)), load<u32>(this.slotOf(i), 4));
  }

  /** Length of parameter `i`; 0 when it is not there. */
  // @ts-ignore: decorator
  @inline
  paramLength(i: u32): u32 {
    return i < this.params ? load<u32>(this.slotOf(i), 4) : 0;
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
  event.number++;
  count(COUNT_EVENTS);
  count(TYPE_COUNTS_AT + (<usize>type << 3));
  return Opened.YES;
}

function damaged(): i32 {
  count(COUNT_EVENTS_DAMAGED);
  return Opened.DAMAGED;
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
