// The rings: events of the probe, one ring per CPU, merged by time.
// In: pages of BPF ring buffers mapped at fixed addresses. Out: `evaluateEvent` for each record, in order of time.
//
//   at           consumer page: u64 position, written here
//   at + 4096    producer page: u64 position, written by the kernel
//   at + 8192    data, and their beginning once more: a record that wraps around is contiguous
//   record       u32 length | BUSY | DISCARD, u32 –, then the event; all rounded up to 8 bytes
//
// The only store through a ring address is the consumer position (`giveBack`): every other page is mapped
// read-only and a store would end the process. All access to rings is in this file.
//
// Copy mode needs nothing here: the engine keeps an image with the same layout in ordinary memory, copies the
// bytes between consumer and producer position into it at the same offsets, sets the image's producer position,
// calls `pump`, and writes the image's consumer position back to the real ring. A record that was still BUSY
// stays in front of the consumer position and is copied again.

import { count, countMany } from "./memory/counters";
import { event, Opened, openEvent, openOwnRecord } from "./event";
import {
  CANARY_CODE,
  COUNT_EVENTS_DAMAGED,
  COUNT_EVENTS_OUT_OF_ORDER,
  COUNT_RING_BYTES,
  COUNT_RING_DISCARDED,
  COUNT_EVENTS_UNKNOWN,
  EVENT_HEADER_BYTES,
  FD_CODE,
  FORK_CODE,
  MAX_EVENT_BYTES,
} from "./generated/layout";
import { HOST_CANARY } from "./generated/wire";
import { on_alert } from "./host";
import { evaluateEvent } from "./evaluate";
import { idleKind, passIdle } from "./idle";
import { allocateZeroed } from "./memory/heap";
import { stopWaiting } from "./state/container_wait";
import { beginWatch, mustWait, notice } from "./state/container_watch";
import { isWatching } from "./state/watched";
import { setLive } from "./state/machine";
import { beginLiveBatch, takeOwnRecord } from "./state/update";

/** header, one length, the number of the canary */
const CANARY_NUMBER: usize = EVENT_HEADER_BYTES + 2;
const CANARY_BYTES: u32 = <u32>CANARY_NUMBER + 8;

const MAX_RINGS: u32 = 512;
const PAGE: usize = 4096;
const BUSY: u32 = 0x80000000;
const DISCARD: u32 = 0x40000000;
const RECORD_HEADER: usize = 8;
/** the kernel gets space back at least this often */
const GIVE_BACK_BYTES: u64 = 64 << 10;
/** a ring whose head stays busy for longer than this does not hold up the others any more */
const BUSY_PATIENCE_NS: u64 = 1_000_000_000;
const NEVER: u64 = u64.MAX_VALUE;
const LATEST: u64 = NEVER - 1;

@unmanaged
class Ring {
  /** time of the event at the head; NEVER when there is none to be had */
  headNs: u64;
  /** address of the event at the head and its bytes */
  head: u32;
  headBytes: u32;
  /** read position, and that which the kernel knows */
  position: u64;
  given: u64;
  /** producer position as last read */
  produced: u64;
  at: u32;
  mask: u32;
  cpu: i32;
  busy: u32;
  /** time of the last event taken: what follows is not older, but for the clock of another CPU */
  lastNs: u64;
  /** up to where records after the head have been searched for containers */
  noticed: u64;
  /** horizon at which the head was first found busy */
  busySinceNs: u64;
}

let rings: usize = 0;
let ringCount: u32 = 0;
/** binary heap of ring addresses, the ring with the oldest head first */
let heap: usize = 0;
let heapSize: u32 = 0;
let newestNs: u64 = 0;
/** the head of the merge has to wait for its container */
let mustStop: bool = false;

/**
 * Adds a ring.
 * @param at page-aligned address of its consumer page; `dataBytes` is a power of two
 * @param cpu −1 when several CPUs write to it
 * @returns index of the ring; −1 when it cannot be taken
 */
