// Open files of a process, by number. A table is shared between a process and its children until one of them
// changes it (fork costs nothing), and so are the entries (see Fd.refs). Bounded by the number of entries of all
// tables; what does not fit is left out and counted.

import { count } from "../memory/counters";
import { CL_FILES } from "../generated/events";
import { COUNT_FD_LOOKUPS_FAILED } from "../generated/layout";
import { allocate, allocateZeroed, free } from "../memory/heap";
import { Fd } from "./fd";
import { copyFd, refused, releaseFd } from "./fd_entry";
import { Thread } from "./thread";
import { groupOf } from "./thread_group";

@unmanaged
class FdTable {
  /** threads that hold the table */
  refs: u32;
  count: u32;
  mask: u32;
  /** slots {u32 fd + 1, u32 entry}; open addressing */
  slots: u32;
  /** its holders change it together (CLONE_FILES between processes); then none of them only reads it */
  isCommon: u32;
}

const FIRST_SLOTS: u32 = 8;
const MAX_FD: i64 = 0x7ffffffe;

/** Threads that share the files of their process use the main thread's table, if that is known. */
// @ts-ignore: decorator
@inline
function ownerOf(thread: Thread): Thread {
  return (thread.flags & CL_FILES) == 0 ? thread : changetype<Thread>(<usize>thread.main);
}

/** The table that a thread uses, for loops; 0 = none. */
// @ts-ignore: decorator
@inline
export function fdsOf(thread: Thread): usize {
  const owner = ownerOf(thread);
  return changetype<usize>(owner) == 0 ? 0 : <usize>owner.fds;
}

/** Slot of a number in a table of `mask + 1` slots: small numbers are next to each other, others are scattered. */
// @ts-ignore: decorator
@inline
function home(key: u32, mask: u32): u32 {
  return (key ^ ((key >> 6) * 0x9E3779B1)) & mask;
}

// @ts-ignore: decorator
@inline
function slotAt(table: FdTable, index: u32): usize {
  return <usize>table.slots + (<usize>index << 3);
}

/** Index of the slot of `key`, or of the free slot where it would go. */
// @ts-ignore: decorator
@inline
function probe(table: FdTable, key: u32): u32 {
  const mask = table.mask;
  let i = home(key, mask);
  while (true) {
    const found = load<u32>(slotAt(table, i));
    if (found == key || found == 0) return i;
    i = (i + 1) & mask;
  }
}

/** The open file with this number, or null. */
export function findFd(thread: Thread, fd: i64): Fd {
  const found = peekFd(thread, fd);
  if (changetype<usize>(found) == 0) count(COUNT_FD_LOOKUPS_FAILED);
  return found;
}

/** The same without counting that there is none. */
// @ts-ignore: decorator
@inline
export function peekFd(thread: Thread, fd: i64): Fd {
  const at = fdsOf(thread);
  if (at == 0 || <u64>fd > <u64>MAX_FD) return changetype<Fd>(0);
  const table = changetype<FdTable>(at);
  return changetype<Fd>(<usize>load<u32>(slotAt(table, probe(table, <u32>fd + 1)), 4));
}

/** Gives an entry to a thread under a number, in place of what was there; null when there is no room. */
export function putFd(thread: Thread, number: i64, fd: Fd): Fd {
  thread.lastFd = number;
  const owner = ownerOf(thread);
  if (changetype<usize>(owner) == 0 || <u64>number > <u64>MAX_FD || !makePrivate(owner)) {
    return unplaced(fd);
  }
  const table = changetype<FdTable>(<usize>owner.fds);
  const key = <u32>number + 1;
  let slot = slotAt(table, probe(table, key));
  if (load<u32>(slot) != 0) {
    const old = changetype<Fd>(<usize>load<u32>(slot, 4));
    store<u32>(slot, <u32>changetype<usize>(fd), 4);
    releaseFd(old);
    return fd;
  }
  // at most half of the slots are used, so that a search ends soon
  if (table.count >= (table.mask + 1) >> 1) {
    if (!grow(table)) return unplaced(fd);
    slot = slotAt(table, probe(table, key));
  }
  store<u32>(slot, key);
  store<u32>(slot, <u32>changetype<usize>(fd), 4);
  table.count++;
  return fd;
}

