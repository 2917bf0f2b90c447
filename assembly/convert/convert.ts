// Converts events of older captures to the current types, before anything else sees them.
// In: an event as the capture has it. Out: the event to go on with, or that there is none: an enter event that is
// only kept for its exit event, a type that is no longer used.
// Elsewhere: what becomes what (schema/conversions.ts), the enter events (entered.ts).

import { count } from "../memory/counters";
import { hasLargeLengths, MAX_PARAMS } from "../event";
import { CONVERSION_ENTRIES, CONVERSION_INDEX } from "../generated/conversions";
import { EF_CONVERTER_MANAGED, EF_OLD_VERSION, EF_UNUSED, EVENT_COUNT } from "../generated/events";
import { COUNT_EVENTS_DAMAGED, COUNT_EVENTS_UNKNOWN, EVENT_HEADER_BYTES } from "../generated/layout";
import {
  eventFlags,
  eventParamCount,
  paramType,
  PT_GID,
  PT_UID,
} from "../generated/tables";
import { allocate } from "../memory/heap";
import { view, viewAt, viewBytes } from "../strings/view";
import { dropEntered, enteredOf, keepEntered } from "./entered";
import { typeBytes } from "./type_bytes";

/** What `convert` gives when there is no event to go on with; any other result is the address of one. */
// deno-fmt-ignore
export namespace Converted {
  export const NOTHING: usize = 0;
  /** the lengths of the event do not add up */
  export const DAMAGED: usize = 1;
}

// deno-fmt-ignore
namespace Action {
  export const STORE: u8 = 0; export const PASS: u8 = 1; export const KEEP: u8 = 2;
}

// deno-fmt-ignore
namespace Source {
  export const OLD: u8 = 0; export const ENTER: u8 = 1; export const ENTER_OR_EMPTY: u8 = 2;
  export const EMPTY: u8 = 3; export const DEFAULT: u8 = 4; export const CONTAINER_JSON: u8 = 5;
}

/** The longest event that is converted, and what conversions may add to it. */
const MOST_BYTES: usize = (1 << 16) + 4096;
/** More parameters than an event can have. */
const NEVER: u32 = 0xffff;
/** The longest way to a current event has about ten steps. */
const MOST_STEPS: i32 = 32;

/** two buffers, of which one holds what the last step has made */
let buffers: usize = 0;
/** u16 per type: an event with at least so many parameters is current */
const fewest: usize = memory.data(454 * 2, 8);
/** the event that is being made: where its next parameter goes */
let out: usize = 0;
let outEnd: usize = 0;

/** Whether an event, whose header is readable, is current: one load, since nearly all are. */
// @ts-ignore: decorator
@inline
export function isOfToday(event: usize): bool {
  const type: u32 = load<u16>(event, 20);
  return type >= EVENT_COUNT || load<u32>(event, 22) >= <u32>load<u16>(fewest + (<usize>type << 1));
}

/** Once: how many parameters make an event a current one. */
export function initConversions(): void {
  for (let type: u32 = 0; type < EVENT_COUNT; type++) store<u16>(fewest + (<usize>type << 1), fewestOf(type));
}

function fewestOf(type: u32): u16 {
  const flags = eventFlags(type);
  if ((flags & (EF_UNUSED | EF_OLD_VERSION)) != 0) return <u16>NEVER;
  if ((flags & EF_CONVERTER_MANAGED) == 0) return 0;
  const all = eventParamCount(type);
  if ((type & 1) != 0) return <u16>all;
  // of the enter events some go on as they are when they have everything
  const entry = entryOf(type, all);
  return <u16>(entry != 0 && load<u8>(entry, 1) == Action.PASS ? all : NEVER);
}

/** Converts an event that is not current. */
export function convert(event: usize, bytes: usize): usize {
  if (bytes > 1 << 16 || !addsUp(event, bytes)) {
    count(COUNT_EVENTS_DAMAGED);
    return Converted.DAMAGED;
  }
  if (buffers == 0) buffers = allocate(MOST_BYTES * 2);
  if (buffers == 0) return Converted.NOTHING;
  let at = event;
  for (let step = 0; step < MOST_STEPS && !isOfToday(at); step++) {
    const type: u32 = load<u16>(at, 20);
    const entry = entryOf(type, load<u32>(at, 22));
    if (entry == 0) return isStillUsed(type) ? at : Converted.NOTHING;
    const action = load<u8>(entry, 1);
    if (action == Action.PASS) return at;
    if (action == Action.STORE || action == Action.KEEP) {
      keepEntered(at, load<u32>(at, 16), load<i64>(at, 8));
      return action == Action.KEEP ? at : Converted.NOTHING;
    }
    const to = buffers + MOST_BYTES * (step & 1);
    if (!make(entry, at, to)) {
      count(COUNT_EVENTS_DAMAGED);
      return Converted.NOTHING;
    }
    at = to;
  }
  return at;
}

/** Enter events without a successor and what no version uses any more go; a number of parameters that is new stays. */
function isStillUsed(type: u32): bool {
  const flags = eventFlags(type);
  if ((flags & EF_UNUSED) != 0 || (type & 1) == 0) return false;
  if ((flags & EF_OLD_VERSION) == 0) return true;
  count(COUNT_EVENTS_UNKNOWN);
  return false;
}

/** What becomes of an event of this type with so many parameters; 0 when nothing does. */
function entryOf(type: u32, params: u32): usize {
  const begin: usize = load<u16>(CONVERSION_INDEX + (<usize>type << 1));
  if (begin == 0) return 0;
  let entry = CONVERSION_ENTRIES + begin - 1;
  while (load<u8>(entry) != 255) {
    if (load<u8>(entry) == params) return entry;
    entry += 5 + <usize>load<u8>(entry, 4);
  }
  return 0;
}

