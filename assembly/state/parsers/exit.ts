// procexit: a thread ends. It stays whole while the event is evaluated; removal comes with the next event.

import { event, hasParam, paramNumber } from "../../event";
import { onReset } from "../../memory/reset";
import { currentThread } from "../current";
import { setDue } from "../due";
import { isLive } from "../machine";
import { rememberExit, rememberHeir } from "../recently_exited";
import { findThread } from "../thread_table";
import { markDead, removeThread } from "../thread_life";

let pendingTid: i64 = -1;

onReset(forgetEnded);

export function parseExit(): void {
  const thread = currentThread;
  if (changetype<usize>(thread) == 0) return;
  markDead(thread);
  pendingTid = event.tid;
  setDue();
  if (isLive && hasParam(4)) rememberHeir(event.tid, paramNumber<i64>(4), event.timeNs);
  if (thread.firstChild == 0) return;
  if (event.params <= 4) thread.reaperTid = -1;
  else if (hasParam(4)) thread.reaperTid = paramNumber<i64>(4);
}

/** Removes the thread whose end was the last event. */
// @ts-ignore: decorator
@inline
export function removeEnded(): void {
  if (pendingTid != -1) remove();
}

function remove(): void {
  const thread = findThread(pendingTid);
  pendingTid = -1;
  if (changetype<usize>(thread) == 0) return;
  rememberExit(thread.tid, thread.ptid, event.timeNs);
  removeThread(thread);
}

function forgetEnded(): void {
  pendingTid = -1;
}
