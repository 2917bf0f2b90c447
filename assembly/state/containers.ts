// Which container a thread belongs to, read from the paths of its cgroups.
// In: the list of cgroups (`subsys=path`, NUL-separated). Out: the container's key as an interned string, 0 for the host.
//
// The key is the id that container.id prints; of a container in the slice of a user it is `id/uid`. So no
// user can name a cgroup after another user's container and be taken for it: facts belong to a key.
// Elsewhere: reading one path (cgroup_path.ts), what is known of containers (container_table.ts).

import { literal } from "../strings/literal";
import { begin, finish, putByte, putText, putUnsigned } from "../strings/writer";
import { intern, internView, lengthOf, release, retain, viewOf } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { equalBytes, findByte } from "../memory/bytes";
import { onReset } from "../memory/reset";
import { containerInPath } from "./cgroup_path";
import { ContainerType } from "./container";
import { isLive } from "./machine";

const MAX_ID_BYTES: usize = 64;
const SHORT_ID_BYTES: usize = 12;
const SERVICE = literal(".service");
const SLICE = literal(".slice");
const SCOPE = literal(".scope");

/** What a list of cgroups says about the container. */
@unmanaged
export class Placement {
  /** interned; 0 = the host */
  key: u32;
  /** of the runtime, as far as the path shows */
  type: u32;
  /** the user in whose slice the container is; 0 = it is root's or the system's */
  owner: u32;
  /** the path above its cgroup, interned: what all containers that one party can make have in common */
  parent: u32;
}

/** the last list that was looked at, and what came out: threads of one container follow one another */
let lastCgroups: u32 = 0;
const last = changetype<Placement>(memory.data(16, 8));

onReset(forgetLast);

function forgetLast(): void {
  release(lastCgroups);
  release(last.key);
  release(last.parent);
  lastCgroups = 0;
  last.key = 0;
  last.type = ContainerType.UNKNOWN;
  last.owner = 0;
  last.parent = 0;
}

/** The container that an interned list of cgroups names; the caller gets a reference. */
export function containerOf(cgroups: u32): u32 {
  return cgroups == 0 ? 0 : retain(placementOf(cgroups).key);
}

/** The same with what else the list says; the strings belong to it, and it is good until the next call. */
export function placementOf(cgroups: u32): Placement {
  if (cgroups != lastCgroups) {
    forgetLast();
    lastCgroups = retain(cgroups);
    last.key = resolve(cgroups);
  }
  return last;
}

/** What container.id prints of a key. */
export function idOfKey(key: u32): u64 {
  const bytes = lengthOf(key);
  // of captures, keys are ids, and Falco has ids with slashes in them
  return isLive ? view(key, findByte(key, key + bytes, 47) - key) : viewOf(key);
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
  let at: usize = cgroups;
  const end = at + lengthOf(cgroups);
  let key: u32 = 0;
  while (at < end) {
    const entryEnd = findByte(at, end, 0);
    // the name of a hierarchy may hold an equals sign: name=systemd
    const path = findByte(at, entryEnd, 47);
    const found = containerInPath(path, entryEnd);
    if (changetype<usize>(found) != 0 && (key == 0 || found.owner == 0)) {
      release(key);
      key = keyOf(view(found.idAt, found.idBytes), found.owner);
      note(found.type, found.owner, intern(path, <usize>found.parentEnd - path));
      if (found.owner == 0) return key;
    } else if (changetype<usize>(found) == 0 && !isLive) {
      const name = containerdName(path, entryEnd);
      if (name != 0) {
        note(ContainerType.CONTAINERD, 0, 0);
        return intern(viewAt(name), min(viewBytes(name), SHORT_ID_BYTES));
      }
    }
    at = entryEnd + 1;
  }
  return key;
}

function note(type: u32, owner: u32, parent: u32): void {
  release(last.parent);
  last.type = type;
  last.owner = owner;
  last.parent = parent;
}

/**
 * The id of `/namespace/id`, which containerd's own clients make; an id of any length, but not a unit of systemd.
 * Falco takes every path of two names for one, so that a plain cgroup such as `/jobs/42` becomes a container. A
 * capture is read as Falco reads it; of this host only the namespaces that containerd is known to use count. 0 = none.
 */
function containerdName(path: usize, end: usize): u64 {
  if (endsWith(path, end, SERVICE) || endsWith(path, end, SLICE) || endsWith(path, end, SCOPE)) return 0;
  // the first part of the path that is a proper name
  let at = path;
  while (at < end) {
    const slash = findByte(at, end, 47);
    if (slash == end) return 0;
    const next = findByte(slash + 1, end, 47);
    if (next == end) return 0;
    if (isNamespace(slash + 1, next)) {
      // Falco takes what follows the last occurrence of that part
      const bytes = next + 1 - slash;
      let name = end - bytes;
      while (!equalBytes(name, slash, bytes)) name--;
      name += bytes;
      return end > name && end - name <= MAX_ID_BYTES ? view(name, end - name) : 0;
    }
    at = next;
  }
  return 0;
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
