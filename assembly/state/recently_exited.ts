// Threads that ended a moment ago. A parent's clone event may come after its child's exit event; without this
// memory the child would be put back into the table and stay there.

/** 4096 slots {u64 parent and child, u64 time}; a newer entry replaces an older one */
const slots: usize = memory.data(4096 * 16, 8);
const MASK: u32 = 4095;
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

export function forgetExits(): void {
  memory.fill(slots, 0, 4096 * 16);
}