export function ring_add(at: i32, dataBytes: i32, cpu: i32): i32 {
  const bytes = <u32>dataBytes;
  if (ringCount == MAX_RINGS || popcnt(bytes) != 1 || bytes < <u32>PAGE || (at & 4095) != 0) return -1;
  if (rings == 0) {
    rings = allocateZeroed(MAX_RINGS * offsetof<Ring>());
    heap = allocateZeroed(MAX_RINGS * 4);
    if (rings == 0 || heap == 0) return -1;
  }
  const ring = changetype<Ring>(rings + ringCount * offsetof<Ring>());
  ring.at = <u32>at;
  ring.mask = bytes - 1;
  ring.cpu = cpu;
  ring.position = atomic.load<u64>(<usize>at);
  ring.given = ring.position;
  ring.noticed = ring.position;
  ringCount++;
  setLive(true); // what is ingested from now on describes this host
  return <i32>ringCount - 1;
}

/** Forgets all rings; the engine may unmap them afterwards. */
export function rings_clear(): void {
  ringCount = 0;
  setLive(false);
}

/**
 * Takes events off the rings in order of time, as far as they are not younger than the horizon.
 * @param horizonNs older events can no longer arrive on any CPU (now, less some milliseconds)
 * @returns how many events were taken
 */
export function pump(horizonNs: i64, maxEvents: i32): i32 {
  beginLiveBatch(<u64>horizonNs);
  if (isWatching()) beginWatch(<u64>horizonNs);
  let horizon = <u64>horizonNs;
  heapSize = 0;
  for (let i: u32 = 0; i < ringCount; i++) {
    const ring = changetype<Ring>(rings + i * offsetof<Ring>());
    ring.produced = atomic.load<u64>(ring.at + PAGE);
    readHead(ring);
    horizon = min(horizon, limitOf(ring, <u64>horizonNs));
    if (ring.headNs != NEVER) push(ring);
  }
  let taken: i32 = 0;
  while (heapSize != 0 && taken < maxEvents) {
    const ring = changetype<Ring>(<usize>load<u32>(heap));
    if (ring.headNs > horizon) break;
    // stay with this ring as long as it is the oldest
    const until = min(horizon, secondNs());
    taken += takeWhile(ring, until, maxEvents - taken);
    if (mustStop) break;
    horizon = min(horizon, limitOf(ring, <u64>horizonNs));
    if (ring.headNs == NEVER) dropFirst();
    else siftDown(0);
  }
  for (let i: u32 = 0; i < ringCount; i++) {
    const ring = changetype<Ring>(rings + i * offsetof<Ring>());
    if (ring.given != ring.position) giveBack(ring);
  }
  return taken;
}

/**
 * The event at the head of the merge has to wait for its container: looks for further containers in what follows.
 * @returns false when a ring fills up and there is no time for that
 */
function mayWait(): bool {
  for (let i: u32 = 0; i < ringCount; i++) {
    const ring = changetype<Ring>(rings + i * offsetof<Ring>());
    if (ring.produced - ring.position > <u64>(ring.mask >> 1)) {
      stopWaiting();
      return false;
    }
  }
  for (let i: u32 = 0; i < ringCount; i++) noticeRing(changetype<Ring>(rings + i * offsetof<Ring>()));
  return true;
}

function noticeRing(ring: Ring): void {
  if (ring.noticed < ring.position) ring.noticed = ring.position;
  while (ring.noticed != ring.produced) {
    const available = ring.produced - ring.noticed;
    const record: usize = ring.at + 2 * PAGE + (<usize>ring.noticed & ring.mask);
    const header = atomic.load<u32>(record);
    if ((header & BUSY) != 0) return;
    const bytes: u64 = header & ~(BUSY | DISCARD);
    const step = (RECORD_HEADER + bytes + 7) & ~7;
    // damage is handled when the record is taken
    if (step > available || bytes > MAX_EVENT_BYTES) return;
    if ((header & DISCARD) == 0 && bytes >= EVENT_HEADER_BYTES) notice(record + RECORD_HEADER, <usize>bytes);
    ring.noticed += step;
  }
}

