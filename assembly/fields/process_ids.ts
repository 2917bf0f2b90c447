// Fields with ids: process, session, process group, and the leaders of the latter two.
// In: the current thread. A leader is found by its id; inside a pid namespace the ids of sessions and groups are
// the namespace's own, so there the oldest ancestor that shares the id counts as the leader.

import { CL_CHILD_IN_PIDNS } from "../generated/events";
import { EMPTY } from "../strings/literal";
import { currentThread } from "../state/current";
import { Thread } from "../state/thread";
import { findThread } from "../state/thread_table";
import { NO_NUMBER } from "../strings/view";
import { noThread, shownId } from "./process";
import { textOf } from "./text";

export function proc_pid(): i64 {
  return noThread() ? NO_NUMBER : shownId(currentThread.pid);
}

export function proc_vpid(): i64 {
  return noThread() || currentThread.vpid == -1 ? NO_NUMBER : currentThread.vpid;
}

export function proc_sid(): i64 {
  return noThread() ? NO_NUMBER : currentThread.sid;
}

export function proc_vpgid(): i64 {
  return noThread() ? NO_NUMBER : currentThread.vpgid;
}

export function proc_pgid(): i64 {
  return noThread() ? NO_NUMBER : currentThread.pgid;
}

export function proc_is_sid_leader(): i64 {
  return noThread() ? NO_NUMBER : <i64>(currentThread.sid == currentThread.vpid);
}

export function proc_is_vpgid_leader(): i64 {
  return noThread() ? NO_NUMBER : <i64>(currentThread.vpgid == currentThread.vpid);
}

export function proc_is_pgid_leader(): i64 {
  return noThread() ? NO_NUMBER : <i64>(currentThread.pgid == currentThread.pid);
}

// @ts-ignore: decorator
@inline const SESSION: u32 = 0;
// @ts-ignore: decorator
@inline const VIRTUAL_GROUP: u32 = 1;
// @ts-ignore: decorator
@inline const GROUP: u32 = 2;

function idOf(thread: Thread, kind: u32): i64 {
  return kind == SESSION ? thread.sid : kind == GROUP ? thread.pgid : thread.vpgid;
}

/** Leader of the session or group of the current thread; null when it is not known. */
function leader(kind: u32): Thread {
  const none = changetype<Thread>(0);
  if (noThread()) return none;
  const id = idOf(currentThread, kind);
  if (id == -1) return none;
  const inNamespace = (currentThread.flags & CL_CHILD_IN_PIDNS) != 0 ||
    (currentThread.tid != currentThread.vtid && currentThread.vtid >= 0);
  if (kind == GROUP || !inNamespace) {
    const found = findThread(id);
    if (changetype<usize>(found) != 0) return found;
  }
  let oldest = none;
  let parent = findThread(currentThread.ptid);
  let ahead = parent;
  while (changetype<usize>(parent) != 0 && parent.tid != -1 && idOf(parent, kind) == id) {
    oldest = parent;
    parent = findThread(parent.ptid);
    for (let i = 0; i < 2; i++) if (changetype<usize>(ahead) != 0) ahead = findThread(ahead.ptid);
    // a ring of parents
    if (changetype<usize>(parent) == changetype<usize>(ahead)) break;
  }
  return oldest;
}

function leaderName(kind: u32): u64 {
  const thread = leader(kind);
  return changetype<usize>(thread) == 0 ? noThread() ? 0 : EMPTY : textOf(thread.comm);
}

function leaderExe(kind: u32): u64 {
  const thread = leader(kind);
  return changetype<usize>(thread) == 0 ? noThread() ? 0 : EMPTY : textOf(thread.exe);
}

function leaderExepath(kind: u32): u64 {
  const thread = leader(kind);
  return changetype<usize>(thread) == 0 ? noThread() ? 0 : EMPTY : textOf(thread.exepath);
}

export function proc_sname(): u64 {
  return leaderName(SESSION);
}

export function proc_sid_exe(): u64 {
  return leaderExe(SESSION);
}

export function proc_sid_exepath(): u64 {
  return leaderExepath(SESSION);
}

export function proc_vpgid_name(): u64 {
  return leaderName(VIRTUAL_GROUP);
}

export function proc_vpgid_exe(): u64 {
  return leaderExe(VIRTUAL_GROUP);
}

export function proc_vpgid_exepath(): u64 {
  return leaderExepath(VIRTUAL_GROUP);
}

export function proc_pgid_name(): u64 {
  return leaderName(GROUP);
}

export function proc_pgid_exe(): u64 {
  return leaderExe(GROUP);
}

export function proc_pgid_exepath(): u64 {
  return leaderExepath(GROUP);
}
