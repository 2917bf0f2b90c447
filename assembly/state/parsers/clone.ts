// clone, clone3, fork, vfork: each call is reported twice, in the caller (result: the child's tid, as the caller
// sees it) and in the child (result 0). The event that comes first makes the child; in a pid namespace the caller's
// number for it is not the real one, so there only the child does.

import { event, hasParam, paramNumber } from "../../event";
import {
  CL_CHILD_IN_PIDNS,
  CL_FILES,
  CL_INVERTED,
  CL_NEWPID,
  CL_PARENT,
  CL_THREAD,
  CL_VFORK,
  VFORK_X,
} from "../../generated/events";
import { retain } from "../../strings/intern";
import { currentResult, currentThread, hasResult, setCurrentThread } from "../current";
import { shareTable } from "../fd_table";
import { bootTimeNs, isLive } from "../machine";
import { hasJustExited } from "../recently_exited";
import { swapped } from "../replace";
import { isUnknown, Thread } from "../thread";
import { cwdStringOf, findEventThread, findThread } from "../thread_table";
import {
  findOrMakeThread,
  healLineage,
  insertThread,
  linkThread,
  makeThread,
  removeThread,
} from "../thread_life";
import { copyNames, inherit } from "./inherit";
import { takeCgroups, takeContainer, takeMemory, takeNames } from "./process_params";

/** An entry older than this belongs to another thread, whose end was lost. */
const STALE_NS: u64 = 2_000_000_000;

export function parseClone(): void {
  if (!hasResult || currentResult < 0) return;
  if (currentResult == 0) inChild();
  else inCaller(currentResult);
  // the container of the thread of the event: for the caller nothing changes
  if (changetype<usize>(currentThread) != 0) takeContainer(currentThread);
}

function inCaller(childTid: i64): void {
  const caller = findOrMakeThread(event.tid);
  setCurrentThread(caller);
  if (changetype<usize>(caller) == 0) return;
  const callerKnown = !isUnknown(caller);
  if (!callerKnown) {
    caller.pid = paramNumber<i64>(4);
    caller.ptid = paramNumber<i64>(5);
    caller.vtid = hasParam(19) ? paramNumber<i64>(18) : event.tid;
    caller.vpid = hasParam(19) ? paramNumber<i64>(19) : -1;
    becomeKnown(caller);
  }
  const flags = paramNumber<u32>(15);
  // in a namespace the result is not the child's real tid; CLONE_PARENT is how runc enters one
  if ((flags & (CL_CHILD_IN_PIDNS | CL_NEWPID | CL_PARENT)) != 0 || event.tid != caller.vtid) return;
  // after vfork the caller goes on only when the child has called execve or ended: it is made already
  if ((flags & CL_VFORK) != 0 || event.type == VFORK_X) return;
  if (hasJustExited(childTid, event.tid, event.timeNs)) return;
  const old = findThread(childTid);
  if (changetype<usize>(old) != 0) {
    if ((old.flags & CL_INVERTED) != 0 || old.isForked != 0) return;
    // damaged input: the result names the caller itself
    if (old == caller) return;
    removeThread(old);
  }

  const child = makeThread(childTid);
  if (changetype<usize>(child) == 0) return;
  child.flags = flags;
  if ((flags & CL_THREAD) == 0) {
    if (callerKnown) inheritProcess(child, caller);
    child.pid = childTid;
    child.ptid = caller.tid;
  } else {
    child.pid = caller.pid;
    child.ptid = caller.ptid;
    child.flags |= CL_FILES;
    child.execNs = caller.execNs;
  }
  child.vtid = childTid;
  child.vpid = child.pid;
  takeFromEvent(child);
  child.pidnsInitStartNs = bootTimeNs();
  if (callerKnown) {
    inherit(child, caller);
  } else {
    copyNames(caller, child);
  }
  insertThread(child);
  linkThread(child);
  if (changetype<usize>(currentThread) == 0) setCurrentThread(findEventThread(event.tid));
}

function inChild(): void {
  const old = currentThread;
  if (changetype<usize>(old) != 0 && old.isForked != 0) return completeForked(old);
  if (changetype<usize>(old) != 0 && old.cloneNs != 0) {
    // the caller has made it a moment ago
    if (event.timeNs - old.cloneNs < STALE_NS) {
      if (isLive) healLineage(old, paramNumber<i64>(5));
      return;
    }
    removeThread(old);
    setCurrentThread(changetype<Thread>(0));
  }

  const child = makeThread(event.tid);
  if (changetype<usize>(child) == 0) return setCurrentThread(child);
  child.pid = paramNumber<i64>(4);
  child.ptid = paramNumber<i64>(5);
  child.vtid = hasParam(19) ? paramNumber<i64>(18) : event.tid;
  child.vpid = hasParam(19) ? paramNumber<i64>(19) : -1;
  child.flags = paramNumber<u32>(15) | CL_INVERTED;
  const leader = (child.flags & CL_THREAD) == 0;
  if (!leader) child.flags |= CL_FILES;

  takeFromEvent(child);
  const from = findSource(child, leader);
  if (changetype<usize>(from) != 0 && !isUnknown(from)) {
    inherit(child, from);
    if (leader) inheritProcess(child, from);
    else child.execNs = from.execNs;
  } else if (changetype<usize>(from) != 0 && !leader) {
    from.pid = child.pid;
    from.ptid = child.ptid;
    from.vpid = child.vpid;
    from.vtid = child.vpid;
    becomeKnown(from);
    copyNames(from, child);
  }
  takeNamespaceStart(child);
  insertThread(child);
  linkThread(child);
  setCurrentThread(findEventThread(event.tid));
}

function takeNamespaceStart(child: Thread): void {
  if ((child.flags & (CL_CHILD_IN_PIDNS | CL_NEWPID)) == 0 && child.tid == child.vtid) {
    child.pidnsInitStartNs = bootTimeNs();
  } else if (hasParam(20)) {
    child.pidnsInitStartNs = paramNumber<u64>(20) + bootTimeNs();
  }
}

/** The kernel's word of its making has come before: what the child says of itself is added. */
function completeForked(child: Thread): void {
  const files = child.flags & CL_FILES;
  child.isForked = 0;
  child.flags = (paramNumber<u32>(15) & ~CL_FILES) | CL_INVERTED | files;
  takeFromEvent(child);
  takeNamespaceStart(child);
}

/** Where a child's texts come from: the parent of a process, the main thread of a thread. */
function findSource(child: Thread, leader: bool): Thread {
  const tid = leader ? child.ptid : child.pid;
  // damaged input: a thread that descends from itself
  return tid == child.tid ? changetype<Thread>(0) : findOrMakeThread(tid);
}

/** A thread of which only the tid was known has got its numbers. */
function becomeKnown(thread: Thread): void {
  thread.main = thread.tid == thread.pid ? <u32>changetype<usize>(thread) : 0;
  linkThread(thread);
}

function takeFromEvent(child: Thread): void {
  takeNames(child);
  child.fdlimit = paramNumber<i64>(7);
  takeMemory(child);
  child.uid = paramNumber<u32>(16);
  child.gid = paramNumber<u32>(17);
  takeCgroups(child);
  child.cloneNs = event.timeNs;
}

/** What belongs to the process: open files, working directory, environment. */
function inheritProcess(child: Thread, from: Thread): void {
  shareTable(child, from);
  child.cwd = swapped(child.cwd, cwdStringOf(from));
  child.env = swapped(child.env, retain(from.env));
}
