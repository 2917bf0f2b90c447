// Fields made of the event's parameters: evt.args, evt.arg, evt.rawarg, evt.buffer.
// In: the parameters by position or by name. Out: text as render/param.ts makes it, or the parameter itself: a
// number, or a view of its bytes. The rule compiler, which knows the type of the event, prefers positions.

import { event, param } from "../event";
import { GENERIC_X } from "../generated/events";
import {
  eventParamCount,
  paramName,
  paramType,
  PT_BYTEBUF,
  PT_CHARBUF,
  PT_CHARBUFARRAY,
  PT_CHARBUFPAIRARRAY,
  PT_DYN,
  PT_ERRNO,
  PT_FD,
  PT_FDLIST,
  PT_FSPATH,
  PT_FSRELPATH,
  PT_INT16,
  PT_INT32,
  PT_INT64,
  PT_INT8,
  PT_IPV6ADDR,
  PT_PID,
  PT_SOCKADDR,
  PT_SOCKTUPLE,
} from "../generated/tables";
import { equalBytes } from "../memory/bytes";
import { EMPTY, literal } from "../strings/literal";
import { readNumber, readSigned } from "../render/number";
import { paramCount, ParamText, renderParam } from "../render/param";
import { begin, finish, putByte, putText } from "../strings/writer";
import { paramText } from "../state/params";
import { NO_NUMBER, viewAt, viewBytes } from "../strings/view";

const DATA = literal("data");

/** Both texts of each parameter: they are rendered before the line is begun, since only one text can be open. */
const texts: usize = memory.data(64 * 16, 8);

// @ts-ignore: decorator
@inline
function textAt(i: u32): ParamText {
  return changetype<ParamText>(texts + (<usize>i << 4));
}

/** `name=value(meaning) …` */
export function evt_args(): u64 {
  // the parameters of calls without an event type of their own are none of the call's
  if (event.type == GENERIC_X) return EMPTY;
  const count = paramCount();
  for (let i: u32 = 0; i < count; i++) renderParam(i, textAt(i));
  begin();
  for (let i: u32 = 0; i < count; i++) {
    if (i != 0) putByte(32);
    putText(paramName(event.type, i));
    putByte(61);
    putText(textAt(i).value);
    const resolved = textAt(i).resolved;
    if (viewBytes(resolved) == 0) continue;
    putByte(40);
    putText(resolved);
    putByte(41);
  }
  return finish();
}

export function evt_info(): u64 {
  return evt_args();
}

/** Text of a parameter: what it means, or else its value. */
export function evt_arg(index: i32): u64 {
  if (<u32>index >= paramCount()) return 0;
  const text = textAt(0);
  renderParam(index, text);
  return viewBytes(text.resolved) != 0 ? text.resolved : text.value;
}

export function evt_arg_named(name: u64): u64 {
  return evt_arg(positionOf(name));
}

/** Position of a parameter in the current event; −1 when it has none of that name. */
export function positionOf(name: u64): i32 {
  const count = paramCount(), bytes = viewBytes(name);
  for (let i: u32 = 0; i < count; i++) {
    const found = paramName(event.type, i);
    if (viewBytes(found) == bytes && equalBytes(viewAt(found), viewAt(name), bytes)) return i;
  }
  return -1;
}

/** Whether a parameter of this type is compared as bytes or text; the others are numbers. */
export function isTextType(type: u32): bool {
  switch (type) {
    case PT_CHARBUF:
    case PT_FSPATH:
    case PT_FSRELPATH:
    case PT_BYTEBUF:
    case PT_SOCKADDR:
    case PT_SOCKTUPLE:
    case PT_FDLIST:
    case PT_DYN:
    case PT_CHARBUFARRAY:
    case PT_CHARBUFPAIRARRAY:
    case PT_IPV6ADDR:
      return true;
    default:
      return false;
  }
}

/** The parameter itself: a view for texts and buffers (0 = missing), else a number (NO_NUMBER = missing). */
export function evt_rawarg(index: i32): i64 {
  if (<u32>index >= eventParamCount(event.type)) return NO_NUMBER;
  const type = paramType(event.type, index);
  const value = param(index);
  switch (type) {
    case PT_CHARBUF:
    case PT_FSPATH:
    case PT_FSRELPATH:
      return value == 0 ? 0 : <i64>paramText(index);
    case PT_INT8:
    case PT_INT16:
    case PT_INT32:
    case PT_INT64:
    case PT_ERRNO:
    case PT_FD:
    case PT_PID:
      return viewBytes(value) == 0 ? NO_NUMBER : readSigned(value);
    default:
      if (viewBytes(value) == 0) return isTextType(type) ? 0 : NO_NUMBER;
      return isTextType(type) ? <i64>value : <i64>readNumber(value);
  }
}

/** The same by name; NO_NUMBER, which is no view, when the event has none of that name. */
export function evt_rawarg_named(name: u64): i64 {
  return evt_rawarg(positionOf(name));
}

/** The data that was read or written. */
export function evt_buffer(): u64 {
  const index = positionOf(DATA);
  return index >= 0 && isTextType(paramType(event.type, index)) ? <u64>evt_rawarg(index) : 0;
}