function unplaced(fd: Fd): Fd {
  releaseFd(fd);
  return refused();
}

/** The entry that may be written: the thread's own copy if it was shared. `fd` is what `number` refers to. */
export function writableFd(thread: Thread, number: i64, fd: Fd): Fd {
  const owner = ownerOf(thread);
  if (changetype<usize>(owner) == 0 || <u64>number > <u64>MAX_FD || !makePrivate(owner)) return fd;
  if (fd.refs == 1) return fd;
  const table = changetype<FdTable>(<usize>owner.fds);
  const slot = slotAt(table, probe(table, <u32>number + 1));
  if (<usize>load<u32>(slot, 4) != changetype<usize>(fd)) return fd;
  const copy = copyFd(fd);
  if (changetype<usize>(copy) == 0) return fd;
  store<u32>(slot, <u32>changetype<usize>(copy), 4);
  releaseFd(fd);
  return copy;
}

export function removeFd(thread: Thread, number: i64): void {
  const owner = ownerOf(thread);
  if (changetype<usize>(owner) == 0 || owner.fds == 0 || <u64>number > <u64>MAX_FD) return;
  let table = changetype<FdTable>(<usize>owner.fds);
  let i = probe(table, <u32>number + 1);
  if (load<u32>(slotAt(table, i)) == 0 || !makePrivate(owner)) return;
  table = changetype<FdTable>(<usize>owner.fds);
  i = probe(table, <u32>number + 1);
  removeSlot(changetype<usize>(table), i);
}

/** Empties a slot and moves back those after it that would not be found any more. */
export function removeSlot(at: usize, index: u32): void {
  const table = changetype<FdTable>(at);
  const mask = table.mask;
  releaseFd(changetype<Fd>(<usize>load<u32>(slotAt(table, index), 4)));
  table.count--;
  let hole = index;
  let i = (index + 1) & mask;
  while (load<u32>(slotAt(table, i)) != 0) {
    const wanted = home(load<u32>(slotAt(table, i)), mask);
    // may the entry at i move to the hole? only if its home is not after the hole
    if (((i - wanted) & mask) >= ((i - hole) & mask)) {
      store<u64>(slotAt(table, hole), load<u64>(slotAt(table, i)));
      hole = i;
    }
    i = (i + 1) & mask;
  }
  store<u64>(slotAt(table, hole), 0);
}

/** The table that a thread uses, made when there is none, no longer shared with other processes; 0 = no room. */
export function ownTable(thread: Thread): usize {
  const owner = ownerOf(thread);
  return changetype<usize>(owner) != 0 && makePrivate(owner) ? <usize>owner.fds : 0;
}

/** Makes sure that the thread's table can be changed: made when there is none, copied when it is shared. */
function makePrivate(owner: Thread): bool {
  if (owner.fds == 0) {
    owner.fds = <u32>newTable(FIRST_SLOTS - 1);
    return owner.fds != 0;
  }
  const table = changetype<FdTable>(<usize>owner.fds);
  if (table.refs == 1 || table.isCommon != 0) return true;
  const at = copyTable(table);
  if (at == 0) return false;
  table.refs--;
  owner.fds = <u32>at;
  return true;
}

function copyTable(table: FdTable): usize {
  const at = newTable(table.mask);
  if (at == 0) return 0;
  const copy = changetype<FdTable>(at);
  copy.count = table.count;
  for (let i: u32 = 0; i <= table.mask; i++) {
    const slot = load<u64>(slotAt(table, i));
    if (slot == 0) continue;
    store<u64>(slotAt(copy, i), slot);
    changetype<Fd>(<usize>(slot >> 32)).refs++;
  }
  return at;
}

function newTable(mask: u32): usize {
  const at = allocate(offsetof<FdTable>());
  if (at == 0) return 0;
  const slots = allocateZeroed((<usize>mask + 1) << 3);
  if (slots == 0) {
    free(at);
    return 0;
  }
  const table = changetype<FdTable>(at);
  table.refs = 1;
  table.count = 0;
  table.isCommon = 0;
  table.mask = mask;
  table.slots = <u32>slots;
  return at;
}

