// Containers that have turned up in the stream of events, by key: what is pending for each, how long events wait for it, and
// when the host was notified. Bounded: of too many, some of the party with the most are forgotten.
// Elsewhere: what happens to them (container_watch.ts, container_wait.ts), their facts (container_table.ts).

import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { allocateZeroed, free } from "../memory/heap";
import { hashOfString, release, retain } from "../strings/intern";
import { keepMostCrowded, SHARE_LEVELS, writeShare } from "./share";

/** What is pending for a container. */
// deno-fmt-ignore
export namespace Pending {
  export const NOTHING: u32 = 0; export const FACTS: u32 = 1; export const USERS: u32 = 2;
}

@unmanaged
export class Watched {
  /** next in the hash chain, and in the list of pending containers; 0 ends it */
  next: u32;
  nextPending: u32;
  /** what threads refer to (containers.ts), interned */
  key: u32;
  pending: u32;
  /** events have waited for it */
  wasHeld: u32;
  /** how often the host was notified of it while its users were not read; then NOTIFICATIONS_WHILE_UNREAD */
  notifications: u32;
  /** until when its events wait for its facts, by the waits' own clock (container_wait.ts) */
  factsUntilNs: u64;
  /** until when an exec may want its users, by the same clock; such an exec waits by its own time */
  usersUntilNs: u64;
  notifiedNs: u64;
  /** the process that the last notification named */
  notifiedPid: i64;
  /** of its runtime, as far as the cgroup's name shows */
  type: u32;
  /** user in whose slice it is; 0 = it is root's or the system's */
  owner: u32;
  /** path above its cgroup, interned */
  parent: u32;
  /** the party that it belongs to, by three levels of folders (share.ts) */
  share: u32;
  share2: u32;
  share3: u32;

  // @ts-ignore: decorator
  @inline
  has(key: u32, _hash: u32): bool {
    return this.key == key;
  }
}

const BUCKETS: u32 = 1024;
export const MAX_WATCHED: u32 = 16384;
const all = changetype<HashTable<Watched>>(memory.data(TABLE_BYTES, 8));
/** how many have been forgotten: addresses from before may be stale */
export let watchedDrops: u32 = 0;

/** From now on containers are watched. @returns false when there is no room */
export function initWatched(): bool {
  return all.init(BUCKETS, dropWatched);
}

/** The one check of the hot path: whether any of this is wanted. */
// @ts-ignore: decorator
@inline
export function isWatching(): bool {
  return !all.isMissing;
}

// @ts-ignore: decorator
@inline
export function isWatchedFull(): bool {
  return all.count >= MAX_WATCHED;
}

/** Null when it has not turned up, or was forgotten. */
export function findWatched(key: u32): Watched {
  return key == 0 ? changetype<Watched>(0) : all.find(hashOfString(key), key);
}

/** A container for which nothing is pending; null when there is no room. */
export function addWatched(key: u32, type: u32, owner: u32, parent: u32): Watched {
  const at = isWatchedFull() ? 0 : allocateZeroed(offsetof<Watched>());
  const watched = changetype<Watched>(at);
  if (at == 0) return watched;
  watched.key = retain(key);
  watched.type = type;
  watched.owner = owner;
  watched.parent = retain(parent);
  writeShare(at + offsetof<Watched>("share"), parent);
  all.insert(hashOfString(key), watched);
  return watched;
}

/** Forgets one that is not in the list of pending containers. */
export function dropWatched(watched: Watched): void {
  watchedDrops++;
  all.remove(hashOfString(watched.key), watched);
  release(watched.key);
  release(watched.parent);
  free(changetype<usize>(watched));
}

/**
 * The containers of the party with the most, one address after the other in `list`, which has room for all.
 * @returns how many there are
 */
export function listMostCrowded(list: usize): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < all.bucketCount; i++) {
    for (let at = all.head(i); at != 0; at = changetype<Watched>(at).next) {
      store<u32>(list + (<usize>(n++) << 2), <u32>at);
    }
  }
  return keepMostCrowded(list, n, offsetof<Watched>("share"));
}

/** Where the numbers of its party are. */
// @ts-ignore: decorator
@inline
export function shareOf(watched: Watched): usize {
  return changetype<usize>(watched) + offsetof<Watched>("share");
}

/** The share of a container that has been met in a cgroup; of others, nothing changes. */
export function copyShareOfWatched(to: usize, key: u32): void {
  const watched = findWatched(key);
  if (changetype<usize>(watched) != 0) memory.copy(to, shareOf(watched), <usize>SHARE_LEVELS << 2);
}
