// Fields of the parent and of older ancestors: proc.pname, proc.aname[2] and the like.
// In: the current thread, a number of generations (0 the process itself). Out: a value, missing where the chain
// of parents ends. Conditions without a number ask for 1, 2, … until it ends, so the walk continues where the
// last question of the same event stopped; a chain that bites its own tail ends there.

import { dayNs, event, eventNumber } from "../event";
import { EMPTY } from "../strings/literal";
import { begin, finish, putByte, putJoined, putText, written } from "../strings/writer";
import { currentThread } from "../state/current";
import { isLive } from "../state/machine";
import { Thread } from "../state/thread";
import { findThread } from "../state/thread_table";
import { NO_NUMBER, viewAt, viewBytes } from "../strings/view";
import { argsOf, cmdlineOf, envOf, envValueOf, mainOf, noThread, proc_fdopencount, shownId } from "./process";
import { listOf, textOf } from "./text";

let walkEvent: u64 = 0;
let walkFrom: usize = 0;
let walkDepth: i32 = 0;
let walkAt: Thread = changetype<Thread>(0);
/** runs ahead at double speed: meeting it means that the chain is a ring */
let walkAhead: Thread = changetype<Thread>(0);

// @ts-ignore: decorator
@inline
function isNull(thread: Thread): bool {
  return changetype<usize>(thread) == 0;
}

function parentOf(thread: Thread): Thread {
  if (isNull(thread)) return thread;
  const parent = findThread(thread.ptid);
  return isNull(parent) || parent.tid == -1 ? changetype<Thread>(0) : mainOf(parent);
}

/** The process `depth` generations above that of the event; null when there is none. */
export function ancestor(depth: i32): Thread {
  if (noThread() || depth < 0) return changetype<Thread>(0);
  const self = changetype<usize>(currentThread);
  if (walkEvent != eventNumber() || walkFrom != self || depth < walkDepth) {
    walkEvent = eventNumber();
    walkFrom = self;
    walkDepth = 0;
    walkAt = mainOf(currentThread);
    walkAhead = walkAt;
  }
  while (walkDepth < depth && !isNull(walkAt)) {
    walkAt = parentOf(walkAt);
    walkAhead = parentOf(parentOf(walkAhead));
    if (changetype<usize>(walkAt) == changetype<usize>(walkAhead)) walkAt = changetype<Thread>(0);
    walkDepth++;
  }
  return walkAt;
}

/** Next element of the chain as the fields without a number print it; null at its end. */
function next(thread: Thread): Thread {
  const parent = findThread(thread.ptid);
  return isNull(parent) || parent.tid == -1 ? changetype<Thread>(0) : parent;
}

// @ts-ignore: decorator
@inline const NAME: u32 = 0;
// @ts-ignore: decorator
@inline const EXE: u32 = 1;
// @ts-ignore: decorator
@inline const EXEPATH: u32 = 2;
// @ts-ignore: decorator
@inline const CMDLINE: u32 = 3;
// @ts-ignore: decorator
@inline const ARGS: u32 = 4;

/** One value of all ancestors, from the parent on, separated by blanks; missing when nothing was written. */
function chain(what: u32): u64 {
  if (noThread()) return 0;
  const main = mainOf(currentThread);
  if (isNull(main)) return 0;
  begin();
  let slow = next(main);
  let fast = isNull(slow) ? slow : next(slow);
  while (!isNull(slow)) {
    if (written() != 0) putByte(32);
    if (what == NAME) putText(textOf(slow.comm));
    else if (what == EXE) putText(textOf(slow.exe));
    else if (what == EXEPATH) putText(textOf(slow.exepath));
    else {
      const args = listOf(slow.args);
      if (what == CMDLINE) {
        putText(textOf(slow.comm));
        if (viewBytes(args) != 0) putByte(32);
      }
      putJoined(args, 32);
    }
    slow = next(slow);
    for (let i = 0; i < 2; i++) {
      if (!isNull(fast)) fast = next(fast);
      if (!isNull(slow) && changetype<usize>(slow) == changetype<usize>(fast)) {
        slow = changetype<Thread>(0);
        break;
      }
    }
  }
  const empty = written() == 0;
  const text = finish();
  return empty ? 0 : text;
}

export function proc_aname(depth: i32): u64 {
  const thread = ancestor(depth);
  return isNull(thread) ? 0 : textOf(thread.comm);
}

