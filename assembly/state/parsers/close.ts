// close, close_range: files go. One that was closed by its number stays whole while the event is evaluated.

import { event, param, paramNumber } from "../../event";
import { FCLOSERANGE_CLOEXEC, FCLOSERANGE_UNSHARE } from "../../generated/events";
import { onReset } from "../../memory/reset";
import { currentFd, currentResult, currentThread, hasResult } from "../current";
import { setDue } from "../due";
import { closeRange } from "../fd_sweep";
import { leaveTable, removeFd } from "../fd_table";
import { isLive } from "../machine";
import { findThread } from "../thread_table";

let pendingTid: i64 = -1;
let pendingFd: i64 = -1;

onReset(forgetClosed);

/** The number was not open: the one error with which the kernel closes nothing. */
const EBADF: i64 = 9;
/** position of what the probe adds: 1 when the number is in use again (probe/syscalls/fd.bpf.h) */
const IN_USE: u32 = 2;

export function parseClose(): void {
  if (!hasResult || changetype<usize>(currentFd) == 0 || changetype<usize>(currentThread) == 0) return;
  if (!isClosed(currentResult, event.params, paramNumber<u8>(IN_USE))) return;
  pendingTid = currentThread.tid;
  pendingFd = currentThread.lastFd;
  setDue();
}

/**
 * Whether nothing is open under the number any more.
 * @param inUse what the probe says, if the event has so many parameters
 */
// @ts-ignore: decorator
@inline
export function isClosed(result: i64, params: u32, inUse: u32): bool {
  // while the close lasted another thread may have got the number, and its entry stays; if it has not been reported yet it
  // will replace this one
  return params > IN_USE ? result != -EBADF && inUse == 0 : result >= 0;
}

/** Removes the file that the last event has closed. */
// @ts-ignore: decorator
@inline
export function removeClosed(): void {
  if (pendingFd != -1) remove();
}

function remove(): void {
  const thread = findThread(pendingTid);
  if (changetype<usize>(thread) != 0) removeFd(thread, pendingFd);
  pendingFd = -1;
}

function forgetClosed(): void {
  pendingFd = -1;
}

/** position of what the probe adds: a bit for each number that is in use when the call is over */
const STILL_OPEN: u32 = 4;

export function parseCloseRange(): void {
  if (!hasResult || currentResult < 0 || changetype<usize>(currentThread) == 0) return;
  const flags = paramNumber<u32>(3);
  if ((flags & FCLOSERANGE_UNSHARE) != 0 && isLive) leaveTable(currentThread);
  const onlyMark = (flags & FCLOSERANGE_CLOEXEC) != 0;
  closeRange(currentThread, paramNumber<u32>(1), paramNumber<u32>(2), onlyMark, param(STILL_OPEN));
}
