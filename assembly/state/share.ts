// Whose share a container takes of what is bounded: places in tables, time that events wait.
// In: the path above its cgroup. Out: one number for each of its outermost folders; of many containers, those of the
// party that has most.
// Elsewhere: what is shared (container_table.ts, watched.ts, hold_budget.ts).
//
// A user that may make one cgroup may make any number below it, of any name and depth. So containers are counted by the
// outermost folders above them, one level after the other: of all, those in the most crowded folder; of these, those in
// its most crowded folder. A party that fills a table pushes out its own.

import { allocate, allocateZeroed, free } from "../memory/heap";
import { hashBytes, hashOf } from "../strings/hash";
import { lengthOf } from "../strings/intern";

// @ts-ignore: decorator
@inline export const SHARE_LEVELS: u32 = 3;

/** Room to count so many different folders; no table has more places. */
const COUNTS: u32 = 32768;
/** A folder below is looked into only when it has this part of all: else its neighbours are of the same party. */
const CROWD_SHIFT: u32 = 4;

/**
 * Writes the numbers of the folders above to `to`: of `/a/b/c/`, those of `/a`, `/a/b` and `/a/b/c`. A level that is not
 * there is 0; there is always a first one.
 */
export function writeShare(to: usize, parent: u32): void {
  const bytes = lengthOf(parent);
  let end: usize = 0;
  for (let level: u32 = 0; level < SHARE_LEVELS; level++) {
    const isThere = level == 0 || end + 1 < bytes;
    if (end < bytes) end++;
    while (end < bytes && load<u8>(parent + end) != 47) end++;
    store<u32>(to + (<usize>level << 2), isThere ? hashBytes(parent, end) : 0);
  }
}

/** The share of what was not met in any cgroup: it has one folder above, which is called `owner`. */
export function writeOwnersShare(to: usize, owner: u64): void {
  store<u32>(to, hashOf(owner));
  store<u64>(to, 0, 4);
}

/**
 * Keeps of a list of addresses of shares those of the party that has most of them, at the front.
 * @param extra added to each address: where in a record its share is
 * @returns how many there are; 0 when there is no memory to find out
 */
export function keepMostCrowded(list: usize, count: u32, extra: usize): u32 {
  const counts = allocate(<usize>COUNTS << 3);
  if (counts == 0) return 0;
  let left = count;
  for (let level: u32 = 0; level < SHARE_LEVELS; level++) {
    memory.fill(counts, 0, <usize>COUNTS << 3);
    const offset = extra + (<usize>level << 2);
    let most: u32 = 0, crowded: u32 = 0;
    for (let i: u32 = 0; i < left; i++) {
      const share = load<u32>(<usize>load<u32>(list + (<usize>i << 2)) + offset);
      const n = countOne(counts, share);
      if (n > most) {
        most = n;
        crowded = share;
      }
    }
    if (level != 0 && most < count >> CROWD_SHIFT) break;
    let kept: u32 = 0;
    for (let i: u32 = 0; i < left; i++) {
      const at = load<u32>(list + (<usize>i << 2));
      if (load<u32>(<usize>at + offset) == crowded) store<u32>(list + (<usize>(kept++) << 2), at);
    }
    left = kept;
  }
  free(counts);
  return left;
}

function countOne(counts: usize, share: u32): u32 {
  let at = share & (COUNTS - 1);
  while (true) {
    const entry = counts + (<usize>at << 3);
    const n = load<u32>(entry, 4);
    if (n == 0 || load<u32>(entry) == share) {
      store<u32>(entry, share);
      store<u32>(entry, n + 1, 4);
      return n + 1;
    }
    at = (at + 1) & (COUNTS - 1);
  }
}

/** A list for so many addresses; 0 when there is no memory. */
export function allocateList(count: u32): usize {
  return allocateZeroed(<usize>count << 2);
}
