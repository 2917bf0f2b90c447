// Containers that records have described, by their key, and the one that the current event is about.
// Bounded, since a capture file could hold any number of records: of too many containers, some of the party with the most
// are forgotten. Elsewhere: which container a thread belongs to (state/containers.ts).

import { LIMIT_CONTAINERS } from "../generated/wire";
import { count, countMany, uncount } from "../memory/counters";
import { COUNT_CONTAINERS, COUNT_CONTAINERS_EVICTED, COUNT_CONTAINERS_REFUSED } from "../generated/layout";
import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { allocateZeroed, free } from "../memory/heap";
import { onReset } from "../memory/reset";
import { literal } from "../strings/literal";
import { hashOfString, internView, lengthOf, release, retain } from "../strings/intern";
import { view, viewBytes } from "../strings/view";
import { Container, ContainerType } from "./container";
import { factsHaveCome, forgetWatched } from "./container_wait";
import { idOfKey } from "./containers";
import { currentThread } from "./current";
import { setDue } from "./due";
import { isLive } from "./machine";
import { allocateList, keepMostCrowded, writeOwnersShare } from "./share";
import { copyShareOfWatched, isWatching } from "./watched";

const BUCKETS: u32 = 1024;
const EVICTED_AT_ONCE: u32 = LIMIT_CONTAINERS >> 4;
const HOST = literal("host");
/** The facts of a removed container still hold for events that are on their way. */
const KEEP_REMOVED_NS: u64 = 5_000_000_000;
const SWEEP_NS: u64 = 1_000_000_000;

const containers = changetype<HashTable<Container>>(memory.data(TABLE_BYTES, 8));
/** what is outside of all containers has facts too, which no record changes */
let host: Container = changetype<Container>(0);
/** the container that the current record is about; also one that has just been removed */
let recorded: Container = changetype<Container>(0);
/** `recorded` is not in the table */
let recordedIsDetached: bool = false;
/** how many have gone and are still kept, the time of the last batch of events, and of the last sweep */
let removedCount: u32 = 0;
let nowNs: u64 = 0;
let sweptNs: u64 = 0;

/** the key that was asked for last, and its id alone */
let lastKey: u32 = 0;
let lastOwnerless: u32 = 0;

onReset(forgetRecordedContainer);
onReset(forgetLastKey);

export function initContainers(): void {
  containers.init(BUCKETS, dropEntry);
  host = newContainer();
  if (isNone(host)) return;
  host.type = ContainerType.HOST;
  host.id = internView(HOST);
  host.name = internView(HOST);
  host.fullId = internView(HOST);
}

// @ts-ignore: decorator
@inline
export function isNone(container: Container): bool {
  return changetype<usize>(container) == 0;
}

/** An empty container, in no table; null when there is no room. */
export function newContainer(): Container {
  return changetype<Container>(allocateZeroed(offsetof<Container>()));
}

/** The container of the current event; null when nothing is known of it. */
export function currentContainer(): Container {
  if (!isNone(recorded)) return recorded;
  const thread = currentThread;
  if (changetype<usize>(thread) == 0) return changetype<Container>(0);
  return findContainer(thread.containerId);
}

/** @param key interned; none is the host's */
export function findContainer(key: u32): Container {
  if (key == 0) return host;
  const container = findExactly(key);
  if (!isNone(container) || !isLive) return container;
  const ownerless = ownerlessOf(key);
  return ownerless == key ? container : findOfAnyOwner(ownerless);
}

function findOfAnyOwner(id: u32): Container {
  const container = findExactly(id);
  return isNone(container) || container.isAnyOwners == 0 ? changetype<Container>(0) : container;
}

function ownerlessOf(key: u32): u32 {
  if (key != lastKey) {
    forgetLastKey();
    lastKey = retain(key);
    lastOwnerless = internView(idOfKey(key));
  }
  return lastOwnerless;
}

function forgetLastKey(): void {
  release(lastKey);
  release(lastOwnerless);
  lastKey = 0;
  lastOwnerless = 0;
}

function findExactly(id: u32): Container {
  return id == 0 ? changetype<Container>(0) : containers.find(hashOfString(id), id);
}

