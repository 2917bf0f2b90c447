// The table of threads, by tid. Bounded: when it is full, a stale thread goes (counted) before a new one comes.
// In: tids. Out: threads; null when there is none and no room for one. Who fills them: state/parsers/.

import { count, uncount } from "../counters";
import { CL_CLOSED, CL_NAME_CHANGED } from "../generated/events";
import {
  COUNT_THREAD_LOOKUPS_FAILED,
  COUNT_THREADS,
  COUNT_THREADS_ADDED,
  COUNT_THREADS_REMOVED,
} from "../generated/layout";
import { allocate, allocateZeroed, free } from "../memory/heap";
import { intern, internView, release, retain, viewOf } from "../strings/intern";
import { view } from "../strings/view";
import { currentThread, setCurrentThread } from "./current";
import { dropEnterEvent } from "./enter";
import { abandonChildren, addChild, moveChildren, removeFromParent } from "./family";
import { releaseTable } from "./fd_table";
import { eventTimeNs } from "../event";
import { isLive } from "./machine";
import { notAvailable } from "./params";
import { heirOf } from "./recently_exited";
import { isUnknown, NO_ID, Thread } from "./thread";
import { closeGroup, groupOf, initGroups, isMain, joinGroup, leaveGroup } from "./thread_group";

/** ./ */
const HERE = memory.data<u8>([46, 47]);

let buckets: usize = 0;
let mask: u32 = 0;
let limit: u32 = 0;
let threads: u32 = 0;
let lastThread: Thread = changetype<Thread>(0);
let unknownName: u32 = 0;

export function initThreads(maxThreads: u32): void {
  limit = max(maxThreads, 64);
  let size: u32 = 64;
  while (size < limit) size <<= 1;
  buckets = allocateZeroed(<usize>size << 2);
  mask = buckets == 0 ? 0 : size - 1;
  if (buckets == 0) limit = 0;
  initGroups(size);
  unknownName = internView(notAvailable());
}

// @ts-ignore: decorator
@inline
function bucketOf(tid: i64): usize {
  // tids follow one another, so they need no mixing; the shift keeps namespaced look-alikes apart
  return buckets + (<usize>((<u32>tid ^ <u32>(tid >> 32)) & mask) << 2);
}

/** The thread with this tid, or null. */
export function findThread(tid: i64): Thread {
  if (changetype<usize>(lastThread) != 0 && lastThread.tid == tid) return lastThread;
  if (limit == 0) return changetype<Thread>(0);
  let at: usize = load<u32>(bucketOf(tid));
  while (at != 0) {
    const thread = changetype<Thread>(at);
    if (thread.tid == tid) return thread;
    at = thread.next;
  }
  return changetype<Thread>(0);
}

/** The thread of an event: remembered, because the next event is often one of the same thread. */
// @ts-ignore: decorator
@inline
export function findEventThread(tid: i64): Thread {
  const thread = findThread(tid);
  if (changetype<usize>(thread) != 0) lastThread = thread;
  else count(COUNT_THREAD_LOOKUPS_FAILED);
  return thread;
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

/** Working directory of the process, with a slash at its end; `./` when its main thread is not known. */
export function cwdOf(thread: Thread): u64 {
  return thread.main == 0 ? view(HERE, 2) : viewOf(changetype<Thread>(<usize>thread.main).cwd);
}

/** The same as a string with a reference of its own. */
export function cwdStringOf(thread: Thread): u32 {
  return thread.main == 0 ? intern(HERE, 2) : retain(changetype<Thread>(<usize>thread.main).cwd);
}

/** A new thread that is in no table yet; its numbers say "not known". Null when there is no room. */
export function makeThread(tid: i64): Thread {
  if (threads >= limit) return changetype<Thread>(0);
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
  const bucket = bucketOf(thread.tid);
  thread.next = load<u32>(bucket);
  store<u32>(bucket, <u32>changetype<usize>(thread));
  thread.main = isMain(thread) ? <u32>changetype<usize>(thread) : 0;
  threads++;
  count(COUNT_THREADS);
  count(COUNT_THREADS_ADDED);
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

/** A thread of which no parent is known has just been told one; what is known stays, since children move to their heirs. */
export function healLineage(thread: Thread, ptid: i64): void {
  if (thread.parent != 0 || thread.group == 0 || thread.pid == 1) return;
  const parent = parentOf(ptid, thread);
  if (changetype<usize>(parent) != 0) addChild(parent, thread);
}

/** Of heirs that have ended, too, one after the other. */
const MAX_HEIRS: i32 = 16;

/** The thread with a number that a child has as its parent's, or who has taken its place. */
function parentOf(ptid: i64, child: Thread): Thread {
  for (let i = 0; i < MAX_HEIRS && ptid > 0; i++) {
    const parent = findThread(ptid);
    if (changetype<usize>(parent) != 0 && !isUnknown(parent) && parent != child) return parent;
    if (!isLive) break;
    ptid = heirOf(ptid, eventTimeNs);
  }
  return changetype<Thread>(0);
}

/** Groups and parents of all threads of a process list. */
export function linkAllThreads(): void {
  for (let i: u32 = 0; i <= mask && limit != 0; i++) {
    let at: usize = load<u32>(buckets + (<usize>i << 2));
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
  const at = changetype<usize>(thread);
  const bucket = bucketOf(thread.tid);
  let link = bucket;
  while (load<u32>(link) != <u32>at && load<u32>(link) != 0) {
    link = load<u32>(link) + offsetof<Thread>("next");
  }
  if (load<u32>(link) != 0) {
    store<u32>(link, thread.next);
    threads--;
    uncount(COUNT_THREADS);
    count(COUNT_THREADS_REMOVED);
  }
  if (lastThread == thread) lastThread = changetype<Thread>(0);
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

/** Empties the table: a new capture begins. */
export function clearThreads(): void {
  for (let i: u32 = 0; i <= mask && limit != 0; i++) {
    const bucket = buckets + (<usize>i << 2);
    while (load<u32>(bucket) != 0) eraseThread(changetype<Thread>(<usize>load<u32>(bucket)));
  }
}

/** First thread of a bucket, for loops over all; 1 when there is no such bucket. */
export function bucketHead(index: u32): usize {
  return limit == 0 || index > mask ? 1 : <usize>load<u32>(buckets + (<usize>index << 2));
}

/** Whether there is no room for `more` threads. */
// @ts-ignore: decorator
@inline
export function isNearlyFull(more: u32): bool {
  return threads + more > limit;
}
