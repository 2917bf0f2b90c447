// How long all events may be held for containers, in sum: in all, and for each party.
// In: the share of a container that events would wait for, how long they have waited. Out: whether they may wait.
// Elsewhere: when they do (container_watch.ts), what a share is (share.ts).
//
// Each party has time that comes back slowly. A party that invents containers without end uses up its own, and the time of
// the folders that it shares with others only as fast as its own comes back.
//
// This bounds how often alerts are late, not by how much: no event is held for longer than `metadata.wait_ms`. A busy node
// whose runtime takes long to answer starts a hundred pods within the first part.

import { onReset } from "../memory/reset";
import { SHARE_LEVELS } from "./share";

const NS_PER_MS: i64 = 1_000_000;
const SLOTS: u32 = 512;
const PROBES: u32 = 8;
const SLOT_BYTES: usize = 24;

/** For all together, then for each level of folders from the outermost in: at most at once, and what comes back a second. */
const BURST_MS = memory.data<u32>([20000, 14000, 12000, 10000]);
const REFILL_MS = memory.data<u32>([600, 450, 400, 350]);

/** By then all has come back. */
const MAX_SINCE_NS: u64 = 60_000_000_000;
/** A wait that would end at once is of no use: so much has to have come back before the next one begins. */
const WORTH_NS: i64 = 50_000_000;

/** of each party: its number, its level, the time it has left, when that was; one whose time is all there needs no slot */
const slots: usize = memory.data(12288, 8);

onReset(giveBackAll);

function giveBackAll(): void {
  memory.fill(slots, 0, 12288);
}

// @ts-ignore: decorator
@inline
function burstNs(level: u32): i64 {
  return <i64>load<u32>(BURST_MS + (<usize>level << 2)) * NS_PER_MS;
}

/** Time that a slot has left by now; less than nothing when a wait took more than there was. */
function leftNs(slot: usize, level: u32, nowNs: u64): i64 {
  const sinceNs = nowNs > load<u64>(slot, 16) ? <i64>min<u64>(nowNs - load<u64>(slot, 16), MAX_SINCE_NS) : 0;
  const refill: i64 = load<u32>(REFILL_MS + (<usize>level << 2));
  return min(burstNs(level), load<i64>(slot, 8) + sinceNs * refill / 1000);
}

/** 0 = there is no such level. */
function partyOf(share: usize, level: u32): u32 {
  if (level == 0) return 1;
  const folder = load<u32>(share + (<usize>(level - 1) << 2));
  if (folder == 0) return 0;
  const party = folder + level * 0x9e3779b9;
  return party == 0 ? 1 : party;
}

/** The slot of a party; 0 when it has none, which is when its time is all there. */
function findSlot(party: u32): usize {
  for (let i: u32 = 0; i < PROBES; i++) {
    const slot = slots + <usize>((party + i) & (SLOTS - 1)) * SLOT_BYTES;
    if (load<u32>(slot) == party) return slot;
  }
  return 0;
}

/** 0 when all are in use: then the folders above bound what this one may take. */
function makeSlot(party: u32, nowNs: u64): usize {
  for (let i: u32 = 0; i < PROBES; i++) {
    const slot = slots + <usize>((party + i) & (SLOTS - 1)) * SLOT_BYTES;
    const isFree = load<u32>(slot) == 0 || leftNs(slot, load<u32>(slot, 4), nowNs) == burstNs(load<u32>(slot, 4));
    if (!isFree) continue;
    store<u32>(slot, party);
    return slot;
  }
  return 0;
}

/**
 * Whether events may be held for a container of this share.
 * @param isFirst they have not been held for it so far
 */
export function mayHold(share: usize, isFirst: bool, nowNs: u64): bool {
  const neededNs = isFirst ? WORTH_NS : 1;
  for (let level: u32 = 0; level <= SHARE_LEVELS; level++) {
    const party = partyOf(share, level);
    const slot = party == 0 ? 0 : findSlot(party);
    if (slot != 0 && leftNs(slot, level, nowNs) < neededNs) return false;
  }
  return true;
}

/** Events have been held for a container of this share. */
export function chargeHold(share: usize, ns: u64, nowNs: u64): void {
  for (let level: u32 = 0; level <= SHARE_LEVELS; level++) {
    const party = partyOf(share, level);
    if (party == 0) continue;
    let slot = findSlot(party);
    let left = burstNs(level);
    if (slot != 0) left = leftNs(slot, level, nowNs);
    else slot = makeSlot(party, nowNs);
    if (slot == 0) continue;
    store<u32>(slot, level, 4);
    store<i64>(slot, left - <i64>ns, 8);
    store<u64>(slot, nowNs, 16);
  }
}
