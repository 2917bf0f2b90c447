// Fields to be added up (evt.count …), the group of the event (evt.category) and the size of a transfer.
// In: the event's type, its result and the kind of its fd.

import { event } from "../event";
import {
  ACCEPT4_X,
  ACCEPT_X,
  CONNECT_X,
  CREAT_X,
  EC_FILE,
  EC_INTERNAL,
  EC_IO_OTHER,
  EC_IO_READ,
  EC_IO_WRITE,
  EC_IPC,
  EC_MEMORY,
  EC_NET,
  EC_OTHER,
  EC_PROCESS,
  EC_PROCESSING,
  EC_SCHEDULER,
  EC_SIGNAL,
  EC_SLEEP,
  EC_SYSCALL,
  EC_SYSTEM,
  EC_TIME,
  EC_USER,
  EC_WAIT,
  OPEN_BY_HANDLE_AT_X,
  OPEN_X,
  PROCINFO_E,
  OPENAT2_X,
  OPENAT_X,
} from "../generated/events";
import { eventCategory } from "../generated/tables";
import { literal } from "../strings/literal";
import { currentFd, currentResult, currentThread, hasResult } from "../state/current";
import { FdType } from "../state/fd";
import { isMain } from "../state/thread_group";
import { NO_NUMBER } from "../strings/view";
import { evt_failed } from "./evt";

const UNKNOWN = literal("unknown");
const OTHER = literal("other");
const FILE = literal("file");
const NET = literal("net");
const IPC = literal("IPC");
const IO_IPC = literal("ipc");
const MEMORY = literal("memory");
const PROCESS = literal("process");
const SLEEP = literal("sleep");
const SYSTEM = literal("system");
const SIGNAL = literal("signal");
const USER = literal("user");
const TIME = literal("time");
const PROCESSING = literal("processing");
const WAIT = literal("wait");
const SCHEDULER = literal("scheduler");
const INTERNAL = literal("internal");

/** The category without the kind of source. */
// @ts-ignore: decorator
@inline
function category(): u32 {
  return eventCategory(event.type) & (EC_SYSCALL - 1);
}

// @ts-ignore: decorator
@inline
function noFd(): bool {
  return changetype<usize>(currentFd) == 0;
}

export function evt_category(): u64 {
  switch (category()) {
    case EC_OTHER:
      return OTHER;
    case EC_FILE:
      return FILE;
    case EC_NET:
      return NET;
    case EC_IPC:
      return IPC;
    case EC_MEMORY:
      return MEMORY;
    case EC_PROCESS:
      return PROCESS;
    case EC_SLEEP:
      return SLEEP;
    case EC_SYSTEM:
      return SYSTEM;
    case EC_SIGNAL:
      return SIGNAL;
    case EC_USER:
      return USER;
    case EC_TIME:
      return TIME;
    case EC_PROCESSING:
      return PROCESSING;
    case EC_IO_READ:
    case EC_IO_WRITE:
    case EC_IO_OTHER:
      return ioCategory();
    case EC_WAIT:
      return WAIT;
    case EC_SCHEDULER:
      return SCHEDULER;
    case EC_INTERNAL:
      return INTERNAL;
    default:
      return UNKNOWN;
  }
}

/** Reading and writing counts as what the fd is. */
function ioCategory(): u64 {
  if (noFd()) return UNKNOWN;
  if (isFile()) return FILE;
  switch (currentFd.type) {
    case FdType.IPV4_SOCK:
    case FdType.IPV6_SOCK:
    case FdType.IPV4_SERVSOCK:
    case FdType.IPV6_SERVSOCK:
      return NET;
    case FdType.FIFO:
    case FdType.UNIX_SOCK:
    case FdType.EVENT:
    case FdType.SIGNALFD:
    case FdType.INOTIFY:
    case FdType.USERFAULTFD:
      return IO_IPC;
    default:
      return UNKNOWN;
  }
}

function isFile(): bool {
  const type = currentFd.type;
  return type == FdType.FILE || type == FdType.FILE_V2 || type == FdType.DIRECTORY;
}

function isNet(): bool {
  const type = currentFd.type;
  return (type >= FdType.IPV4_SOCK && type <= FdType.IPV6_SERVSOCK) || type == FdType.UNIX_SOCK;
}

function opensFile(): bool {
  const type = <u16>event.type;
  return type == OPEN_X || type == CREAT_X || type == OPENAT_X || type == OPENAT2_X || type == OPEN_BY_HANDLE_AT_X;
}

function opensSocket(): bool {
  const type = <u16>event.type;
  return type == ACCEPT_X || type == ACCEPT4_X || type == CONNECT_X;
}

export function evt_count(): i64 {
  return 1;
}

export function evt_count_exit(): i64 {
  return (event.type & 1) != 0 ? 1 : NO_NUMBER;
}

export function evt_count_error(): i64 {
  return evt_failed();
}

export function evt_count_error_file(): i64 {
  return (noFd() ? opensFile() : isFile()) ? evt_failed() : NO_NUMBER;
}

export function evt_count_error_net(): i64 {
  return (noFd() ? opensSocket() : isNet()) ? evt_failed() : NO_NUMBER;
}

export function evt_count_error_memory(): i64 {
  return category() == EC_MEMORY ? evt_failed() : NO_NUMBER;
}

export function evt_count_error_other(): i64 {
  const known = noFd() ? opensFile() || opensSocket() || category() == EC_MEMORY : isFile() || isNet();
  return known ? NO_NUMBER : evt_failed();
}

/** 1 for a periodic report about a process, which old captures have. */
export function evt_count_procinfo(): i64 {
  return <i64>(event.type == PROCINFO_E && changetype<usize>(currentThread) != 0 && isMain(currentThread));
}

/** 1 for every periodic report. */
export function evt_count_threadinfo(): i64 {
  return <i64>(event.type == PROCINFO_E);
}

/** Bytes of a transfer over a known fd; no value when it failed. */
export function evt_buflen(): i64 {
  if (noFd() || (category() & EC_IO_READ) == 0 || !hasResult || currentResult < 0) return NO_NUMBER;
  return currentResult;
}

function transferred(wanted: u32): i64 {
  return category() == wanted ? evt_buflen() : NO_NUMBER;
}

export function evt_buflen_in(): i64 {
  return transferred(EC_IO_READ);
}

export function evt_buflen_out(): i64 {
  return transferred(EC_IO_WRITE);
}

function overFile(n: i64): i64 {
  return n != NO_NUMBER && currentFd.type != FdType.DIRECTORY && isFile() ? n : NO_NUMBER;
}

function overNet(n: i64): i64 {
  return n != NO_NUMBER && currentFd.type != FdType.UNIX_SOCK && isNet() ? n : NO_NUMBER;
}

export function evt_buflen_file(): i64 {
  return overFile(evt_buflen());
}

export function evt_buflen_file_in(): i64 {
  return overFile(evt_buflen_in());
}

export function evt_buflen_file_out(): i64 {
  return overFile(evt_buflen_out());
}

export function evt_buflen_net(): i64 {
  return overNet(evt_buflen());
}

export function evt_buflen_net_in(): i64 {
  return overNet(evt_buflen_in());
}

export function evt_buflen_net_out(): i64 {
  return overNet(evt_buflen_out());
}
