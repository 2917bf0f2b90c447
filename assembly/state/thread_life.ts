// The life of a thread: made, put into the table, given its place among its relatives, ended, removed.
// In: tids, and threads whose numbers are known. Out: the table, the groups and the family tree, which agree.
// Elsewhere: finding threads (thread_table.ts), what fills them (state/parsers/), room for new ones (thread_eviction.ts).

import { CL_CLOSED, CL_NAME_CHANGED } from "../generated/events";
import { allocate, free } from "../memory/heap";
import { event } from "../event";
import { internView, release, retain } from "../strings/intern";
import { currentThread, setCurrentThread } from "./current";
import { dropEnterEvent } from "./enter";
import { abandonChildren, addChild, moveChildren, removeFromParent } from "./family";
import { releaseTable } from "./fd_table";
import { isLive } from "./machine";
import { notAvailable } from "./params";
import { heirOf } from "./recently_exited";
import { isUnknown, NO_ID, Thread } from "./thread";
import { closeGroup, groupOf, initGroups, isMain, joinGroup, leaveGroup } from "./thread_group";
import {
  bucketHead,
  findThread,
  initThreadTable,
  isNearlyFull,
  putIntoTable,
  takeOutOfTable,
} from "./thread_table";

let unknownName: u32 = 0;

export function initThreads(maxThreads: u32): void {
  initGroups(initThreadTable(maxThreads, eraseThread));
  unknownName = internView(notAvailable());
}

/** The thread with this tid; one of which only the tid is known is made when there is none. */
export function findOrMakeThread(tid: i64): Thread {
  const thread = findThread(tid);
  if (changetype<usize>(thread) != 0) return thread;
  const made = makeThread(tid);
  if (changetype<usize>(made) == 0) return made;
  made.comm = retain(unknownName);
  made.exe = retain(unknownName);
  insertThread(made);
  return made;
}

/** A new thread that is in no table yet; its numbers say "not known". Null when there is no room. */
export function makeThread(tid: i64): Thread {
  if (isNearlyFull(1)) return changetype<Thread>(0);
  const at = allocate(offsetof<Thread>());
  if (at == 0) return changetype<Thread>(0);
  memory.fill(at, 0, offsetof<Thread>());
  const thread = changetype<Thread>(at);
  thread.tid = tid;
  thread.pid = -1;
  thread.ptid = -1;
  thread.sid = -1;
  thread.vpgid = -1;
  thread.pgid = -1;
  thread.vtid = -1;
  thread.vpid = -1;
  thread.uid = NO_ID;
  thread.gid = NO_ID;
  thread.loginuid = NO_ID;
  thread.reaperTid = -1;
  thread.fdlimit = -1;
  thread.flags = CL_NAME_CHANGED;
  return thread;
}

/** Puts a thread into the table; one with the same tid, whose end was lost, is removed before. */
export function insertThread(thread: Thread): void {
  const old = findThread(thread.tid);
  if (changetype<usize>(old) != 0) {
    removeThread(old);
    // a main thread that waits for its threads would have stayed
    const rest = findThread(thread.tid);
    if (changetype<usize>(rest) != 0) eraseThread(rest);
  }
  putIntoTable(thread);
  thread.main = isMain(thread) ? <u32>changetype<usize>(thread) : 0;
}

/** Group and parent of a thread whose numbers are known now. */
export function linkThread(thread: Thread): void {
  if (isUnknown(thread) || thread.group != 0) return;
  if (!joinGroup(thread)) return;
  if (thread.pid == 1) return;
  const parent = parentOf(thread.ptid, thread);
  if (changetype<usize>(parent) == 0) thread.ptid = 0;
  else addChild(parent, thread);
}

/** An event has named the parent of a thread; a known parent stays, since children move to their heirs. */
export function healLineage(thread: Thread, ptid: i64): void {
  if (thread.parent != 0 || thread.group == 0 || thread.pid == 1) return;
  const parent = parentOf(ptid, thread);
  if (changetype<usize>(parent) != 0) addChild(parent, thread);
}

/** Of heirs that have ended, too, one after the other. */
const MAX_HEIRS: i32 = 16;

/** The thread with a number that a child has as its parent's, or the one that has taken its place. */
function parentOf(ptid: i64, child: Thread): Thread {
  for (let i = 0; i < MAX_HEIRS && ptid > 0; i++) {
    const parent = findThread(ptid);
    if (changetype<usize>(parent) != 0 && !isUnknown(parent) && parent != child) return parent;
    if (!isLive) break;
    ptid = heirOf(ptid, event.timeNs);
  }
  return changetype<Thread>(0);
}

/** Groups and parents of all threads of a process list. */
export function linkAllThreads(): void {
  for (let i: u32 = 0;; i++) {
    let at = bucketHead(i);
    if (at == 1) return;
    for (; at != 0; at = changetype<Thread>(at).next) linkThread(changetype<Thread>(at));
  }
}

/** Marks a thread as ended; it stays in the table. */
export function markDead(thread: Thread): void {
  if ((thread.flags & CL_CLOSED) == 0 && thread.group != 0) {
    const group = groupOf(thread);
    if (group.alive != 0) group.alive--;
  }
  thread.flags |= CL_CLOSED;
}

/** A main thread that had ended goes on: another thread of the process has called execve. */
export function revive(thread: Thread): void {
  if ((thread.flags & CL_CLOSED) == 0) return;
  thread.flags &= ~CL_CLOSED;
  if (thread.group != 0) groupOf(thread).alive++;
}

/** Removes a thread that has ended. A main thread stays until the last thread of its process has gone. */
export function removeThread(thread: Thread): void {
  if (thread.group == 0) return eraseThread(thread);
  markDead(thread);
  moveChildren(thread);
  const group = groupOf(thread);
  const main = isMain(thread);
  if (group.alive == 0) {
    closeGroup(group);
    const leader = changetype<Thread>(<usize>thread.main);
    if (changetype<usize>(leader) != 0 && leader != thread) eraseThread(leader);
    eraseThread(thread);
  } else if (!main) {
    eraseThread(thread);
  }
}

/** Takes a thread out of everything that refers to it and frees it. */
export function eraseThread(thread: Thread): void {
  takeOutOfTable(thread);
  if (currentThread == thread) setCurrentThread(changetype<Thread>(0));
  freeThread(thread);
}

/** Frees a thread that is in no table (any more). */
export function freeThread(thread: Thread): void {
  abandonChildren(thread);
  removeFromParent(thread);
  leaveGroup(thread);
  releaseTable(thread.fds);
  dropEnterEvent(thread);
  release(thread.comm);
  release(thread.exe);
  release(thread.exepath);
  release(thread.args);
  release(thread.env);
  release(thread.cwd);
  release(thread.root);
  release(thread.cgroups);
  release(thread.containerId);
  free(changetype<usize>(thread));
}
