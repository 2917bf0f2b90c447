// One parameter of the current event as text, as evt.args and evt.arg show it.
// In: the parameter's position. Out: its plain value and what it means (an fd's name, an error's name, names of
// flags, an absolute path), in a place that the caller gives.
// Elsewhere: how several parameters make a line (fields/evt_args.ts), numbers for comparison (fields/evt_args.ts).

import { event, param } from "../event";
import {
  errnoName,
  eventParamCount,
  flagTable,
  paramDirfd,
  paramFormat,
  paramType,
  PT_ABSTIME,
  PT_BYTEBUF,
  PT_CHARBUF,
  PT_CHARBUFARRAY,
  PT_CHARBUFPAIRARRAY,
  PT_DYN,
  PT_ENUMFLAGS16,
  PT_ENUMFLAGS32,
  PT_ENUMFLAGS8,
  PT_ERRNO,
  PT_FD,
  PT_FD32,
  PT_FDLIST,
  PT_FLAGS16,
  PT_FLAGS32,
  PT_FLAGS8,
  PT_FSPATH,
  PT_FSRELPATH,
  PT_GID,
  PT_INT16,
  PT_INT32,
  PT_INT64,
  PT_INT8,
  PT_MODE,
  PT_PID,
  PT_PID32,
  PT_RELTIME,
  PT_SIGSET,
  PT_SIGTYPE,
  PT_SOCKADDR,
  PT_SOCKTUPLE,
  PT_SYSCALLID,
  PT_UID,
  PT_UINT16,
  PT_UINT32,
  PT_UINT64,
  PT_UINT8,
  signalName,
  syscallName,
  variantType,
} from "../generated/tables";
import { view, viewAt, viewBytes } from "../strings/view";
import { putSockaddr, putSocktuple } from "../strings/address";
import { putData } from "./buffer";
import { putEnum, putFlags, putMode } from "./flags";
import { literal, NOT_AVAILABLE, putLiteral } from "../strings/literal";
import { putFormatted, readNumber, readSigned } from "./number";
import { fdText, putFdList } from "./fd";
import { groupText, pathText, pidText, userText } from "./resolve";
import { isNullText } from "../state/params";
import { putDuration, putTime } from "./time";
import { begin, finish, putByte, putInt, putText, putUnsigned, written } from "../strings/writer";

@unmanaged
export class ParamText {
  value: u64;
  /** 0 when the value means nothing else */
  resolved: u64;
}

const NULL_TEXT = literal("NULL");
const NONE = literal("<NONE>");
const NO_TEXT = literal("(null)");
const MINUS_ONE = literal("-1");
const NO_TIME = literal("none");
const BAD_VARIANT = literal("INVALID DYNAMIC PARAMETER");
const NOT_PRINTABLE = literal("(n.a.)");

/** How many parameters the event has that the schema knows. */
export function paramCount(): u32 {
  return min(event.params, eventParamCount(event.type));
}

/** The bytes of a text parameter up to the NUL that ends it. */
export function textOfParam(i: u32): u64 {
  const v = param(i);
  const at = viewAt(v), bytes = viewBytes(v);
  return bytes != 0 && load<u8>(at + bytes - 1) == 0 ? view(at, bytes - 1) : v;
}

/** Finishes a text; an empty one means nothing. */
function finishResolved(): u64 {
  return written() == 0 ? drop() : finish();
}

function drop(): u64 {
  finish();
  return 0;
}

/** Renders parameter `i`, which must be below paramCount(). */
export function renderParam(i: u32, into: ParamText): void {
  into.resolved = 0;
  const value = param(i);
  const type = paramType(event.type, i);
  const isText = type == PT_CHARBUF || type == PT_FSPATH || type == PT_FSRELPATH;
  if (isText && isNullText(viewAt(value), viewBytes(value))) {
    into.value = NOT_AVAILABLE;
    return;
  }
  if (viewBytes(value) == 0) {
    const buffer = type == PT_BYTEBUF || type == PT_SOCKTUPLE || type == PT_FDLIST || type == PT_DYN ||
      type == PT_CHARBUFARRAY || type == PT_CHARBUFPAIRARRAY;
    into.value = buffer ? NULL_TEXT : NOT_AVAILABLE;
    return;
  }
  if (type != PT_DYN) return renderValue(i, type, value, into);
  const variant = variantType(event.type, i, load<u8>(viewAt(value)));
  if (variant == 0) into.value = BAD_VARIANT;
  else renderValue(i, variant, view(viewAt(value) + 1, viewBytes(value) - 1), into);
}

