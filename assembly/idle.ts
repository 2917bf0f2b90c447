// Idle events: exits of calls that change nothing but when their thread was last active and which fd it used, and that no rule
// asks for. Half of what a host reports where nothing is filtered; they are taken right from the record, without being decoded.
// In: the header of such an event; which events rules ask for, as the engine has read it from the rule module's table (NO_RULE
// in schema/layout.ts). Out: whether it was taken. If not, nothing has changed, and it goes the way of all others (event.ts).

import { bytesOfFirst, MAX_PARAMS } from "./event";
import { CL_ACTIVE, EVENT_COUNT } from "./generated/events";
import {
  COUNT_EVENTS,
  COUNT_FD_LOOKUPS_FAILED,
  EVENT_HEADER_BYTES,
  NO_RULE_AT,
  TYPE_COUNTS_AT,
} from "./generated/layout";
import { count } from "./memory/counters";
import { isAnythingDue } from "./state/due";
import { fdParamOf, isPlain, Kind, kindOf, Light, lightOf, setIdle } from "./state/event_kinds";
import { Fd } from "./state/fd";
import { peekFd, removeFd } from "./state/fd_table";
import { isClosed } from "./state/parsers/close";
import { changesFd } from "./state/parsers/dup";
import { isUnconnected } from "./state/parsers/io";
import { awaitsExit, Thread } from "./state/thread";
import { findThread, rememberThread } from "./state/thread_table";
import { setLastTime } from "./state/update";

export let isEvaluating: bool = true;
/** events are recorded: what rules do not ask for, too */
let isAllAsked: bool = false;

/** While off, events only change state: at start, until everything is in place. */
export function set_evaluating(on: i32): void {
  isEvaluating = on != 0;
  rules_changed();
}

/** The rule module's table is another one now, or what else decides which events are idle. */
export function rules_changed(): void {
  for (let type: u32 = 0; type < EVENT_COUNT; type++) {
    const isAsked = isAllAsked || (isEvaluating && load<u8>(NO_RULE_AT + type) == 0);
    setIdle(type, isPlain(type) && !isAsked);
  }
}

/** From now on no event is idle. */
export function askForAll(): void {
  isAllAsked = true;
  rules_changed();
}

/** Kind of the record at `at` when it may be taken by `passIdle`, otherwise 0. */
// @ts-ignore: decorator
@inline
export function idleKind(at: usize): u32 {
  const type: u32 = load<u16>(at, 20);
  const kind = type < EVENT_COUNT ? kindOf(type) : 0;
  return (kind & Kind.IDLE) != 0 ? kind : 0;
}

/**
 * Takes an idle event.
 * @param pid 0 when it is not known
 * @returns false when there is more to do
 */
// @ts-ignore: decorator
@inline
export function passIdle(at: usize, kind: u32, tid: i64, pid: i64): bool {
  const params = load<u32>(at, 22);
  // one that is marked has more of them: it is counted
  if (isAnythingDue || params > MAX_PARAMS) return false;
  const thread = findThread(tid);
  if (changetype<usize>(thread) == 0 || awaitsExit(thread) || (pid != 0 && thread.pid < 0)) return false;
  const lengths = at + EVENT_HEADER_BYTES, values = lengths + (<usize>params << 1);
  const light = lightOf(kind);
  let fd: i64 = -1;
  let file = changetype<Fd>(0);
  if ((kind & Kind.USES_FD) != 0) {
    fd = fdParam(fdParamOf(kind), lengths, values, params);
    if (fd >= 0) file = peekFd(thread, fd);
    // the host may be asked about one that is not known
    if (fd >= 0 && pid != 0 && changetype<usize>(file) == 0 && light != Light.CLOSE) return false;
  }
  if (light != Light.NOTHING && !passLight(light, thread, fd, file, lengths, values, params)) return false;
  if (fd >= 0 && changetype<usize>(file) == 0) count(COUNT_FD_LOOKUPS_FAILED);
  count(COUNT_EVENTS);
  count(TYPE_COUNTS_AT + (<usize>load<u16>(at, 20) << 3));
  rememberThread(thread);
  const timeNs = load<u64>(at);
  setLastTime(timeNs);
  thread.flags |= CL_ACTIVE;
  thread.lastFd = fd;
  thread.previousEventNs = thread.lastEventNs;
  thread.lastEventNs = timeNs;
  return true;
}

/** The parameter at position `i`, an fd; −1 when it is empty or not there. */
// @ts-ignore: decorator
@inline
function fdParam(i: i32, lengths: usize, values: usize, params: u32): i64 {
  if (i < 0 || <u32>i >= params) return -1;
  const value = values + (i == 1 ? <u32>load<u16>(lengths) : bytesOfFirst(lengths, i));
  const bytes: u32 = load<u16>(lengths + (<usize>i << 1));
  return bytes == 4 ? <i64>load<i32>(value) : bytes >= 8 ? load<i64>(value) : bytes == 0 ? -1 : 0;
}

/** result of 8 bytes, three numbers of 4 */
const MEMORY_LENGTHS: u64 = 0x0004000400040008;

/** What an event of a call with a parser changes. False when the parser has to look at it; then nothing has changed. */
function passLight(
  light: u32,
  thread: Thread,
  fd: i64,
  file: Fd,
  lengths: usize,
  values: usize,
  params: u32,
): bool {
  if (light == Light.MEMORY) {
    if (params < 4 || load<u64>(lengths) != MEMORY_LENGTHS) return false;
    thread.vmsizeKb = load<u32>(values, 8);
    thread.vmrssKb = load<u32>(values, 12);
    thread.vmswapKb = load<u32>(values, 16);
    return true;
  }
  if (params < 2 || load<u16>(lengths) != 8) return false;
  const result = load<i64>(values);
  if (light == Light.CREATE) return result < 0;
  if (light == Light.TRANSFER) return changetype<usize>(file) == 0 || result < 0 || !isUnconnected(file);
  // parameter 2 of the others is a byte
  const third: u32 = params > 2 && load<u16>(lengths, 4) != 0 ? load<u8>(values + load<u16>(lengths, 2), 8) : 0;
  if (light == Light.FCNTL) return result < 0 || !changesFd(third);
  if (changetype<usize>(file) != 0 && isClosed(result, params, third)) removeFd(thread, fd);
  return true;
}
