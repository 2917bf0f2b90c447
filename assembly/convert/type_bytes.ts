// How many bytes a parameter of a type has; 0 for texts, buffers, addresses and lists, which have any number.

import {
  PT_ABSTIME,
  PT_ENUMFLAGS16,
  PT_ENUMFLAGS32,
  PT_ENUMFLAGS8,
  PT_ERRNO,
  PT_FD,
  PT_FD32,
  PT_FLAGS16,
  PT_FLAGS32,
  PT_FLAGS8,
  PT_GID,
  PT_INT16,
  PT_INT32,
  PT_INT64,
  PT_INT8,
  PT_IPV4ADDR,
  PT_IPV6ADDR,
  PT_MODE,
  PT_PID,
  PT_PID32,
  PT_PORT,
  PT_RELTIME,
  PT_SIGSET,
  PT_SIGTYPE,
  PT_SYSCALLID,
  PT_UID,
  PT_UINT16,
  PT_UINT32,
  PT_UINT64,
  PT_UINT8,
} from "../generated/tables";

export function typeBytes(type: u32): usize {
  switch (type) {
    case PT_INT8:
    case PT_UINT8:
    case PT_FLAGS8:
    case PT_ENUMFLAGS8:
    case PT_SIGTYPE:
      return 1;
    case PT_INT16:
    case PT_UINT16:
    case PT_FLAGS16:
    case PT_ENUMFLAGS16:
    case PT_SYSCALLID:
    case PT_PORT:
      return 2;
    case PT_INT32:
    case PT_UINT32:
    case PT_FLAGS32:
    case PT_ENUMFLAGS32:
    case PT_UID:
    case PT_GID:
    case PT_MODE:
    case PT_SIGSET:
    case PT_FD32:
    case PT_PID32:
    case PT_IPV4ADDR:
      return 4;
    case PT_INT64:
    case PT_UINT64:
    case PT_RELTIME:
    case PT_ABSTIME:
    case PT_ERRNO:
    case PT_FD:
    case PT_PID:
      return 8;
    case PT_IPV6ADDR:
      return 16;
    default:
      return 0;
  }
}