export function proc_aname_all(): u64 {
  return chain(NAME);
}

export function proc_aexe(depth: i32): u64 {
  const thread = ancestor(depth);
  return isNull(thread) ? 0 : textOf(thread.exe);
}

export function proc_aexe_all(): u64 {
  return chain(EXE);
}

export function proc_aexepath(depth: i32): u64 {
  const thread = ancestor(depth);
  return isNull(thread) ? 0 : textOf(thread.exepath);
}

export function proc_aexepath_all(): u64 {
  return chain(EXEPATH);
}

export function proc_acmdline(depth: i32): u64 {
  const thread = ancestor(depth);
  return isNull(thread) ? 0 : cmdlineOf(thread);
}

export function proc_acmdline_all(): u64 {
  return chain(CMDLINE);
}

export function proc_aargs(depth: i32): u64 {
  const thread = ancestor(depth);
  return isNull(thread) ? 0 : argsOf(thread);
}

export function proc_aargs_all(): u64 {
  return chain(ARGS);
}

/** Environment of an ancestor; the empty text when not even the process itself is known, as in Falco. */
export function proc_aenv(depth: i32): u64 {
  if (!noThread() && isNull(mainOf(currentThread))) return depth == 0 ? envOf(currentThread) : EMPTY;
  const thread = ancestor(depth);
  return isNull(thread) ? 0 : envOf(thread);
}

/** Without an argument it is the process's own environment, as in Falco. */
export function proc_aenv_all(): u64 {
  return noThread() ? 0 : envOf(currentThread);
}

/** Value of a variable in the nearest of 20 ancestors that sets it; the empty text when none does. */
export function proc_aenv_named(name: u64): u64 {
  if (noThread()) return 0;
  for (let depth: i32 = 1; depth <= 20; depth++) {
    const thread = ancestor(depth);
    if (isNull(thread)) break;
    const value = envValueOf(thread, name);
    if (viewBytes(value) != 0) return value;
  }
  return EMPTY;
}

export function proc_apid(depth: i32): i64 {
  const thread = ancestor(depth);
  return isNull(thread) ? NO_NUMBER : shownId(thread.pid);
}

/** Without a number it is the process's own id, as in Falco. */
export function proc_apid_all(): i64 {
  return proc_apid(0);
}

export function proc_ppid(): i64 {
  return proc_apid(1);
}

/** User of the parent: where it differs from the process's own, the user has changed. */
export function proc_puid(): i64 {
  const parent = ancestor(1);
  return isNull(parent) || parent.uid == u32.MAX_VALUE ? NO_NUMBER : <i64>parent.uid;
}

export function proc_pname(): u64 {
  return proc_aname(1);
}

export function proc_pexe(): u64 {
  return proc_aexe(1);
}

export function proc_pexepath(): u64 {
  return proc_aexepath(1);
}

export function proc_pcmdline(): u64 {
  return proc_acmdline(1);
}

/**
 * How long the parent has existed. When its start is not known, Falco goes on to the next field of its list and prints
 * the number of open fds; a recording is read as Falco reads it, of this host there is no value.
 */
export function proc_ppid_duration(): i64 {
  const parent = ancestor(1);
  if (isNull(parent)) return NO_NUMBER;
  if (parent.cloneNs != 0) return <i64>(event.timeNs - parent.cloneNs);
  return isLive ? NO_NUMBER : proc_fdopencount();
}

export function proc_ppid_ts(): i64 {
  const parent = noThread() ? currentThread : findThread(currentThread.ptid);
  return isNull(parent) ? NO_NUMBER : <i64>dayNs(parent.cloneNs);
}

export function proc_pvpid(): i64 {
  const parent = noThread() ? currentThread : findThread(currentThread.ptid);
  return isNull(parent) ? NO_NUMBER : parent.vpid;
}

/** Pid of the oldest process in the chain, this one included, whose name ends in `sh`. */
export function proc_loginshellid(): i64 {
  let found = NO_NUMBER;
  for (let depth: i32 = 0; !isNull(ancestor(depth)); depth++) {
    const name = textOf(ancestor(depth).comm);
    const end = viewAt(name) + viewBytes(name);
    if (viewBytes(name) >= 2 && load<u16>(end - 2) == 0x6873) found = ancestor(depth).pid;
  }
  return found;
}
