// Thread groups: the threads of one process. The main thread, when it is known, is the first of the list.
// A group lives as long as it has members; it is found by pid until no member is alive.

import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { allocate, free } from "../memory/heap";
import { CL_CLOSED, CL_IS_MAIN_THREAD } from "../generated/events";
import { Thread } from "./thread";

@unmanaged
export class Group {
  /** next in the hash chain */
  next: u32;
  /** threads that have not ended */
  alive: u32;
  members: u32;
  first: u32;
  last: u32;
  /** init of a pid namespace, or set to adopt orphans */
  reaper: bool;
  listed: bool;
  unused: u16;
  pid: i64;

  // @ts-ignore: decorator
  @inline
  has(pid: i64, _hash: u32): bool {
    return this.pid == pid;
  }
}

const groups = changetype<HashTable<Group>>(memory.data(TABLE_BYTES, 8));

/** @param size a power of two */
export function initGroups(size: u32): void {
  groups.init(size, closeGroup);
}

// @ts-ignore: decorator
@inline
export function isMain(thread: Thread): bool {
  return thread.tid == thread.pid || (thread.flags & CL_IS_MAIN_THREAD) != 0;
}

// @ts-ignore: decorator
@inline
export function groupOf(thread: Thread): Group {
  return changetype<Group>(<usize>thread.group);
}

/** Threads of the process that have not ended (proc.nthreads); 0 when its group is not known. */
export function aliveThreads(thread: Thread): u32 {
  return thread.group == 0 ? 0 : groupOf(thread).alive;
}

/** Puts a thread into the group of its pid, which is made when needed; false when there is no room. */
export function joinGroup(thread: Thread): bool {
  let group = groups.find(<u32>thread.pid, thread.pid);
  if (changetype<usize>(group) == 0) {
    group = create(thread.pid, thread.pid == 1 || thread.vpid == 1);
    if (changetype<usize>(group) == 0) return false;
  }
  const at = <u32>changetype<usize>(thread);
  thread.group = <u32>changetype<usize>(group);
  thread.nextInGroup = 0;
  thread.previousInGroup = 0;
  if (group.first == 0) {
    group.first = at;
    group.last = at;
  } else if (isMain(thread)) {
    thread.nextInGroup = group.first;
    member(group.first).previousInGroup = at;
    group.first = at;
  } else {
    thread.previousInGroup = group.last;
    member(group.last).nextInGroup = at;
    group.last = at;
  }
  group.members++;
  // a listed process may have lost its main thread before
  if ((thread.flags & CL_CLOSED) == 0) group.alive++;
  if (isMain(thread)) {
    tellMain(group, at);
  } else {
    const first = member(group.first);
    thread.main = isMain(first) ? group.first : 0;
  }
  return true;
}

/** Takes a thread out of its group, which goes with its last member. */
export function leaveGroup(thread: Thread): void {
  if (thread.group == 0) return;
  const group = groupOf(thread);
  if (thread.nextInGroup != 0) member(thread.nextInGroup).previousInGroup = thread.previousInGroup;
  else group.last = thread.previousInGroup;
  if (thread.previousInGroup != 0) member(thread.previousInGroup).nextInGroup = thread.nextInGroup;
  else group.first = thread.nextInGroup;
  thread.group = 0;
  group.members--;
  if (group.members == 0) {
    closeGroup(group);
    free(changetype<usize>(group));
  } else if (isMain(thread)) {
    tellMain(group, 0);
  }
}

/** The process has ended: another one may get its pid. */
export function closeGroup(group: Group): void {
  if (!group.listed) return;
  group.listed = false;
  groups.remove(<u32>group.pid, group);
}

function create(pid: i64, reaper: bool): Group {
  const at = groups.isMissing ? 0 : allocate(offsetof<Group>());
  if (at == 0) return changetype<Group>(0);
  memory.fill(at, 0, offsetof<Group>());
  const group = changetype<Group>(at);
  group.pid = pid;
  group.reaper = reaper;
  group.listed = true;
  groups.insert(<u32>pid, group);
  return group;
}

// @ts-ignore: decorator
@inline
function member(at: u32): Thread {
  return changetype<Thread>(<usize>at);
}

function tellMain(group: Group, main: u32): void {
  for (let at = group.first; at != 0; at = member(at).nextInGroup) member(at).main = main;
}
