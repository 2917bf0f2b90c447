// Threads that ended a moment ago. A parent's clone event may come after its child's exit event; without this
// memory the child would be put back into the table and stay there. And a child's own event may come after its parent's
// exit, while it still names that parent: then the parent's heir is its parent.

import { onReset } from "../memory/reset";

/** 4096 slots {u64 parent and child, u64 time}; a newer entry replaces an older one */
const slots: usize = memory.data(4096 * 16, 8);
const MASK: u32 = 4095;
const HEIR_MASK: u32 = 1023;
const MAX_AGE_NS: u64 = 2_000_000_000;

// @ts-ignore: decorator
@inline
function keyOf(tid: i64, ptid: i64): u64 {
  return (<u64>ptid << 32) | <u64>(<u32>tid);
}

// @ts-ignore: decorator
@inline
function slotOf(key: u64): usize {
  return slots + (<usize>(<u32>((key * 0x9E3779B97F4A7C15) >> 40) & MASK) << 4);
}

/** by tid: {u32 tid, i32 heir, u64 time} */
const heirs: usize = memory.data(1024 * 16, 8);

/** Remembers which thread gets the children of one that has ended, also those that are not known yet. */
export function rememberHeir(tid: i64, heir: i64, ns: u64): void {
  const at = heirs + (<usize>(<u32>tid & HEIR_MASK) << 4);
  store<u32>(at, <u32>tid);
  store<i32>(at, <i32>heir, 4);
  store<u64>(at, ns, 8);
}

/** The heir of a thread that has ended a moment ago; 0 when that is not known. */
export function heirOf(tid: i64, ns: u64): i64 {
  const at = heirs + (<usize>(<u32>tid & HEIR_MASK) << 4);
  const endedNs = load<u64>(at, 8);
  if (<i64>load<u32>(at) != tid || ns + MAX_AGE_NS < endedNs || ns > endedNs + MAX_AGE_NS) return 0;
  return <i64>load<i32>(at, 4);
}

export function rememberExit(tid: i64, ptid: i64, ns: u64): void {
  const key = keyOf(tid, ptid);
  store<u64>(slotOf(key), key);
  store<u64>(slotOf(key), ns, 8);
}

export function hasJustExited(tid: i64, ptid: i64, ns: u64): bool {
  const key = keyOf(tid, ptid);
  const at = load<u64>(slotOf(key), 8);
  return load<u64>(slotOf(key)) == key && ns >= at && ns - at < MAX_AGE_NS;
}

onReset(forgetExits);

function forgetExits(): void {
  memory.fill(slots, 0, 4096 * 16);
  memory.fill(heirs, 0, 1024 * 16);
}
