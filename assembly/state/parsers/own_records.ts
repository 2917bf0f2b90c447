// Records of the probe that are no events: a thread has been made, an fd has come without a call for it. In: such a record
// as the current event. Out: the state. Both are the kernel's word of that very moment: a child gets what its parent has
// now, whatever the parent closes, changes or ends before the two clone events come.
// Elsewhere: the probe's side (probe/syscalls/clone.bpf.h, probe/syscalls/fd_facts.bpf.h), the clone events (clone.ts).

import { event, paramNumber } from "../../event";
import { CL_FILES, CL_THREAD } from "../../generated/events";
import { FD_CODE } from "../../generated/layout";
import { fdFromFacts, hasFacts, isOpen, isSettled } from "../fd_facts";
import { findFd, joinTable, putFd, removeFd, shareTable } from "../fd_table";
import { isUnknown, Thread } from "../thread";
import { findThread } from "../thread_table";
import { insertThread, linkThread, makeThread, removeThread } from "../thread_life";
import { copyNames, inherit, inheritWorkplace } from "./inherit";
import { threadOfProcess } from "../process_member";
import { retain } from "../../strings/intern";

export function parseOwnRecord(code: u32): void {
  if (code == FD_CODE) takeFd();
  else takeFork();
}

function takeFork(): void {
  const parent = threadOfProcess(event.tid, event.pid);
  const tid = paramNumber<i64>(0), pid = paramNumber<i64>(1);
  if (changetype<usize>(parent) == 0 || isUnknown(parent) || tid <= 0 || tid == parent.tid) return;
  const old = findThread(tid);
  if (changetype<usize>(old) != 0) removeThread(old);
  const child = makeThread(tid);
  if (changetype<usize>(child) == 0) return;
  const flags = paramNumber<u32>(5);
  child.isForked = 1;
  child.pid = pid;
  child.ptid = paramNumber<i64>(2);
  child.vtid = paramNumber<i64>(3);
  child.vpid = paramNumber<i64>(4);
  child.flags = flags & CL_THREAD;
  child.cloneNs = event.timeNs;
  child.uid = parent.uid;
  child.gid = parent.gid;
  child.fdlimit = parent.fdlimit;
  child.pidnsInitStartNs = parent.pidnsInitStartNs;
  child.cgroups = retain(parent.cgroups);
  child.containerId = retain(parent.containerId);
  copyNames(child, parent);
  inherit(child, parent);
  if ((flags & CL_THREAD) == 0) inheritWorkplace(child, parent);
  else child.execNs = parent.execNs;
  insertThread(child);
  linkThread(child);
  giveFiles(child, parent, flags);
}

function giveFiles(child: Thread, parent: Thread, flags: u32): void {
  if ((flags & CL_FILES) == 0) return shareTable(child, parent);
  const usesMain = parent.main == <u32>changetype<usize>(parent) || (parent.flags & CL_FILES) != 0;
  if ((flags & CL_THREAD) != 0 && usesMain && child.main != 0) child.flags |= CL_FILES;
  else joinTable(child, parent);
}

function takeFd(): void {
  const thread = threadOfProcess(event.tid, event.pid);
  const number = paramNumber<i64>(0);
  if (changetype<usize>(thread) == 0 || number < 0 || !hasFacts(event.params, 1)) return;
  const lastFd = thread.lastFd;
  if (!isOpen(1)) {
    removeFd(thread, number);
    return;
  }
  const known = findFd(thread, number);
  if (changetype<usize>(known) != 0 && isSettled(known, 1)) return;
  const fd = fdFromFacts(1);
  if (changetype<usize>(fd) != 0) putFd(thread, number, fd);
  else removeFd(thread, number);
  thread.lastFd = lastFd;
}
