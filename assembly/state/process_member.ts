// Threads that were never seen to be made, of processes that are known: records of the probe name both.
// In: a tid and its pid. Out: the thread, made from the main thread of its process when it was not there.

import { CL_FILES, CL_THREAD } from "../generated/events";
import { release, retain } from "../strings/intern";
import { copyNames, inherit } from "./parsers/inherit";
import { askProcess } from "./look_up";
import { isUnknown, Thread } from "./thread";
import { findThread } from "./thread_table";
import { findOrMakeThread, insertThread, linkThread, makeThread } from "./thread_life";

/** Null when neither the thread nor its process is known. */
export function threadOfProcess(tid: i64, pid: i64): Thread {
  let thread = findThread(tid);
  if (changetype<usize>(thread) != 0 && !isUnknown(thread)) return thread;
  if (pid <= 0) return thread;
  let main = findThread(pid);
  if (changetype<usize>(main) == 0 || isUnknown(main)) {
    // one that was asked about in vain has a placeholder, which waits for a clone or an execve
    if (changetype<usize>(thread) != 0 && thread.questions != 0) return thread;
    const isAnswered = askProcess(tid, pid);
    thread = isAnswered ? findOrMakeThread(tid) : findThread(tid);
    if (isAnswered && changetype<usize>(thread) != 0) thread.questions++;
    if (changetype<usize>(thread) != 0 && !isUnknown(thread)) return thread;
    main = findThread(pid);
    if (changetype<usize>(main) == 0 || isUnknown(main)) return thread;
  }
  if (pid == tid) return main;
  const isNew = changetype<usize>(thread) == 0;
  if (isNew) thread = makeThread(tid);
  if (changetype<usize>(thread) == 0) return thread;
  takeFrom(thread, main);
  if (isNew) insertThread(thread);
  linkThread(thread);
  return thread;
}

function takeFrom(thread: Thread, main: Thread): void {
  thread.pid = main.pid;
  thread.ptid = main.ptid;
  thread.vpid = main.vpid;
  // its number in a namespace of its own is not known
  thread.vtid = main.vtid == main.tid ? thread.tid : -1;
  thread.flags |= CL_THREAD | CL_FILES;
  thread.uid = main.uid;
  thread.gid = main.gid;
  thread.fdlimit = main.fdlimit;
  thread.execNs = main.execNs;
  thread.pidnsInitStartNs = main.pidnsInitStartNs;
  release(thread.cgroups);
  release(thread.containerId);
  thread.cgroups = retain(main.cgroups);
  thread.containerId = retain(main.containerId);
  copyNames(thread, main);
  inherit(thread, main);
}
