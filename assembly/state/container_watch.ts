// Tracks containers as they turn up in the stream of events: notifies the host of each and holds back its first events until
// its facts arrive. In: records at the head of a ring that have not been processed. Out: whether such a record has to wait;
// host.on_alert(HOST_CONTAINER, …) for a new container, so that its runtime can be asked.
//
// What waits stays in the rings: the merge (ring.ts) stops in front of the first event whose container is pending. So the
// order stays, nothing is copied, and the state never runs ahead of the rules; the price is that other events may be as
// late as the bound allows. Meanwhile the records that follow are searched for other new containers, so that all are asked
// about at once, and the time of each counts from the moment when it was first seen.
//
// An exec or clone by another user than root waits too until the users of its container have been read.
// Elsewhere: the list of pending containers (container_wait.ts), facts about containers (container_table.ts), which one a

import { HOST_CONTAINER } from "../generated/wire";
import { on_alert } from "../host";
import { count, countMany } from "../memory/counters";
import { Event, EVENT_BYTES } from "../event";
import { EVENT_COUNT, EXECVE_X, EXECVEAT_X } from "../generated/events";
import {
  COUNT_CONTAINERS_ASKED,
  COUNT_CONTAINERS_EVICTED,
} from "../generated/layout";
import { equalBytes } from "../memory/bytes";
import { free } from "../memory/heap";
import { onReset } from "../memory/reset";
import { resetScratch } from "../memory/scratch";
import { internView, lengthOf, release } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { normaliseCgroups } from "./cgroups";
import { findContainer, isNone, sweepRemoved } from "./container_table";
import { idOfKey, Placement, placementOf } from "./containers";
import { Kind, kindOf } from "./event_kinds";
import {
  beforeNs,
  expire,
  giveUp,
  hold,
  NOTIFICATIONS_WHILE_UNREAD,
  nowNs,
  setWatchTime,
  unsettled,
  waitFor,
} from "./container_wait";
import { allocateList } from "./share";
import { Thread } from "./thread";
import { bucketHead, findThread } from "./thread_table";
import {
  addWatched,
  dropWatched,
  findWatched,
  initWatched,
  isWatchedFull,
  isWatching,
  Pending,
  listMostCrowded,
  MAX_WATCHED,
  Watched,
  watchedDrops,
} from "./watched";

/** While a container starts programs, the host is notified again this often: the process it knew may be gone. */
const NOTIFY_AGAIN_NS: u64 = 10_000_000_000;
/** An event has mostly been seen so soon after it happened: from then on the time of its container counts. */
const SEEN_WITHIN_NS: u64 = 500_000_000;
const MAX_KEY_BYTES: usize = 272;
const MAX_PARENT_BYTES: usize = 256;
const MESSAGE_HEADER: usize = 32;

const P_PID: u32 = 4;
const P_CGROUPS: u32 = 14;
const P_CLONE_UID: u32 = 16;
const P_EXEC_UID: u32 = 26;

const EVICTED_AT_ONCE: u32 = MAX_WATCHED >> 4;

const MAX_LIST_BYTES: usize = 4096;
/** the list of cgroups that was looked at last, and the container that it names; no bytes = none */
const lastList: usize = memory.data(4096, 8);
let lastBytes: usize = 0;
/** with the number of containers that had been forgotten then */
let lastDrops: u32 = 0;
let lastWatched: Watched = changetype<Watched>(0);

const message: usize = memory.data(32 + 272 + 256, 8);

let waitNs: u64 = 0;
/** no older event is held */
let oldestNs: u64 = 0;

/** the event that is looked at, which is not the current one yet */
const ahead = changetype<Event>(memory.data(EVENT_BYTES, 8));

onReset(forgetLastList);

function forgetLastList(): void {
  lastBytes = 0;
  lastWatched = changetype<Watched>(0);
}

