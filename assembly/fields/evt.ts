// Fields of the event itself: number, time, type, category, result, kind of transfer.
// In: the event's header and what the state says about its call and fd. Times are nanoseconds here; TypeScript
// writes them. Elsewhere: parameters (evt_args.ts), opened files (evt_open.ts).

import { event, eventDayNs, eventNumber, param } from "../event";
import {
  ASYNCEVENT_E,
  EC_META,
  EC_SYSCALL,
  EF_READS_FROM_FD,
  EF_WAITS,
  EF_WRITES_TO_FD,
  GENERIC_X,
} from "../generated/events";
import { eventCategory, eventFlags, eventName, syscallName, syscallOfNative } from "../generated/tables";
import { str_eq } from "../match/compare";
import { str_contains } from "../match/search";
import { literal } from "../strings/literal";
import { readNumber } from "../render/number";
import { paramCount, ParamText, renderParam } from "../render/param";
import { currentFd, currentResult, firstEventNs, hasResult, previousEventNs } from "../state/current";
import { paramText } from "../state/params";
import { viewOf } from "../strings/intern";
import { hostName } from "../state/machine";
import { NO_NUMBER, viewAt, viewBytes } from "../strings/view";

// @ts-ignore: decorator
@inline const SECOND: u64 = 1_000_000_000;

const SYSCALL = literal("syscall");
const SUCCESS = literal("SUCCESS");
const READ = literal("read");
const WRITE = literal("write");
const ENTER = literal(">");
const EXIT = literal("<");
const SYSLOG = literal("/dev/log");

export function evt_num(): i64 {
  return <i64>eventNumber();
}

export function evt_rawtime(): i64 {
  return <i64>eventDayNs();
}

export function evt_rawtime_s(): i64 {
  return <i64>(eventDayNs() / SECOND);
}

export function evt_rawtime_ns(): i64 {
  return <i64>(eventDayNs() % SECOND);
}

// the written forms of the time: all the same number here
export function evt_time(): i64 {
  return <i64>eventDayNs();
}

export function evt_time_s(): i64 {
  return <i64>eventDayNs();
}

export function evt_time_iso8601(): i64 {
  return <i64>eventDayNs();
}

export function evt_datetime(): i64 {
  return <i64>eventDayNs();
}

export function evt_datetime_s(): i64 {
  return <i64>eventDayNs();
}

export function evt_outputtime(): i64 {
  return <i64>eventDayNs();
}

export function evt_reltime(): i64 {
  return <i64>(event.timeNs - firstEventNs);
}

export function evt_reltime_s(): i64 {
  return <i64>((event.timeNs - firstEventNs) / SECOND);
}

export function evt_reltime_ns(): i64 {
  return <i64>((event.timeNs - firstEventNs) % SECOND);
}

export function evt_deltatime(): i64 {
  return previousEventNs == 0 ? 0 : <i64>(event.timeNs - previousEventNs);
}

export function evt_deltatime_s(): i64 {
  return evt_deltatime() / SECOND;
}

export function evt_deltatime_ns(): i64 {
  return evt_deltatime() % SECOND;
}

export function evt_hostname(): u64 {
  return hostName();
}

/**
 * Milliseconds, rounded up, between the event and a time in nanoseconds since 1970. `evt.around[T] = 5` asks whether
 * they are at most 5 (rules/lower/operand.ts).
 */
export function evt_around(time: u64): i64 {
  let at: u64 = 0;
  for (let i: usize = 0; i < viewBytes(time); i++) at = at * 10 + load<u8>(viewAt(time) + i) - 48;
  const now = eventDayNs();
  const distance = now > at ? now - at : at - now;
  return <i64>((distance + 999_999) / 1_000_000);
}

export function evt_source(): u64 {
  return SYSCALL;
}

export function evt_cpu(): i64 {
  return event.cpu;
}

export function evt_dir(): u64 {
  return (event.type & 1) == 0 ? ENTER : EXIT;
}

/** Name of a system call without an event type of its own; calls newer than the trace go by the kernel's number. */
function genericName(): u64 {
  let sc = <u32>readNumber(param(0));
  if (sc == 0) sc = syscallOfNative(<u32>readNumber(param(1)));
  return syscallName(sc);
}

export function evt_type(): u64 {
  if (event.type == GENERIC_X) return genericName();
  return event.type == ASYNCEVENT_E ? paramText(1) : eventName(event.type);
}

export function syscall_type(): u64 {
  if ((eventCategory(event.type) & EC_SYSCALL) == 0) return 0;
  return event.type == GENERIC_X ? genericName() : eventName(event.type);
}

/** 1 when the event has this type. */
export function evt_type_is(name: u64): i64 {
  return str_eq(evt_type(), name);
}

/** Events that are not calls: containers, users and groups. */
export function evt_is_async(): i64 {
  return <i64>((eventCategory(event.type) & EC_META) != 0);
}

export function evt_asynctype(): u64 {
  return evt_is_async() == 0 ? 0 : evt_type();
}

export function evt_rawres(): i64 {
  return hasResult ? currentResult : NO_NUMBER;
}

const result = changetype<ParamText>(memory.data(16, 8));

/** SUCCESS, or the name of the error. */
export function evt_res(): u64 {
  if (!hasResult) return 0;
  if (currentResult >= 0) return SUCCESS;
  if (paramCount() == 0) return 0;
  renderParam(0, result);
  return result.resolved != 0 ? result.resolved : result.value;
}

export function evt_failed(): i64 {
  return hasResult ? <i64>(currentResult < 0) : NO_NUMBER;
}

export function evt_is_io(): i64 {
  return <i64>((eventFlags(event.type) & (EF_READS_FROM_FD | EF_WRITES_TO_FD)) != 0);
}

export function evt_is_io_read(): i64 {
  return <i64>((eventFlags(event.type) & EF_READS_FROM_FD) != 0);
}

export function evt_is_io_write(): i64 {
  return <i64>((eventFlags(event.type) & EF_WRITES_TO_FD) != 0);
}

export function evt_io_dir(): u64 {
  const flags = eventFlags(event.type);
  return (flags & EF_WRITES_TO_FD) != 0 ? WRITE : (flags & EF_READS_FROM_FD) != 0 ? READ : 0;
}

export function evt_is_wait(): i64 {
  return <i64>((eventFlags(event.type) & EF_WAITS) != 0);
}

export function evt_is_syslog(): i64 {
  if ((eventFlags(event.type) & EF_WRITES_TO_FD) == 0 || changetype<usize>(currentFd) == 0) return 0;
  return str_contains(viewOf(currentFd.name), SYSLOG);
}
