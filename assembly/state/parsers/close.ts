// close, close_range: files go. One that was closed by its number stays whole while the event is judged.

import { paramNumber } from "../../event";
import { FCLOSERANGE_CLOEXEC } from "../../generated/events";
import { currentFd, currentResult, currentThread, hasResult } from "../current";
import { closeRange } from "../fd_sweep";
import { removeFd } from "../fd_table";
import { findThread } from "../thread_table";

let pendingTid: i64 = -1;
let pendingFd: i64 = -1;

export function parseClose(): void {
  if (!hasResult || currentResult < 0) return;
  if (changetype<usize>(currentFd) == 0 || changetype<usize>(currentThread) == 0) return;
  pendingTid = currentThread.tid;
  pendingFd = currentThread.lastFd;
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

export function forgetClosed(): void {
  pendingFd = -1;
}

export function parseCloseRange(): void {
  if (!hasResult || currentResult < 0 || changetype<usize>(currentThread) == 0) return;
  const onlyMark = (paramNumber<u32>(3) & FCLOSERANGE_CLOEXEC) != 0;
  closeRange(currentThread, paramNumber<u32>(1), paramNumber<u32>(2), onlyMark);
}