/**
 * From now on the host is notified of containers, and their events may wait; at once for those of threads that are already
 * there. Called again with a wait of 0, nothing waits any more.
 * @param startWaitNs how long events wait for containers that were there before
 */
export function watch_containers(now: i64, wait: i64, startWait: i64): i32 {
  const isFirst = !isWatching();
  if (!initWatched()) return 0;
  setWatchTime(<u64>now);
  waitNs = <u64>startWait;
  if (isFirst) noticeThreads();
  waitNs = <u64>wait;
  oldestNs = max<u64>(<u64>wait, <u64>startWait) + SEEN_WITHIN_NS;
  if (waitNs == 0) expire(true);
  return 1;
}

/** Before a batch of events. */
export function beginWatch(now: u64): void {
  setWatchTime(now);
  sweepRemoved(now);
}

/** Whether the record at the head of the merge has to wait. Nothing but this file changes by the question. */
// @ts-ignore: decorator
@inline
export function mustWait(record: usize, bytes: usize): bool {
  const type: u32 = load<u16>(record, 20);
  if (type < EVENT_COUNT && (kindOf(type) & Kind.ENTERING) != 0) return mustEnteringWait(type, record, bytes);
  return unsettled != 0 && mustThreadWait(record);
}

/** Looks at a later record, only to learn of containers early. */
export function notice(record: usize, bytes: usize): void {
  const type: u32 = load<u16>(record, 20);
  if (type < EVENT_COUNT && (kindOf(type) & Kind.ENTERING) != 0 && ahead.read(record, bytes, type)) watchedOf(ahead);
}

function mustThreadWait(record: usize): bool {
  // without the process, which the probe puts into the upper half
  const thread = findThread(load<u32>(record, 8));
  if (changetype<usize>(thread) == 0 || thread.containerId == 0) return false;
  const watched = findWatched(thread.containerId);
  if (changetype<usize>(watched) == 0 || (watched.pending & Pending.FACTS) == 0) return false;
  return holdWhileYoung(watched, load<u64>(record));
}

/** However often its container is forgotten and turns up again, an event is held for no longer than the bound. */
function holdWhileYoung(watched: Watched, timeNs: u64): bool {
  if (beforeNs < timeNs + oldestNs) return hold(watched);
  giveUp(watched, Pending.FACTS);
  return false;
}

function mustEnteringWait(type: u32, record: usize, bytes: usize): bool {
  // a damaged one is counted when its turn comes
  if (!ahead.read(record, bytes, type)) return false;
  const watched = watchedOf(ahead);
  if (changetype<usize>(watched) == 0) return unsettled != 0 && mustThreadWait(record);
  if (watched.pending == Pending.NOTHING) return false;
  if ((watched.pending & Pending.FACTS) != 0) return holdWhileYoung(watched, ahead.timeNs);
  if (ahead.paramNumber<u32>(type == EXECVE_X || type == EXECVEAT_X ? P_EXEC_UID : P_CLONE_UID) == 0) return false;
  if (beforeNs < ahead.timeNs + waitNs) return hold(watched);
  giveUp(watched, Pending.USERS);
  return false;
}

/** The container that an exec or clone names; the host is notified of a new one. Null when it names none. */
function watchedOf(entering: Event): Watched {
  const list = entering.param(P_CGROUPS);
  let length = viewBytes(list);
  if (length != 0 && load<u8>(viewAt(list) + length - 1) == 0) length--;
  if (length == 0) return changetype<Watched>(0);
  // processes that follow one another are mostly in the same place
  if (length == lastBytes && lastDrops == watchedDrops && equalBytes(lastList, viewAt(list), length)) {
    if (changetype<usize>(lastWatched) != 0) notifyAgain(lastWatched, pidOf(entering));
    return lastWatched;
  }
  resetScratch();
  const cgroups = internView(normaliseCgroups(view(viewAt(list), length)));
  const place = placementOf(cgroups);
  const isHost = place.key == 0;
  const watched = isHost ? changetype<Watched>(0) : watch(place, pidOf(entering));
  if (length <= MAX_LIST_BYTES && (isHost || changetype<usize>(watched) != 0)) {
    memory.copy(lastList, viewAt(list), length);
    lastBytes = length;
    lastDrops = watchedDrops;
    lastWatched = watched;
  }
  release(cgroups);
  return watched;
}