/**
 * Evaluates the events at the head of a ring that are not younger than `until`, at most so many. What moves with each event is
 * held in locals; the ring itself is brought up to date when others may look at it.
 * @returns how many; `mustStop` says whether the next one has to wait
 */
function takeWhile(ring: Ring, until: u64, most: i32): i32 {
  const data: usize = ring.at + 2 * PAGE, mask: usize = ring.mask, produced = ring.produced;
  let head: usize = ring.head, bytes = ring.headBytes, headNs = ring.headNs;
  let position = ring.position, giveBackAt = ring.given + GIVE_BACK_BYTES;
  let taken: i32 = 0;
  mustStop = false;
  do {
    if (isWatching() && mustWait(head, bytes)) {
      ring.position = position;
      mustStop = mayWait();
      if (mustStop) return taken;
    }
    take(ring, head, bytes);
    taken++;
    position += (RECORD_HEADER + bytes + 7) & ~7;
    if (position >= giveBackAt) {
      giveBackAt = position + GIVE_BACK_BYTES;
      ring.position = position;
      giveBack(ring);
    }
    // most records are whole events: no need to look closer
    const record = data + (<usize>position & mask), available = produced - position;
    bytes = available == 0 ? 0 : load<u32>(record);
    const isEvent = bytes - <u32>EVENT_HEADER_BYTES <= <u32>MAX_EVENT_BYTES - <u32>EVENT_HEADER_BYTES;
    if (isEvent && <u64>((<u32>RECORD_HEADER + bytes + 7) & ~7) <= available) {
      head = record + RECORD_HEADER;
      headNs = min(load<u64>(head), LATEST);
      continue;
    }
    ring.position = position;
    readHead(ring);
    position = ring.position;
    head = ring.head;
    bytes = ring.headBytes;
    headNs = ring.headNs;
  } while (headNs <= until && taken < most);
  ring.position = position;
  ring.head = <u32>head;
  ring.headBytes = bytes;
  ring.headNs = headNs;
  return taken;
}

/** Evaluates an event. */
// @ts-ignore: decorator
@inline
function take(ring: Ring, at: usize, bytes: u32): void {
  const kind = idleKind(at);
  if (kind != 0) {
    const thread = load<u64>(at, 8);
    if (passIdle(at, kind, thread & 0xffffffff, thread >> 32)) return took(ring, load<u64>(at));
  }
  const opened = openEvent(at, bytes, ring.cpu);
  if (opened == Opened.YES) {
    event.splitThread();
    took(ring, event.timeNs);
    evaluateEvent(false);
  } else if (opened == Opened.UNKNOWN) takeUnknown(ring, at, bytes);
}

// @ts-ignore: decorator
@inline
function took(ring: Ring, timeNs: u64): void {
  ring.lastNs = timeNs;
  if (timeNs < newestNs) count(COUNT_EVENTS_OUT_OF_ORDER);
  else newestNs = timeNs;
}

// @ts-ignore: decorator
@inline
function setHead(ring: Ring, record: usize, bytes: u32): void {
  ring.head = <u32>(record + RECORD_HEADER);
  ring.headBytes = bytes;
  ring.headNs = min(load<u64>(record, RECORD_HEADER), LATEST);
}

/** Records of the probe that are no events: facts for the state, and the canary, which only has to come through. */
function takeUnknown(ring: Ring, at: usize, bytes: u32): void {
  const code: u32 = load<u16>(at, 20);
  if (code == FORK_CODE || code == FD_CODE) {
    if (!openOwnRecord(at, bytes)) return;
    ring.lastNs = event.timeNs;
    takeOwnRecord(code);
  } else if (code == CANARY_CODE && bytes >= CANARY_BYTES) {
    on_alert(HOST_CANARY, load<i32>(at + CANARY_NUMBER), 0);
  } else {
    count(COUNT_EVENTS_UNKNOWN);
  }
}

