// Which container a thread belongs to, read from the paths of its cgroups.
// In: the list of cgroups (`subsys=path`, NUL-separated). Out: the container's key as an interned string, 0 for the host.
//
// The key is the id that container.id prints; of a container in the slice of a user it is `id/uid`. So nobody can name
// a cgroup after a container of somebody else and be taken for it: what is known of a container holds for its key.
// Elsewhere: reading one path (cgroup_path.ts), what is known of containers (container_table.ts).

import { literal } from "../render/literal";
import { begin, finish, putByte, putText, putUnsigned } from "../render/writer";
import { findByte } from "../strings/bytes";
import { intern, internView, lengthOf, release, retain, viewOf } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { equalBytes } from "../match/bytes";
import {
  engineType,
  findContainerInPath,
  idAt,
  idBytes,
  ownerUid,
  parentEnd,
} from "./cgroup_path";
import { ContainerType } from "./container";
import { isLive } from "./machine";

const MAX_ID_BYTES: usize = 64;
const SHORT_ID_BYTES: usize = 12;
const SERVICE = literal(".service");
const SLICE = literal(".slice");
const SCOPE = literal(".scope");

/** the last list that was looked at, and what came out: threads of one container follow one another */
let lastCgroups: u32 = 0;
let lastKey: u32 = 0;
let lastType: u32 = ContainerType.UNKNOWN;
let lastOwner: u32 = 0;
let lastParent: u32 = 0;

/** The container that an interned list of cgroups names; the caller gets a reference. */
export function containerOf(cgroups: u32): u32 {
  if (cgroups == 0) return 0;
  if (cgroups != lastCgroups) {
    release(lastCgroups);
    release(lastKey);
    lastCgroups = retain(cgroups);
    lastKey = resolve(cgroups);
  }
  return retain(lastKey);
}

/** The engine that runs the container that `containerOf` has found last, as far as the path tells. */
export function typeOfLast(): u32 {
  return lastType;
}

/** The user in whose slice that container is; 0 = it is root's or the system's. */
export function ownerOfLast(): u32 {
  return lastOwner;
}

/** The path above its cgroup, interned: what all containers that one party can make have in common. */
export function parentOfLast(): u32 {
  return lastParent;
}

/** What container.id prints of a key. */
export function idOfKey(key: u32): u64 {
  const bytes = lengthOf(key);
  // of recordings, keys are ids, and Falco has ids with slashes in them
  return isLive ? view(key, findByte(key, bytes, 47) - key) : viewOf(key);
}

/** The key of a container of this user; the caller gets a reference. */
export function keyOf(id: u64, owner: u32): u32 {
  if (owner == 0) return internView(id);
  begin();
  putText(id);
  putByte(47);
  putUnsigned(owner);
  return internView(finish());
}

/** A container that the system made counts more than one in a user's slice: users can put their own processes there. */
function resolve(cgroups: u32): u32 {
  forgetLast();
  let at: usize = cgroups;
  const end = at + <usize>load<u32>(at - 4);
  let key: u32 = 0;
  while (at < end) {
    const entryEnd = findByte(at, end - at, 0);
    // the name of a hierarchy may hold an equals sign: name=systemd
    const path = findByte(at, entryEnd - at, 47);
    if (findContainerInPath(path, entryEnd) && (key == 0 || ownerUid == 0)) {
      release(key);
      key = keyOf(view(idAt, idBytes), ownerUid);
      setLast(engineType, ownerUid, intern(path, parentEnd - path));
      if (ownerUid == 0) return key;
    } else if (!isLive && hasContainerdName(path, entryEnd)) {
      setLast(ContainerType.CONTAINERD, 0, 0);
      return intern(nameAt, min(entryEnd - nameAt, SHORT_ID_BYTES));
    }
    at = entryEnd + 1;
  }
  return key;
}

function forgetLast(): void {
  setLast(ContainerType.UNKNOWN, 0, 0);
}

function setLast(type: u32, owner: u32, parent: u32): void {
  release(lastParent);
  lastType = type;
  lastOwner = owner;
  lastParent = parent;
}

let nameAt: usize = 0;

/**
 * `/namespace/id`, which containerd's own clients make; an id of any length, but not a unit of systemd.
 * Falco takes every path of two names for one, so that a plain cgroup such as `/jobs/42` becomes a container. A
 * recording is read as Falco reads it; of this host only the namespaces that containerd is known to use count.
 */
function hasContainerdName(path: usize, end: usize): bool {
  if (endsWith(path, end, SERVICE) || endsWith(path, end, SLICE) || endsWith(path, end, SCOPE)) return false;
  // the first part of the path that is a proper name
  let at = path;
  while (at < end) {
    const slash = findByte(at, end - at, 47);
    if (slash == end) return false;
    const next = findByte(slash + 1, end - slash - 1, 47);
    if (next == end) return false;
    if (isNamespace(slash + 1, next)) {
      // Falco takes what stands behind the last occurrence of that part
      const bytes = next + 1 - slash;
      nameAt = end - bytes;
      while (!equalBytes(nameAt, slash, bytes)) nameAt--;
      nameAt += bytes;
      return end > nameAt && end - nameAt <= MAX_ID_BYTES;
    }
    at = next;
  }
  return false;
}

/** Letters and digits, joined by single dots, underscores or dashes. */
function isNamespace(from: usize, to: usize): bool {
  let afterName = false;
  for (let at = from; at < to; at++) {
    const c = load<u8>(at), letter = c | 32;
    if ((c >= 48 && c <= 57) || (letter >= 97 && letter <= 122)) afterName = true;
    else if (afterName && (c == 46 || c == 95 || c == 45)) afterName = false;
    else return false;
  }
  return afterName;
}

function endsWith(path: usize, end: usize, suffix: u64): bool {
  const bytes = viewBytes(suffix);
  return end - path >= bytes && equalBytes(end - bytes, viewAt(suffix), bytes);
}
