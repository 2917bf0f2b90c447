// Containers that have turned up in the stream of events, by id: what each still lacks, until when that is waited for,
// and who was told. Bounded: of too many, some of the party that has most are forgotten. Elsewhere: what happens to them
// (container_watch.ts), what is known of them (container_table.ts).

import { allocateZeroed, free } from "../memory/heap";
import { release, retain } from "../strings/intern";
import { keepMostCrowded, writeShare } from "./share";

/** What a container still lacks. */
// deno-fmt-ignore
export namespace Lack {
  export const NOTHING: u32 = 0; export const FACTS: u32 = 1; export const USERS: u32 = 2;
}

@unmanaged
export class Watched {
  /** next in the hash chain, and in the list of those that lack something; 0 ends it */
  next: u32;
  nextOpen: u32;
  /** what threads refer to (containers.ts), interned */
  key: u32;
  lacks: u32;
  /** events have waited for it */
  wasHeld: u32;
  /** how often the host was told of it while its users were not read; then TELLS_WHILE_UNREAD */
  tells: u32;
  /** until when its events wait for its facts */
  factsUntilNs: u64;
  /** until when somebody may want its users; such an exec waits by its own time */
  usersUntilNs: u64;
  toldNs: u64;
  /** the process that was told of */
  toldPid: i64;
  /** of its engine, as far as the cgroup tells */
  type: u32;
  /** user in whose slice it is; 0 = it is root's or the system's */
  owner: u32;
  /** path above its cgroup, interned */
  parent: u32;
  /** the party that it belongs to, by three levels of folders (share.ts) */
  share: u32;
  share2: u32;
  share3: u32;
}

const BUCKETS: u32 = 1024;
export const MAX_WATCHED: u32 = 16384;
let buckets: usize = 0;
let watchedCount: u32 = 0;
/** how many have been forgotten: addresses from before may be stale */
export let watchedDrops: u32 = 0;

/** @returns false when there is no room */
export function initWatched(): bool {
  if (buckets == 0) buckets = allocateZeroed(BUCKETS << 2);
  return buckets != 0;
}

// @ts-ignore: decorator
@inline
export function isWatchedFull(): bool {
  return watchedCount >= MAX_WATCHED;
}

/** Null when it has not turned up, or was forgotten. */
export function findWatched(key: u32): Watched {
  let at: usize = key == 0 || buckets == 0 ? 0 : load<u32>(bucketOf(key));
  while (at != 0 && changetype<Watched>(at).key != key) at = changetype<Watched>(at).next;
  return changetype<Watched>(at);
}

/** A container that lacks nothing yet; null when there is no room. */
export function addWatched(key: u32, type: u32, owner: u32, parent: u32): Watched {
  const at = isWatchedFull() ? 0 : allocateZeroed(offsetof<Watched>());
  const watched = changetype<Watched>(at);
  if (at == 0) return watched;
  watched.key = retain(key);
  watched.type = type;
  watched.owner = owner;
  watched.parent = retain(parent);
  writeShare(at + offsetof<Watched>("share"), parent);
  const bucket = bucketOf(key);
  watched.next = load<u32>(bucket);
  store<u32>(bucket, <u32>at);
  watchedCount++;
  return watched;
}

/** Forgets one that is not in the list of those that lack something. */
export function dropWatched(watched: Watched): void {
  let link = bucketOf(watched.key);
  while (load<u32>(link) != <u32>changetype<usize>(watched)) link = load<u32>(link) + offsetof<Watched>("next");
  drop(link);
}

/**
 * The containers of the party that has most, one address after the other in `list`, which has room for all.
 * @returns how many there are
 */
export function listMostCrowded(list: usize): u32 {
  let n: u32 = 0;
  for (let i: usize = 0; i < BUCKETS; i++) {
    for (let at: usize = load<u32>(buckets + (i << 2)); at != 0; at = changetype<Watched>(at).next) {
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

// @ts-ignore: decorator
@inline
function bucketOf(key: u32): usize {
  return buckets + (<usize>((key >> 3) & (BUCKETS - 1)) << 2);
}

function drop(link: usize): void {
  const watched = changetype<Watched>(<usize>load<u32>(link));
  watchedDrops++;
  store<u32>(link, watched.next);
  release(watched.key);
  release(watched.parent);
  free(changetype<usize>(watched));
  watchedCount--;
}