/** Finds the next event of a ring, over discarded and damaged records. */
function readHead(ring: Ring): void {
  ring.busy = 0;
  ring.headNs = NEVER;
  while (ring.position != ring.produced) {
    const available = ring.produced - ring.position;
    const record: usize = ring.at + 2 * PAGE + (<usize>ring.position & ring.mask);
    if (available > <u64>ring.mask + 1 || (available & 7) != 0) return resynchronise(ring);
    const header = atomic.load<u32>(record);
    if ((header & BUSY) != 0) {
      ring.busy = 1;
      return;
    }
    const bytes: u64 = header & ~(BUSY | DISCARD);
    const step = (RECORD_HEADER + bytes + 7) & ~7;
    // a longer one would reach beyond what follows the ring's end
    if (step > available || bytes > MAX_EVENT_BYTES) return resynchronise(ring);
    if ((header & DISCARD) == 0 && bytes >= EVENT_HEADER_BYTES) {
      setHead(ring, record, <u32>bytes);
      ring.busySinceNs = 0;
      return;
    }
    count((header & DISCARD) != 0 ? COUNT_RING_DISCARDED : COUNT_EVENTS_DAMAGED);
    ring.position += step;
  }
}

/** Lengths that cannot be: gives up what is in the ring. The kernel does not write such records. */
function resynchronise(ring: Ring): void {
  count(COUNT_EVENTS_DAMAGED);
  ring.position = ring.produced;
}

/**
 * How far the merge may go as far as this ring is concerned. A head that is still being written may be as old
 * as the event before it, so the others wait; but not for ever.
 */
function limitOf(ring: Ring, horizonNs: u64): u64 {
  if (ring.busy == 0) return NEVER;
  if (ring.busySinceNs == 0) ring.busySinceNs = horizonNs;
  return horizonNs - ring.busySinceNs > BUSY_PATIENCE_NS ? NEVER : ring.lastNs;
}

/** The one store into a ring's pages: all before `position` is free again. */
function giveBack(ring: Ring): void {
  countMany(COUNT_RING_BYTES, ring.position - ring.given);
  ring.given = ring.position;
  atomic.store<u64>(ring.at, ring.position);
}

// @ts-ignore: decorator
@inline
function nsAt(index: u32): u64 {
  return changetype<Ring>(<usize>load<u32>(heap + (<usize>index << 2))).headNs;
}

/** Head time of the second oldest ring. */
function secondNs(): u64 {
  let second = NEVER;
  if (heapSize > 1) second = nsAt(1);
  if (heapSize > 2) second = min(second, nsAt(2));
  return second;
}

function push(ring: Ring): void {
  let i = heapSize++;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (nsAt(parent) <= ring.headNs) break;
    store<u32>(heap + (<usize>i << 2), load<u32>(heap + (<usize>parent << 2)));
    i = parent;
  }
  store<u32>(heap + (<usize>i << 2), <u32>changetype<usize>(ring));
}

function dropFirst(): void {
  heapSize--;
  store<u32>(heap, load<u32>(heap + (<usize>heapSize << 2)));
  if (heapSize > 1) siftDown(0);
}

/** Moves the ring at `i` down to where its head belongs. */
function siftDown(i: u32): void {
  const ring = load<u32>(heap + (<usize>i << 2));
  const ns = changetype<Ring>(<usize>ring).headNs;
  while (true) {
    let child: u32 = 2 * i + 1;
    if (child >= heapSize) break;
    if (child + 1 < heapSize && nsAt(child + 1) < nsAt(child)) child++;
    if (nsAt(child) >= ns) break;
    store<u32>(heap + (<usize>i << 2), load<u32>(heap + (<usize>child << 2)));
    i = child;
  }
  store<u32>(heap + (<usize>i << 2), ring);
}
