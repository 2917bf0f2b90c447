// Fields of opened files: evt.is_open_read, …write, …exec, …create.
// In: the flags and the mode of open, openat, openat2, open_by_handle_at and creat. Other events answer false.
// The driver's O_RDWR is O_RDONLY|O_WRONLY, so each direction has one bit.

import { event, param } from "../event";
import {
  CREAT_X,
  FMODE_IXGRP,
  FMODE_IXOTH,
  FMODE_IXUSR,
  FO_CREAT,
  FO_F_CREATED,
  FO_RDONLY,
  FO_TMPFILE,
  FO_WRONLY,
  OPEN_BY_HANDLE_AT_X,
  OPEN_X,
  OPENAT2_X,
  OPENAT_X,
} from "../generated/events";
import { readNumber } from "../render/number";
import { currentResult } from "../state/current";

/** Flags of the call; 0 for events that open nothing. */
function openFlags(): u32 {
  const type = <u16>event.type;
  if (type == OPENAT_X || type == OPENAT2_X) return <u32>readNumber(param(3));
  if (type == OPEN_X || type == OPEN_BY_HANDLE_AT_X) return <u32>readNumber(param(2));
  return 0;
}

export function evt_is_open_read(): i64 {
  return <i64>((openFlags() & FO_RDONLY) != 0);
}

export function evt_is_open_write(): i64 {
  return <i64>((openFlags() & FO_WRONLY) != 0);
}

/** The kernel says whether the file is new; a temporary file is new whenever the call succeeded. */
export function evt_is_open_create(): i64 {
  const flags = openFlags();
  if ((flags & FO_F_CREATED) != 0) return 1;
  return <i64>((flags & FO_TMPFILE) != 0 && currentResult >= 0);
}

// @ts-ignore: decorator
@inline const ANY_EXEC: u32 = FMODE_IXUSR | FMODE_IXGRP | FMODE_IXOTH;

export function evt_is_open_exec(): i64 {
  const type = <u16>event.type;
  let mode: u64 = 0;
  if (type == CREAT_X) mode = param(2);
  else if ((openFlags() & (FO_TMPFILE | FO_CREAT)) == 0 || type == OPEN_BY_HANDLE_AT_X) return 0;
  else mode = param(type == OPEN_X ? 3 : 4);
  return <i64>((<u32>readNumber(mode) & ANY_EXEC) != 0);
}
