// The containers that records have told about, by their id, and the one that the current event is about.
// Bounded: a recording could hold any number of records, and of too many containers, some of the party that has most go. Elsewhere: which container a thread belongs to
// (state/containers.ts).

import { LIMIT_CONTAINERS } from "../generated/wire";
import { count, countMany, uncount } from "../counters";
import { COUNT_CONTAINERS, COUNT_CONTAINERS_EVICTED, COUNT_CONTAINERS_REFUSED } from "../generated/layout";
import { allocateZeroed, free } from "../memory/heap";
import { literal } from "../render/literal";
import { internView, lengthOf, release, retain } from "../strings/intern";
import { view, viewBytes } from "../strings/view";
import { Container, ContainerType } from "./container";
import { copyShareOfWatched, factsHaveCome, forgetWatched, isWatching } from "./container_watch";
import { idOfKey } from "./containers";
import { currentThread } from "./current";
import { isLive } from "./machine";
import { allocateList, keepMostCrowded, writeOwnersShare } from "./share";

const BUCKETS: u32 = 1024;
const EVICTED_AT_ONCE: u32 = LIMIT_CONTAINERS >> 4;
const HOST = literal("host");
/** What is said of a container that has gone still holds for events that are on their way. */
const KEEP_REMOVED_NS: u64 = 5_000_000_000;
const SWEEP_NS: u64 = 1_000_000_000;

let buckets: usize = 0;
let containers: u32 = 0;
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

export function initContainers(): void {
  buckets = allocateZeroed(BUCKETS << 2);
  containers = 0;
  removedCount = 0;
  recorded = changetype<Container>(0);
  recordedIsDetached = false;
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

/** the key that was asked for last, and its id alone */
let lastKey: u32 = 0;
let lastOwnerless: u32 = 0;

function ownerlessOf(key: u32): u32 {
  if (key != lastKey) {
    release(lastKey);
    release(lastOwnerless);
    lastKey = retain(key);
    lastOwnerless = internView(idOfKey(key));
  }
  return lastOwnerless;
}

function findExactly(id: u32): Container {
  if (id == 0 || buckets == 0) return changetype<Container>(0);
  let at: usize = load<u32>(bucketOf(id));
  while (at != 0) {
    const container = changetype<Container>(at);
    if (container.id == id) return container;
    at = container.next;
  }
  return changetype<Container>(0);
}

/** Makes the container known in place of what was known under its id, and the one that this event is about. */
export function addContainer(container: Container): void {
  removeContainer(container.id);
  recorded = container;
  if (containers >= LIMIT_CONTAINERS) evictContainers();
  const isHosts = isLive && container.id == host.id;
  if (container.id == 0 || isHosts || buckets == 0 || containers >= LIMIT_CONTAINERS) {
    count(COUNT_CONTAINERS_REFUSED);
    recordedIsDetached = true;
    return;
  }
  const bucket = bucketOf(container.id);
  container.next = load<u32>(bucket);
  store<u32>(bucket, <u32>changetype<usize>(container));
  writeOwnersShare(shareOf(container), ownerInKey(container.id));
  containers++;
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

/** Forgets some of the party that has most; when they are met again they are asked for again. */
function evictContainers(): void {
  const list = allocateList(containers);
  if (list == 0) return;
  let n: u32 = 0;
  for (let i: usize = 0; i < BUCKETS; i++) {
    for (let at: usize = load<u32>(buckets + (i << 2)); at != 0; at = changetype<Container>(at).next) {
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
  if (isWatching) markRemoved(container.id);
  else removeContainer(container.id);
  recorded = container;
  recordedIsDetached = true;
}

/** Live, records come beside the stream: they may be ahead of the container's last events. */
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
  for (let i: usize = 0; i < BUCKETS; i++) {
    let link = buckets + (i << 2);
    while (load<u32>(link) != 0) {
      const container = changetype<Container>(<usize>load<u32>(link));
      if (container.removedNs != 0 && now > container.removedNs + KEEP_REMOVED_NS) {
        forgetWatched(container.id);
        removeAt(link);
      } else link = changetype<usize>(container) + offsetof<Container>("next");
    }
  }
}

/** Before an event that is no such record. */
// @ts-ignore: decorator
@inline
export function forgetRecordedContainer(): void {
  if (!isNone(recorded)) forget();
}

function forget(): void {
  if (recordedIsDetached) freeContainer(recorded);
  recorded = changetype<Container>(0);
  recordedIsDetached = false;
}

/** Forgets all: a new capture begins. */
export function clearContainers(): void {
  forgetRecordedContainer();
  for (let i: usize = 0; i < BUCKETS && buckets != 0; i++) {
    const bucket = buckets + (i << 2);
    while (load<u32>(bucket) != 0) removeAt(bucket);
  }
}

// @ts-ignore: decorator
@inline
function bucketOf(id: u32): usize {
  return buckets + (<usize>((id >> 3) & (BUCKETS - 1)) << 2);
}

function removeContainer(id: u32): void {
  if (isNone(findExactly(id))) return;
  let link = bucketOf(id);
  while (changetype<Container>(<usize>load<u32>(link)).id != id) {
    link = load<u32>(link) + offsetof<Container>("next");
  }
  removeAt(link);
}

/** Frees the container that the word at `link` refers to. */
function removeAt(link: usize): void {
  const container = changetype<Container>(<usize>load<u32>(link));
  store<u32>(link, container.next);
  if (container.removedNs != 0) removedCount--;
  containers--;
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