function grow(table: FdTable): bool {
  const old: usize = table.slots, oldMask = table.mask;
  const slots = allocateZeroed((<usize>oldMask + 1) << 4);
  if (slots == 0) return false;
  table.slots = <u32>slots;
  table.mask = (oldMask << 1) | 1;
  for (let i: u32 = 0; i <= oldMask; i++) {
    const slot = load<u64>(old + (<usize>i << 3));
    if (slot != 0) store<u64>(slotAt(table, probe(table, <u32>slot)), slot);
  }
  free(old);
  return true;
}

/** Lets a new process begin with the files of another thread. */
export function shareTable(child: Thread, from: Thread): void {
  releaseTable(child.fds);
  child.fds = <u32>snapshot(fdsOf(from));
}

/** A reference to what a table holds now. One that several change together has to be copied at once. */
function snapshot(at: usize): usize {
  if (at == 0) return 0;
  const table = changetype<FdTable>(at);
  if (table.refs == 1) table.isCommon = 0;
  if (table.isCommon != 0) return copyTable(table);
  table.refs++;
  return at;
}

/** Lets a thread use the very table of another one (CLONE_FILES): what one does to it holds for both. */
export function joinTable(thread: Thread, other: Thread): void {
  const at = ownTable(other);
  if (at == 0) return;
  releaseTable(thread.fds);
  const table = changetype<FdTable>(at);
  table.isCommon = 1;
  table.refs++;
  thread.fds = <u32>at;
}

/** From now on the thread's changes to its files affect no other (unshare, close_range). */
export function leaveTable(thread: Thread): void {
  if ((thread.flags & CL_FILES) != 0 && thread.main != <u32>changetype<usize>(thread)) {
    const at = snapshot(fdsOf(thread));
    thread.flags &= ~CL_FILES;
    releaseTable(thread.fds);
    thread.fds = <u32>at;
    return;
  }
  if (thread.group != 0) keepForOthers(thread);
  leaveCommonTable(thread);
}

/** The same for a thread that is alone in its process (execve). */
export function leaveCommonTable(thread: Thread): void {
  if (thread.fds == 0 || changetype<FdTable>(<usize>thread.fds).isCommon == 0) return;
  const at = snapshot(thread.fds);
  releaseTable(thread.fds);
  thread.fds = <u32>at;
}

/** Threads that used the table of their main thread hold it themselves from now on. */
function keepForOthers(main: Thread): void {
  for (let at: usize = groupOf(main).first; at != 0; at = changetype<Thread>(at).nextInGroup) {
    const other = changetype<Thread>(at);
    if (other == main || (other.flags & CL_FILES) == 0) continue;
    joinTable(other, main);
    other.flags &= ~CL_FILES;
  }
}

export function releaseTable(at: u32): void {
  if (at == 0) return;
  const table = changetype<FdTable>(<usize>at);
  if (--table.refs != 0) return;
  for (let i: u32 = 0; i <= table.mask; i++) {
    const fd = load<u32>(slotAt(table, i), 4);
    if (fd != 0) releaseFd(changetype<Fd>(<usize>fd));
  }
  free(table.slots);
  free(at);
}

/** Open files of the process (proc.fdopencount). */
export function countFds(thread: Thread): u32 {
  return thread.fds == 0 ? 0 : changetype<FdTable>(<usize>thread.fds).count;
}

/** Slots of a table, for loops with `fdInSlot` and `numberInSlot`. */
// @ts-ignore: decorator
@inline
export function slotCount(table: usize): u32 {
  return table == 0 ? 0 : changetype<FdTable>(table).mask + 1;
}

/** The entry in a slot, or null. */
// @ts-ignore: decorator
@inline
export function fdInSlot(table: usize, slot: u32): Fd {
  return changetype<Fd>(<usize>load<u32>(slotAt(changetype<FdTable>(table), slot), 4));
}

// @ts-ignore: decorator
@inline
export function numberInSlot(table: usize, slot: u32): i64 {
  return <i64>load<u32>(slotAt(changetype<FdTable>(table), slot)) - 1;
}