function pidOf(entering: Event): i64 {
  return entering.paramLength(P_PID) == 8 ? entering.paramNumber<i64>(P_PID) : -1;
}

/** The container in this place. Null when there is no room for it. */
function watch(place: Placement, pid: i64): Watched {
  let watched = findWatched(place.key);
  if (changetype<usize>(watched) != 0) {
    notifyAgain(watched, pid);
    return watched;
  }
  if (isWatchedFull()) evictWatched();
  watched = addWatched(place.key, place.type, place.owner, place.parent);
  if (changetype<usize>(watched) == 0) return watched;
  const isKnown = !isNone(findContainer(place.key));
  if (!isKnown) count(COUNT_CONTAINERS_ASKED);
  if (waitNs != 0) waitFor(watched, isKnown, waitNs);
  notify(watched, pid);
  return watched;
}

/** Forgets some of the party with the most: nothing waits for what is pending for them. */
function evictWatched(): void {
  const list = allocateList(MAX_WATCHED);
  if (list == 0) return;
  const n = min(listMostCrowded(list), EVICTED_AT_ONCE);
  for (let i: u32 = 0; i < n; i++) {
    giveUp(changetype<Watched>(<usize>load<u32>(list + (<usize>i << 2))), Pending.FACTS | Pending.USERS);
  }
  expire(false);
  for (let i: u32 = 0; i < n; i++) dropWatched(changetype<Watched>(<usize>load<u32>(list + (<usize>i << 2))));
  free(list);
  countMany(COUNT_CONTAINERS_EVICTED, n);
}

function notifyAgain(watched: Watched, pid: i64): void {
  const isOther = pid != watched.notifiedPid && watched.notifications < NOTIFICATIONS_WHILE_UNREAD;
  if (isOther || nowNs > watched.notifiedNs + NOTIFY_AGAIN_NS) notify(watched, pid);
}

function notify(watched: Watched, pid: i64): void {
  const bytes = lengthOf(watched.key), parentBytes = min(lengthOf(watched.parent), MAX_PARENT_BYTES);
  watched.notifiedNs = nowNs;
  watched.notifiedPid = pid;
  if (watched.notifications < NOTIFICATIONS_WHILE_UNREAD) watched.notifications++;
  if (bytes > MAX_KEY_BYTES) return;
  store<u32>(message, watched.type);
  store<u32>(message, isNone(findContainer(watched.key)) ? 0 : 1, 4);
  store<i64>(message, pid, 8);
  store<u32>(message, watched.owner, 16);
  store<u32>(message, <u32>bytes, 20);
  store<u32>(message, <u32>viewBytes(idOfKey(watched.key)), 24);
  memory.copy(message + MESSAGE_HEADER, watched.key, bytes);
  memory.copy(message + MESSAGE_HEADER + bytes, watched.parent, parentBytes);
  on_alert(HOST_CONTAINER, <i32>message, <i32>(MESSAGE_HEADER + bytes + parentBytes));
}

/** Containers of the threads that are there; first processes first, because they live longest. */
function noticeThreads(): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let i: u32 = 0;; i++) {
      let at = bucketHead(i);
      if (at == 1) break;
      for (; at != 0; at = changetype<Thread>(at).next) {
        const thread = changetype<Thread>(at);
        if (thread.containerId == 0 || (pass == 0 && thread.vpid != 1)) continue;
        if (thread.cgroups == 0) continue;
        const place = placementOf(thread.cgroups);
        if (place.key != 0) watch(place, thread.pid);
      }
    }
  }
}