function renderValue(i: u32, type: u32, value: u64, into: ParamText): void {
  switch (type) {
    case PT_CHARBUF: {
      const at = viewAt(value), bytes = viewBytes(value);
      // only the text variant of a dyn parameter can be empty here
      if (bytes == 0) into.value = NO_TEXT;
      else into.value = load<u8>(at + bytes - 1) == 0 ? view(at, bytes - 1) : value;
      return;
    }
    case PT_FSPATH:
    case PT_FSRELPATH:
      into.value = textOfParam(i);
      into.resolved = pathText(into.value, type == PT_FSRELPATH ? paramDirfd(event.type, i) : -1);
      return;
    case PT_FD:
    case PT_FD32:
      into.value = decimal(readSigned(value));
      into.resolved = fdText(readSigned(value));
      return;
    case PT_PID:
    case PT_PID32:
      into.value = decimal(readSigned(value));
      into.resolved = pidText(readSigned(value));
      return;
    case PT_ERRNO:
      into.value = decimal(readSigned(value));
      if (readSigned(value) < 0) into.resolved = errnoName(<i32>readSigned(value));
      return;
    case PT_UID:
    case PT_GID: {
      const id = <u32>readNumber(value);
      if (id == 0xffffffff) {
        into.value = MINUS_ONE;
        into.resolved = NONE;
        return;
      }
      into.value = decimal(<i32>id);
      into.resolved = type == PT_UID ? userText(id) : groupText(id);
      return;
    }
    case PT_SYSCALLID:
      into.value = decimal(<i64>readNumber(value));
      into.resolved = syscallName(<u32>readNumber(value));
      return;
    case PT_SIGTYPE:
      into.value = decimal(<i64>readNumber(value));
      into.resolved = signalName(<u32>readNumber(value));
      return;
    case PT_FLAGS8:
    case PT_FLAGS16:
    case PT_FLAGS32:
    case PT_ENUMFLAGS8:
    case PT_ENUMFLAGS16:
    case PT_ENUMFLAGS32:
    case PT_MODE:
      return renderFlags(i, type, <u32>readNumber(value), into);
    case PT_RELTIME: {
      const ns = readNumber(value);
      if (ns == u64.MAX_VALUE) {
        into.value = NO_TIME;
        return;
      }
      begin();
      putUnsigned(ns);
      into.value = finish();
      begin();
      putDuration(ns);
      into.resolved = finish();
      return;
    }
    default:
      begin();
      putPlain(i, type, value);
      into.value = finish();
  }
}

function decimal(n: i64): u64 {
  begin();
  putInt(n);
  return finish();
}

function renderFlags(i: u32, type: u32, value: u32, into: ParamText): void {
  begin();
  // flags are decimal whatever their format says; modes are octal
  if (type == PT_MODE) putFormatted(value, 4, paramFormat(event.type, i));
  else putUnsigned(value);
  into.value = finish();
  const table = flagTable(event.type, i);
  if (table == 0) return;
  begin();
  if (type == PT_MODE) putMode(value, table);
  else if (type <= PT_FLAGS32) putFlags(value, table);
  else putEnum(value, table);
  into.resolved = finishResolved();
}

/** Types whose text is all there is to say. */
function putPlain(i: u32, type: u32, value: u64): void {
  switch (type) {
    case PT_INT8:
    case PT_INT16:
    case PT_INT32:
    case PT_INT64:
      return putFormatted(readSigned(value), <u32>viewBytes(value), paramFormat(event.type, i));
    case PT_UINT8:
    case PT_UINT16:
      return putFormatted(<i64>readNumber(value), 4, paramFormat(event.type, i));
    case PT_UINT32:
    case PT_UINT64:
      // printed as signed numbers: an unset uid is -1
      return putFormatted(readSigned(value), <u32>viewBytes(value), paramFormat(event.type, i));
    case PT_BYTEBUF:
      return putData(value);
    case PT_SOCKADDR:
      return putSockaddr(value);
    case PT_SOCKTUPLE:
      return putSocktuple(value);
    case PT_FDLIST:
      return putFdList(value);
    case PT_ABSTIME:
      return putTime(readNumber(value));
    case PT_SIGSET:
      return putSignals(<u32>readNumber(value));
    default:
      return putText(NOT_PRINTABLE);
  }
}

function putSignals(set: u32): void {
  let first = true;
  for (let bit: u32 = 0; bit < 32; bit++) {
    if ((set >> bit & 1) == 0) continue;
    const name = signalName(bit + 1);
    if (name == 0) continue;
    if (!first) putByte(32);
    first = false;
    putText(name);
  }
}
