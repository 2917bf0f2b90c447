// Many files at once: those that execve closes, and the ranges of close_range.

import { FEPOLL_CLOEXEC, FMFD_CLOEXEC, FO_CLOEXEC } from "../generated/events";
import { viewAt, viewBytes } from "../strings/view";
import { Fd, FdType } from "./fd";
import { fdInSlot, fdsOf, numberInSlot, ownTable, removeSlot, slotCount, writableFd } from "./fd_table";
import { Thread } from "./thread";

/** Whether execve closes the file. */
function isCloseOnExec(fd: Fd): bool {
  if ((fd.openFlags & FO_CLOEXEC) != 0) return true;
  if (fd.type == FdType.EVENTPOLL) return (fd.openFlags & FEPOLL_CLOEXEC) != 0;
  return fd.type == FdType.MEMFD && (fd.openFlags & FMFD_CLOEXEC) != 0;
}

/** execve: closes what is marked for it. */
export function closeOnExec(thread: Thread): void {
  const at = fdsOf(thread);
  let any = false;
  for (let i: u32 = 0; i < slotCount(at) && !any; i++) {
    const fd = fdInSlot(at, i);
    any = changetype<usize>(fd) != 0 && isCloseOnExec(fd);
  }
  const table = any ? ownTable(thread) : 0;
  for (let i: u32 = 0; i < slotCount(table);) {
    const fd = fdInSlot(table, i);
    // what moved into the slot has to be looked at too
    if (changetype<usize>(fd) != 0 && isCloseOnExec(fd)) removeSlot(table, i);
    else i++;
  }
}

/**
 * close_range: closes the files of a range, or marks them to be closed by execve. Numbers whose bit is set in `stillOpen`
 * have been given away again in the meantime.
 */
export function closeRange(thread: Thread, first: u32, last: u32, onlyMark: bool, stillOpen: u64): void {
  const table = fdsOf(thread) == 0 ? 0 : ownTable(thread);
  for (let i: u32 = 0; i < slotCount(table);) {
    const number = numberInSlot(table, i);
    if (number < 0 || <u32>number < first || <u32>number > last) {
      i++;
    } else if (onlyMark) {
      const own = writableFd(thread, number, fdInSlot(table, i));
      own.openFlags |= FO_CLOEXEC;
      i++;
    } else if (hasBit(stillOpen, <u32>number)) {
      i++;
    } else {
      removeSlot(table, i);
    }
  }
}

function hasBit(bits: u64, index: u32): bool {
  return <usize>(index >> 3) < viewBytes(bits) && (load<u8>(viewAt(bits) + (index >> 3)) >> <u8>(index & 7) & 1) != 0;
}