/** Makes the container known in place of what was known under its id, and the one that this event is about. */
export function addContainer(container: Container): void {
  removeContainer(container.id);
  setRecorded(container);
  if (containers.count >= LIMIT_CONTAINERS) evictContainers();
  const isHosts = isLive && container.id == host.id;
  if (container.id == 0 || isHosts || containers.isMissing || containers.count >= LIMIT_CONTAINERS) {
    count(COUNT_CONTAINERS_REFUSED);
    recordedIsDetached = true;
    return;
  }
  containers.insert(hashOfString(container.id), container);
  writeOwnersShare(shareOf(container), ownerInKey(container.id));
  count(COUNT_CONTAINERS);
  factsHaveCome(container);
}

// @ts-ignore: decorator
@inline
function shareOf(container: Container): usize {
  return changetype<usize>(container) + offsetof<Container>("share");
}

function ownerInKey(key: u32): u64 {
  const idBytes = viewBytes(idOfKey(key));
  return view(<usize>key + idBytes, lengthOf(key) - idBytes);
}

/** Forgets some of the party with the most; the host is asked again when they turn up again. */
function evictContainers(): void {
  const list = allocateList(containers.count);
  if (list == 0) return;
  let n: u32 = 0;
  for (let i: u32 = 0; i < BUCKETS; i++) {
    for (let at = containers.head(i); at != 0; at = changetype<Container>(at).next) {
      copyShareOfWatched(shareOf(changetype<Container>(at)), changetype<Container>(at).id);
      store<u32>(list + (<usize>(n++) << 2), <u32>at);
    }
  }
  n = min(keepMostCrowded(list, n, offsetof<Container>("share")), EVICTED_AT_ONCE);
  for (let i: u32 = 0; i < n; i++) {
    const key = retain(changetype<Container>(<usize>load<u32>(list + (<usize>i << 2))).id);
    forgetWatched(key);
    removeContainer(key);
    release(key);
  }
  free(list);
  countMany(COUNT_CONTAINERS_EVICTED, n);
}

/** Forgets a container; the record that says so still prints what it says itself. */
export function dropContainer(container: Container): void {
  if (isWatching()) markRemoved(container.id);
  else removeContainer(container.id);
  setRecorded(container);
  recordedIsDetached = true;
}

/** Live, records are not part of the stream: they may be ahead of the container's last events. */
function markRemoved(id: u32): void {
  const known = findExactly(id);
  if (isNone(known) || known.removedNs != 0) return;
  known.removedNs = nowNs;
  removedCount++;
}

/** Live, before a batch of events: forgets what went some time ago. */
export function sweepRemoved(now: u64): void {
  nowNs = max(now, 1);
  if (removedCount == 0 || now < sweptNs + SWEEP_NS) return;
  sweptNs = now;
  for (let i: u32 = 0; i < containers.bucketCount; i++) {
    let next: usize = 0;
    for (let at = containers.head(i); at != 0; at = next) {
      const container = changetype<Container>(at);
      next = container.next;
      if (container.removedNs == 0 || now <= container.removedNs + KEEP_REMOVED_NS) continue;
      forgetWatched(container.id);
      dropEntry(container);
    }
  }
}

function setRecorded(container: Container): void {
  recorded = container;
  setDue();
}

/** Before an event that is no such record. */
export function forgetRecordedContainer(): void {
  if (!isNone(recorded)) forget();
}

function forget(): void {
  if (recordedIsDetached) freeContainer(recorded);
  recorded = changetype<Container>(0);
  recordedIsDetached = false;
}

function removeContainer(id: u32): void {
  const container = findExactly(id);
  if (!isNone(container)) dropEntry(container);
}

function dropEntry(container: Container): void {
  containers.remove(hashOfString(container.id), container);
  if (container.removedNs != 0) removedCount--;
  uncount(COUNT_CONTAINERS);
  freeContainer(container);
}

export function freeContainer(container: Container): void {
  release(container.id);
  release(container.fullId);
  release(container.name);
  release(container.image);
  release(container.imageId);
  release(container.imageRepository);
  release(container.imageTag);
  release(container.imageDigest);
  release(container.ip);
  release(container.cni);
  release(container.sandboxId);
  release(container.labels);
  release(container.sandboxLabels);
  release(container.mounts);
  free(changetype<usize>(container));
}