/** Makes the event that an entry describes, at `to`, out of an old one; false when there is no room. */
function make(entry: usize, old: usize, to: usize): bool {
  const type: u32 = load<u16>(entry, 2), params: u32 = load<u8>(entry, 4);
  const lengthBytes: usize = hasLargeLengths(type) ? 4 : 2;
  memory.copy(to, old, EVENT_HEADER_BYTES);
  store<u16>(to, <u16>type, 20);
  store<u32>(to, params, 22);
  out = to + EVENT_HEADER_BYTES + <usize>params * lengthBytes;
  outEnd = to + MOST_BYTES;
  const tid = load<i64>(old, 8);
  let entered = enteredOf(tid);
  if (entered != 0 && load<u16>(entered, 20) != load<u16>(old, 20) - 1) entered = 0;
  let usedEntered = false;
  for (let i: u32 = 0; i < params; i++) {
    const source = load<u8>(entry + <usize>i, 5);
    const kind = source >> 5, index: u32 = source & 31;
    const begin = out;
    let done = true;
    switch (kind) {
      case Source.OLD:
        done = put(type, i, find(old, index));
        break;
      case Source.ENTER:
      case Source.ENTER_OR_EMPTY:
        const fromEntered = entered == 0 ? 0 : find(entered, index);
        if (fromEntered != 0) {
          usedEntered = true;
          done = put(type, i, fromEntered);
        } else if (kind == Source.ENTER) putDefault(type, i);
        break;
      case Source.DEFAULT:
        putDefault(type, i);
        break;
      case Source.CONTAINER_JSON:
        done = putContainerJson(old);
        break;
    }
    if (!done) return false;
    const at = to + EVENT_HEADER_BYTES + <usize>i * lengthBytes;
    if (lengthBytes == 4) store<u32>(at, <u32>(out - begin));
    else store<u16>(at, <u16>(out - begin));
  }
  if (usedEntered) dropEntered(tid);
  store<u32>(to, <u32>(out - to), 16);
  return true;
}

/** Whether the lengths of an event and of its parameters fit into each other. */
function addsUp(event: usize, bytes: usize): bool {
  const length: usize = load<u32>(event, 16);
  const params = load<u32>(event, 22);
  if (length > bytes || length < EVENT_HEADER_BYTES || params > MAX_PARAMS) return false;
  const lengthBytes: usize = hasLargeLengths(load<u16>(event, 20)) ? 4 : 2;
  let sum: u64 = EVENT_HEADER_BYTES + <u64>params * lengthBytes;
  if (sum > length) return false;
  for (let i: u32 = 0; i < params; i++) sum += lengthOf(event, i, lengthBytes);
  return sum <= length;
}

// @ts-ignore: decorator
@inline
function lengthOf(event: usize, i: u32, lengthBytes: usize): usize {
  const at = event + EVENT_HEADER_BYTES + <usize>i * lengthBytes;
  return lengthBytes == 4 ? load<u32>(at) : <usize>load<u16>(at);
}

/** A parameter of an event whose lengths have been checked; 0 when it has fewer. */
function find(event: usize, index: u32): u64 {
  const params = load<u32>(event, 22);
  if (index >= params) return 0;
  const lengthBytes: usize = hasLargeLengths(load<u16>(event, 20)) ? 4 : 2;
  let at = event + EVENT_HEADER_BYTES + <usize>params * lengthBytes;
  for (let i: u32 = 0; i < index; i++) at += lengthOf(event, i, lengthBytes);
  return view(at, lengthOf(event, index, lengthBytes));
}

/** Puts a parameter, no longer than its new type may be; false when there is none, or no room. */
function put(type: u32, i: u32, value: u64): bool {
  if (value == 0) return false;
  const most = typeBytes(paramType(type, i));
  const bytes = min<usize>(viewBytes(value), most != 0 ? most : 0xffff);
  if (bytes > outEnd - out) return false;
  memory.copy(out, viewAt(value), bytes);
  out += bytes;
  return true;
}

/** Zero, or for users and groups the id of nobody; lists and texts are empty. */
function putDefault(type: u32, i: u32): void {
  const kind = paramType(type, i);
  const bytes = typeBytes(kind);
  if (bytes > outEnd - out) return;
  memory.fill(out, kind == PT_UID || kind == PT_GID ? 0xff : 0, bytes);
  out += bytes;
}

/** Id, type, name and image of a container as the JSON of its record, ended by NUL. */
function putContainerJson(old: usize): bool {
  putAscii('{"container":{"id":"');
  putEscaped(old, 0);
  putAscii('","type":');
  const type = find(old, 1);
  putDecimal(viewBytes(type) >= 4 ? load<u32>(viewAt(type)) : 0);
  putAscii(',"name":"');
  putEscaped(old, 2);
  putAscii('","image":"');
  putEscaped(old, 3);
  putAscii('"}}\0');
  return out < outEnd;
}

function putAscii(text: string): void {
  for (let i = 0; i < text.length && out < outEnd; i++) {
    store<u8>(out++, load<u8>(changetype<usize>(text) + (<usize>i << 1)));
  }
}

function putDecimal(n: u32): void {
  let unit: u32 = 1;
  while (n / unit >= 10) unit *= 10;
  for (; unit != 0 && out < outEnd; unit /= 10) store<u8>(out++, <u8>(48 + n / unit % 10));
}

function putEscaped(old: usize, index: u32): void {
  const text = find(old, index);
  for (let i: usize = 0; i < viewBytes(text) && out + 1 < outEnd; i++) {
    const c = load<u8>(viewAt(text) + i);
    if (c == 0) return;
    if (c == 34 || c == 92) store<u8>(out++, 92);
    store<u8>(out++, c);
  }
}
