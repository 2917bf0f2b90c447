// The values of an alert: the generated rule code puts them one after the other into the OUT region, then hands
// the alert to the host. In: views and numbers, missing ones included. Out: host.on_alert(rule, at, bytes).
//
// Header and kinds of values: schema/wire.ts.
// Elsewhere: making the texts harmless and writing them (outputs/).

import { count } from "./memory/counters";
import { event, eventDayNs, eventNumber, param } from "./event";
import {
  COUNT_ALERTS,
  COUNT_ALERTS_TRUNCATED,
  COUNT_MARKED_MATCHED,
  OUT_AT,
  OUT_BYTES,
} from "./generated/layout";
import {
  eventParamCount,
  paramFormat,
  paramType,
  PF_DEC,
  PF_HEX,
  PF_ID,
  PT_BYTEBUF,
  PT_ERRNO,
  PT_FD,
  PT_INT16,
  PT_INT32,
  PT_INT64,
  PT_INT8,
  PT_PID,
} from "./generated/tables";
import { evt_rawarg, isTextType, positionOf } from "./fields/evt_args";
import { EMPTY, literal } from "./strings/literal";
import { ALERT_BYTES, ALERT_COUNT, ALERT_EVENT_NUMBER, ALERT_EVENT_TYPE, ALERT_TID, KIND_BOOL, KIND_BYTES, KIND_DOUBLE, KIND_INT, KIND_IP, KIND_LIST, KIND_MISSING, KIND_TEXT, KIND_TIME, KIND_UINT } from "./generated/wire";
import { on_alert } from "./host";
import { begin, finish, putInt, putUnsigned } from "./strings/writer";
import { NO_NUMBER, viewAt, viewBytes } from "./strings/view";

// @ts-ignore: decorator
@inline const END: usize = OUT_AT + OUT_BYTES;
/** For the values that follow one that is too long. */
// @ts-ignore: decorator
@inline const RESERVE: usize = 1024;

const ZERO = literal("0");

let at: usize = OUT_AT + ALERT_BYTES;
let values: u32 = 0;
let truncated: bool = false;

export function out_begin(rule: i32): void {
  store<u32>(OUT_AT, rule);
  store<u32>(OUT_AT, event.type, ALERT_EVENT_TYPE);
  store<u64>(OUT_AT, eventDayNs(), 8);
  store<u64>(OUT_AT, eventNumber(), ALERT_EVENT_NUMBER);
  store<i64>(OUT_AT, event.tid, ALERT_TID);
  at = OUT_AT + ALERT_BYTES;
  values = 0;
  truncated = false;
}

export function out_end(): void {
  store<u64>(OUT_AT, values, ALERT_COUNT);
  count(COUNT_ALERTS);
  if (event.marked != 0) count(COUNT_MARKED_MATCHED);
  if (truncated) count(COUNT_ALERTS_TRUNCATED);
  on_alert(load<i32>(OUT_AT), <i32>OUT_AT, <i32>(at - OUT_AT));
}

/** Begins a value that needs `bytes` bytes after its kind; false when there is no room and it must stay missing. */
function begins(kind: u8, bytes: usize): bool {
  // values that come later need a byte each, even if only to say that they are missing
  if (bytes + RESERVE > END - at) {
    truncated = true;
    if (at < END) {
      values++;
      store<u8>(at++, KIND_MISSING);
    }
    return false;
  }
  values++;
  store<u8>(at++, kind);
  return true;
}

function missing(): void {
  begins(KIND_MISSING, 0);
}

/** A view that cannot be one, since a number was taken for it, counts as missing. */
function isMissing(v: u64): bool {
  return v == 0 || <i64>v == NO_NUMBER || (v >> 32) + (v & 0xffffffff) > <u64>memory.size() << 16;
}

function buffer(kind: u8, v: u64): void {
  if (isMissing(v)) return missing();
  const bytes = viewBytes(v);
  if (!begins(kind, bytes + 4)) return;
  store<u32>(at, <u32>bytes);
  memory.copy(at + 4, viewAt(v), bytes);
  at += bytes + 4;
}

function number(kind: u8, n: i64): void {
  if (n == NO_NUMBER) return missing();
  if (!begins(kind, 8)) return;
  store<i64>(at, n);
  at += 8;
}

export function out_text(v: u64): void {
  buffer(KIND_TEXT, v);
}

export function out_int(n: i64): void {
  number(KIND_INT, n);
}

export function out_uint(n: i64): void {
  number(KIND_UINT, n);
}

export function out_bool(n: i64): void {
  if (n == NO_NUMBER) return missing();
  if (begins(KIND_BOOL, 1)) store<u8>(at++, n != 0 ? 1 : 0);
}

/** An address; 4 or 16 bytes. */
export function out_ip(v: u64): void {
  if (isMissing(v) || viewBytes(v) > 16) return missing();
  const bytes = viewBytes(v);
  if (!begins(KIND_IP, bytes + 1)) return;
  store<u8>(at, <u8>bytes);
  memory.copy(at + 1, viewAt(v), bytes);
  at += bytes + 1;
}

export function out_time(ns: i64): void {
  number(KIND_TIME, ns);
}

export function out_bytes(v: u64): void {
  buffer(KIND_BYTES, v);
}

/** The bits of an f64. */
export function out_double(bits: i64): void {
  number(KIND_DOUBLE, bits);
}

/** A list of texts: a view of u32 count and then a view for each (match/list.ts). */
export function out_list(list: u64): void {
  if (isMissing(list)) return missing();
  const items = load<u32>(viewAt(list));
  if (!begins(KIND_LIST, 4)) return;
  const countAt = at;
  at += 4;
  const before = values;
  for (let i: u32 = 0; i < items; i++) {
    // a list without end must leave room for the values after it
    if (END - at < RESERVE + 8) {
      truncated = true;
      break;
    }
    buffer(KIND_TEXT, load<u64>(viewAt(list) + 8 + (<usize>i << 3)));
  }
  store<u32>(countAt, values - before);
  values = before;
}

/** A number without a format is a text in Falco's JSON. */
// @ts-ignore: decorator
@inline
function isUnformatted(format: u32): bool {
  return format != PF_DEC && format != PF_ID;
}

/** An empty parameter prints 0, though no condition on it holds. */
function emptyNumber(index: u32): void {
  if (isUnformatted(paramFormat(event.type, index))) out_text(ZERO);
  else out_int(0);
}

/** evt.rawarg of a name: its type, and so the kind of the value, depends on the event. */
export function out_rawarg(name: u64): void {
  const index = positionOf(name);
  if (index < 0 || <u32>index >= eventParamCount(event.type)) return missing();
  const value = evt_rawarg(index);
  const type = paramType(event.type, index);
  if (isTextType(type)) {
    // an empty parameter has a value here, though no condition on it holds
    const v: u64 = value == 0 && param(index) != 0 ? EMPTY : value;
    return type == PT_BYTEBUF ? out_bytes(v) : out_text(v);
  }
  if (value == NO_NUMBER) return param(index) == 0 ? missing() : emptyNumber(index);
  if (paramFormat(event.type, index) == PF_HEX) {
    begin();
    putUnsigned(value, 16);
    return out_text(finish());
  }
  switch (type) {
    case PT_INT64:
    case PT_FD:
    case PT_PID:
      if (isUnformatted(paramFormat(event.type, index))) {
        begin();
        putInt(value);
        return out_text(finish());
      }
      return out_int(value);
    case PT_INT8:
    case PT_INT16:
    case PT_INT32:
    case PT_ERRNO:
      return out_int(value);
    default:
      return out_uint(value);
  }
}
