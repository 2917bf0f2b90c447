// Lists of cgroups: `subsys=path`, separated by NUL, with the names of subsystems as Falco prints them.

import { takeScratch } from "../memory/scratch";
import { equalBytes, findByte } from "../memory/bytes";
import { view, viewAt, viewBytes } from "../strings/view";

/** _cgroup */
const SUFFIX = memory.data<u8>([95, 99, 103, 114, 111, 117, 112]);
const SUFFIX_BYTES: usize = 7;
/** perf_event, memory, blkio */
const PERF_EVENT = memory.data<u8>([112, 101, 114, 102, 95, 101, 118, 101, 110, 116]);
const MEMORY = memory.data<u8>([109, 101, 109, 111, 114, 121]);
const BLKIO = memory.data<u8>([98, 108, 107, 105, 111]);

/**
 * The list with the kernel's names of subsystems replaced by the usual ones.
 * @param list without a NUL at its end
 * @returns 0 when an entry is not `subsys=path`: then the old list stays
 */
export function normaliseCgroups(list: u64): u64 {
  const bytes = viewBytes(list);
  if (bytes == 0) return list;
  // a name grows by at most six bytes, and an entry has at least one
  const target = takeScratch(bytes * 4 + 16);
  if (target == 0) return list;
  let at = viewAt(list), to = target;
  const end = at + bytes;
  while (at <= end) {
    const entryEnd = findByte(at, end, 0);
    const equals = findByte(at, entryEnd, 61);
    if (equals == entryEnd) return 0;
    to = putSubsystem(to, at, equals - at);
    memory.copy(to, equals, entryEnd - equals);
    to += entryEnd - equals;
    at = entryEnd + 1;
    if (at <= end) store<u8>(to++, 0);
  }
  return view(target, to - target);
}

/** The first path is `/...` alone: the probe cannot go up so far as this group is deep (probe/lib/cgroup.bpf.h). */
export function isHeadLost(list: u64): bool {
  const end = viewAt(list) + viewBytes(list);
  const equals = findByte(viewAt(list), end, 61);
  return end - equals >= 5 && load<u32>(equals, 1) == 0x2e2e2e2f && (end - equals == 5 || load<u8>(equals, 5) == 0);
}

function putSubsystem(to: usize, name: usize, bytes: usize): usize {
  // `_cgroup` may be anywhere in the name
  for (let i: usize = 0; i + SUFFIX_BYTES <= bytes; i++) {
    if (!equalBytes(name + i, SUFFIX, SUFFIX_BYTES)) continue;
    memory.copy(to, name, i);
    memory.copy(to + i, name + i + SUFFIX_BYTES, bytes - i - SUFFIX_BYTES);
    return renamed(to, bytes - SUFFIX_BYTES);
  }
  memory.copy(to, name, bytes);
  return renamed(to, bytes);
}

/** Replaces a short name that was written at `at`; returns the end. */
function renamed(at: usize, bytes: usize): usize {
  if (bytes == 4 && load<u32>(at) == load<u32>(PERF_EVENT)) return put(at, PERF_EVENT, 10);
  if (bytes == 3 && load<u16>(at) == load<u16>(MEMORY) && load<u8>(at, 2) == 109) return put(at, MEMORY, 6);
  if (bytes == 2 && load<u8>(at) == 105 && load<u8>(at, 1) == 111) return put(at, BLKIO, 5);
  return at + bytes;
}

function put(at: usize, text: usize, bytes: usize): usize {
  memory.copy(at, text, bytes);
  return at + bytes;
}
