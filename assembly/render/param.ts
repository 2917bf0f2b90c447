// One parameter of the current event as text, as evt.args and evt.arg show it.
// In: the parameter's position. Out: `paramValue`, the plain value, and `paramResolved`, what it stands for (an
// fd's name, an error's name, names of flags, an absolute path); 0 when it stands for nothing else.
// Elsewhere: how several parameters make a line (fields/evt_args.ts), numbers for comparison (fields/evt_args.ts).

import { eventParams, eventType, param } from "../event";
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
import { putSockaddr, putSocktuple } from "./address";
import { putData } from "./buffer";
import { putEnum, putFlags, putMode } from "./flags";
import { literal, NOT_AVAILABLE, putLiteral } from "./literal";
import { putFormatted, readNumber, readSigned } from "./number";
import { fdText, putFdList } from "./fd";
import { groupText, pathText, pidText, userText } from "./resolve";
import { isNullText } from "../state/params";
import { putDuration, putTime } from "./time";
import { begin, finish, putByte, putInt, putText, putUnsigned, written } from "./writer";

export let paramValue: u64 = 0;
export let paramResolved: u64 = 0;

const NULL_TEXT = literal("NULL");
const NONE = literal("<NONE>");
const NO_TEXT = literal("(null)");
const MINUS_ONE = literal("-1");
const NO_TIME = literal("none");
const BAD_VARIANT = literal("INVALID DYNAMIC PARAMETER");
const NOT_PRINTABLE = literal("(n.a.)");

/** How many parameters the event has that the schema knows. */
export function paramCount(): u32 {
  return min(eventParams, eventParamCount(eventType));
}

/** The bytes of a text parameter up to the NUL that ends it. */
export function textOfParam(i: u32): u64 {
  const v = param(i);
  const at = viewAt(v), bytes = viewBytes(v);
  return bytes != 0 && load<u8>(at + bytes - 1) == 0 ? view(at, bytes - 1) : v;
}

/** Finishes a text; one without pieces stands for nothing. */
function finishResolved(): u64 {
  return written() == 0 ? drop() : finish();
}

function drop(): u64 {
  finish();
  return 0;
}

/** Renders parameter `i`, which must be below paramCount(). */
export function renderParam(i: u32): void {
  paramResolved = 0;
  const value = param(i);
  const type = paramType(eventType, i);
  const isText = type == PT_CHARBUF || type == PT_FSPATH || type == PT_FSRELPATH;
  if (isText && isNullText(viewAt(value), viewBytes(value))) {
    paramValue = NOT_AVAILABLE;
    return;
  }
  if (viewBytes(value) == 0) {
    const buffer = type == PT_BYTEBUF || type == PT_SOCKTUPLE || type == PT_FDLIST || type == PT_DYN ||
      type == PT_CHARBUFARRAY || type == PT_CHARBUFPAIRARRAY;
    paramValue = buffer ? NULL_TEXT : NOT_AVAILABLE;
    return;
  }
  if (type != PT_DYN) return renderValue(i, type, value);
  const variant = variantType(eventType, i, load<u8>(viewAt(value)));
  if (variant == 0) paramValue = BAD_VARIANT;
  else renderValue(i, variant, view(viewAt(value) + 1, viewBytes(value) - 1));
}

function renderValue(i: u32, type: u32, value: u64): void {
  switch (type) {
    case PT_CHARBUF: {
      const at = viewAt(value), bytes = viewBytes(value);
      // only the text variant of a dyn parameter can be empty here
      if (bytes == 0) paramValue = NO_TEXT;
      else paramValue = load<u8>(at + bytes - 1) == 0 ? view(at, bytes - 1) : value;
      return;
    }
    case PT_FSPATH:
    case PT_FSRELPATH:
      paramValue = textOfParam(i);
      paramResolved = pathText(paramValue, type == PT_FSRELPATH ? paramDirfd(eventType, i) : -1);
      return;
    case PT_FD:
    case PT_FD32:
      decimal(readSigned(value));
      paramResolved = fdText(readSigned(value));
      return;
    case PT_PID:
    case PT_PID32:
      decimal(readSigned(value));
      paramResolved = pidText(readSigned(value));
      return;
    case PT_ERRNO:
      decimal(readSigned(value));
      if (readSigned(value) < 0) paramResolved = errnoName(<i32>readSigned(value));
      return;
    case PT_UID:
    case PT_GID: {
      const id = <u32>readNumber(value);
      if (id == 0xffffffff) {
        paramValue = MINUS_ONE;
        paramResolved = NONE;
        return;
      }
      decimal(<i32>id);
      paramResolved = type == PT_UID ? userText(id) : groupText(id);
      return;
    }
    case PT_SYSCALLID:
      decimal(<i64>readNumber(value));
      paramResolved = syscallName(<u32>readNumber(value));
      return;
    case PT_SIGTYPE:
      decimal(<i64>readNumber(value));
      paramResolved = signalName(<u32>readNumber(value));
      return;
    case PT_FLAGS8:
    case PT_FLAGS16:
    case PT_FLAGS32:
    case PT_ENUMFLAGS8:
    case PT_ENUMFLAGS16:
    case PT_ENUMFLAGS32:
    case PT_MODE:
      return renderFlags(i, type, <u32>readNumber(value));
    case PT_RELTIME: {
      const ns = readNumber(value);
      if (ns == u64.MAX_VALUE) {
        paramValue = NO_TIME;
        return;
      }
      begin();
      putUnsigned(ns);
      paramValue = finish();
      begin();
      putDuration(ns);
      paramResolved = finish();
      return;
    }
    default:
      begin();
      putPlain(i, type, value);
      paramValue = finish();
  }
}

function decimal(n: i64): void {
  begin();
  putInt(n);
  paramValue = finish();
}

function renderFlags(i: u32, type: u32, value: u32): void {
  begin();
  // flags are decimal whatever their format says; modes are octal
  if (type == PT_MODE) putFormatted(value, 4, paramFormat(eventType, i));
  else putUnsigned(value);
  paramValue = finish();
  const table = flagTable(eventType, i);
  if (table == 0) return;
  begin();
  if (type == PT_MODE) putMode(value, table);
  else if (type <= PT_FLAGS32) putFlags(value, table);
  else putEnum(value, table);
  paramResolved = finishResolved();
}

/** Types whose text is all there is to say. */
function putPlain(i: u32, type: u32, value: u64): void {
  switch (type) {
    case PT_INT8:
    case PT_INT16:
    case PT_INT32:
    case PT_INT64:
      return putFormatted(readSigned(value), <u32>viewBytes(value), paramFormat(eventType, i));
    case PT_UINT8:
    case PT_UINT16:
      return putFormatted(<i64>readNumber(value), 4, paramFormat(eventType, i));
    case PT_UINT32:
    case PT_UINT64:
      // printed as signed numbers: an unset uid is -1
      return putFormatted(readSigned(value), <u32>viewBytes(value), paramFormat(eventType, i));
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
