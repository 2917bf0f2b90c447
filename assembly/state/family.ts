// The family tree: children of threads, and the thread that gets them when their parent ends.

import { CL_CHILD_IN_PIDNS, CL_CLOSED } from "../generated/events";
import { isUnknown, Thread } from "./thread";
import { Group, groupOf } from "./thread_group";
import { findThread } from "./thread_table";

/** A chain of parents longer than this is a loop in a damaged trace. */
const MAX_ANCESTORS: i32 = 1024;

// @ts-ignore: decorator
@inline
function at(thread: u32): Thread {
  return changetype<Thread>(<usize>thread);
}

/** Makes `child` the first child of `parent`, whose tid it takes as its ptid. */
export function addChild(parent: Thread, child: Thread): void {
  removeFromParent(child);
  const address = <u32>changetype<usize>(child);
  child.parent = <u32>changetype<usize>(parent);
  child.previousSibling = 0;
  child.nextSibling = parent.firstChild;
  if (parent.firstChild != 0) at(parent.firstChild).previousSibling = address;
  parent.firstChild = address;
  parent.childCount++;
  child.ptid = parent.tid;
}

/** The ptid stays: only the link goes. */
export function removeFromParent(child: Thread): void {
  if (child.parent == 0) return;
  const parent = at(child.parent);
  if (child.nextSibling != 0) at(child.nextSibling).previousSibling = child.previousSibling;
  if (child.previousSibling != 0) at(child.previousSibling).nextSibling = child.nextSibling;
  else parent.firstChild = child.nextSibling;
  parent.childCount--;
  child.parent = 0;
  child.nextSibling = 0;
  child.previousSibling = 0;
}

/** Leaves the children without a parent in the table; they keep its number. */
export function abandonChildren(thread: Thread): void {
  while (thread.firstChild != 0) removeFromParent(at(thread.firstChild));
}

/** Gives the children of a thread that ends to its reaper; without one they have no parent (ptid 0). */
export function moveChildren(thread: Thread): void {
  if (thread.firstChild == 0) return;
  let reaper = thread.reaperTid > 0 ? findThread(thread.reaperTid) : changetype<Thread>(0);
  if (changetype<usize>(reaper) == 0 || isUnknown(reaper) || reaper == thread) reaper = findReaper(thread);
  if (changetype<usize>(reaper) == 0) {
    while (thread.firstChild != 0) {
      const child = at(thread.firstChild);
      removeFromParent(child);
      child.ptid = 0;
    }
    return;
  }
  thread.reaperTid = reaper.tid;
  if (reaper.pid != thread.pid && reaper.group != 0) groupOf(reaper).reaper = true;
  while (thread.firstChild != 0) addChild(reaper, at(thread.firstChild));
}

/** As the kernel chooses: another thread of the process, else the nearest ancestor that adopts orphans. */
function findReaper(thread: Thread): Thread {
  if (thread.group != 0) {
    const sibling = aliveMember(groupOf(thread), thread);
    if (changetype<usize>(sibling) != 0) return sibling;
  }
  let parent = findThread(thread.ptid);
  for (let i = 0; i < MAX_ANCESTORS && changetype<usize>(parent) != 0 && parent != thread; i++) {
    // what is outside of the namespace cannot adopt
    if (isInPidNamespace(parent) != isInPidNamespace(thread)) break;
    if (parent.group != 0 && groupOf(parent).reaper && groupOf(parent).alive > 0) {
      const found = aliveMember(groupOf(parent), thread);
      if (changetype<usize>(found) != 0) return found;
    }
    parent = findThread(parent.ptid);
  }
  return changetype<Thread>(0);
}

function aliveMember(group: Group, except: Thread): Thread {
  for (let i = group.first; i != 0; i = at(i).nextInGroup) {
    if ((at(i).flags & CL_CLOSED) == 0 && at(i) != except) return at(i);
  }
  return changetype<Thread>(0);
}

/** Whether the thread lives in a pid namespace of its own, not the host's. */
function isInPidNamespace(thread: Thread): bool {
  return (thread.flags & CL_CHILD_IN_PIDNS) != 0 || (thread.tid != thread.vtid && thread.vtid >= 0);
}
