// Which container a thread belongs to, read from the paths of its cgroups.
// In: the list of cgroups (`subsys=path`, NUL-separated). Out: the short id as an interned string, 0 for the host.
//
// The layouts are those of Falco's container plugin, tried in its order: podman, docker, CRI (containerd, cri-o),
// containerd's own namespaces, lxc, libvirt, bpm; with systemd scopes or plain cgroupfs, v1, v2 or hybrid.

import { equalBytes } from "../match/bytes";
import { literal } from "../render/literal";
import { findByte } from "../strings/bytes";
import { intern, release, retain } from "../strings/intern";
import { viewAt, viewBytes } from "../strings/view";
import { ContainerType } from "./container";
import { isLive } from "./machine";

const ID_BYTES: usize = 64;
const SHORT_ID_BYTES: usize = 12;
const EMPTY = literal("");
const SCOPE = literal(".scope");
const SCOPE_CONTAINER = literal(".scope/container");
const LIBPOD = literal("/libpod-");
const ROOT = literal("/");
const DOCKER = literal("/docker-");
const CRIO = literal("/crio-");
const CRI_CONTAINERD = literal("/cri-containerd-");
const CRI_CONTAINERD_COLON = literal(":cri-containerd:");
const NERDCTL_SCOPE = literal("/nerdctl-");
const SERVICE = literal(".service");
const SLICE = literal(".slice");
const LXC = literal("/lxc/");
const LXC_PAYLOAD = literal("/lxc.payload/");
const LXC_PAYLOAD_DOT = literal("/lxc.payload.");
const LIBVIRT_SUFFIX = literal(".libvirt-lxc");
const LIBVIRT_SCOPE = literal("-lxc\\x2");
const LIBVIRT_IN_SCOPE = literal(".scope/libvirt");
const LIBVIRT_LEGACY = literal("/libvirt/lxc/");
const BPM = literal("bpm-");
const MOBY = literal("moby");
const K8S = literal("k8s.io");
const DEFAULT = literal("default");
const BUILDKIT = literal("buildkit");
const NERDCTL = literal("nerdctl");

/** the last list that was looked at, and what came out: threads of one container follow one another */
let lastCgroups: u32 = 0;
let lastId: u32 = 0;
let lastType: u32 = ContainerType.UNKNOWN;

/** the path under examination and the id that was found in it */
let path: usize = 0;
let pathEnd: usize = 0;
let idAt: usize = 0;
let idBytes: usize = 0;

/** The container that an interned list of cgroups names; the caller gets a reference. */
export function containerOf(cgroups: u32): u32 {
  if (cgroups == 0) return 0;
  if (cgroups != lastCgroups) {
    release(lastCgroups);
    release(lastId);
    lastCgroups = retain(cgroups);
    lastId = resolve(cgroups);
  }
  return retain(lastId);
}

/** The engine that runs the container that `containerOf` has found last, as far as the path tells. */
export function typeOfLast(): u32 {
  return lastType;
}

function resolve(cgroups: u32): u32 {
  lastType = ContainerType.UNKNOWN;
  let at: usize = cgroups;
  const end = at + <usize>load<u32>(at - 4);
  while (at < end) {
    const entryEnd = findByte(at, end - at, 0);
    path = min(findByte(at, entryEnd - at, 61) + 1, entryEnd);
    pathEnd = entryEnd;
    if (path < pathEnd && (isRunc() || isContainerd() || isLxc() || isLibvirt() || isBpm())) {
      return intern(idAt, idBytes);
    }
    at = entryEnd + 1;
  }
  return 0;
}

/** podman, docker, CRI: 64 hexadecimal digits between a prefix and a suffix. */
function isRunc(): bool {
  if (isLong(LIBPOD, SCOPE) || isLong(LIBPOD, SCOPE_CONTAINER) || isLong(LIBPOD, EMPTY)) {
    return found(ContainerType.PODMAN);
  }
  // docker or any engine of Kubernetes, without systemd
  if (isLong(ROOT, EMPTY)) return found(ContainerType.UNKNOWN);
  if (isLong(DOCKER, SCOPE)) return found(ContainerType.DOCKER);
  if (isLong(CRIO, EMPTY)) return found(ContainerType.CRIO);
  if (isLong(CRI_CONTAINERD, SCOPE)) return found(ContainerType.CRI);
  if (isLong(CRIO, SCOPE)) return found(ContainerType.CRIO);
  if (isLong(NERDCTL_SCOPE, SCOPE)) return found(ContainerType.CONTAINERD);
  return isLong(CRI_CONTAINERD_COLON, EMPTY) && found(ContainerType.CRI);
}

function found(type: u32): bool {
  lastType = type;
  return true;
}

function isLong(prefix: u64, suffix: u64): bool {
  const from = findLast(prefix);
  const to = viewBytes(suffix) == 0 ? pathEnd : findLast(suffix);
  if (from == 0 || to == 0) return false;
  idAt = from + viewBytes(prefix);
  if (to < idAt || to - idAt != ID_BYTES) return false;
  for (let i: usize = 0; i < ID_BYTES; i++) {
    const c = load<u8>(idAt + i) | 32;
    if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102))) return false;
  }
  idBytes = SHORT_ID_BYTES;
  return true;
}

/**
 * `/namespace/id`, which containerd's own clients make; an id of any length, but not a unit of systemd.
 * Falco takes every path of two names for one, so that a plain cgroup such as `/jobs/42` becomes a container. A
 * recording is read as Falco reads it; of this host only the namespaces that containerd is known to use count.
 */
function isContainerd(): bool {
  if (endsWith(SERVICE) || endsWith(SLICE) || endsWith(SCOPE)) return false;
  // the first part of the path that is a proper name
  let at = path;
  while (at < pathEnd) {
    const slash = findByte(at, pathEnd - at, 47);
    if (slash == pathEnd) return false;
    const next = findByte(slash + 1, pathEnd - slash - 1, 47);
    if (next == pathEnd) return false;
    if (isNamespace(slash + 1, next) && (!isLive || isKnownNamespace(slash + 1, next))) {
      // Falco takes what stands behind the last occurrence of that part
      idAt = lastOccurrence(slash, next + 1 - slash) + (next + 1 - slash);
      const bytes = pathEnd - idAt;
      if (bytes == 0 || bytes > ID_BYTES) return false;
      idBytes = min(bytes, SHORT_ID_BYTES);
      return found(ContainerType.CONTAINERD);
    }
    at = next;
  }
  return false;
}

function isKnownNamespace(from: usize, to: usize): bool {
  const bytes = to - from;
  return sameText(from, bytes, MOBY) || sameText(from, bytes, K8S) || sameText(from, bytes, DEFAULT) ||
    sameText(from, bytes, BUILDKIT) || sameText(from, bytes, NERDCTL);
}

function sameText(at: usize, bytes: usize, text: u64): bool {
  return bytes == viewBytes(text) && equalBytes(at, viewAt(text), bytes);
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

function isLxc(): bool {
  return (isNamed(LXC) || isNamed(LXC_PAYLOAD) || isNamed(LXC_PAYLOAD_DOT)) && found(ContainerType.LXC);
}

/** The name behind a prefix, up to the next slash. */
function isNamed(prefix: u64): bool {
  const from = findFirst(prefix);
  if (from == 0) return false;
  idAt = from + viewBytes(prefix);
  idBytes = findByte(idAt, pathEnd - idAt, 47) - idAt;
  return true;
}

function isLibvirt(): bool {
  return hasLibvirtId() && found(ContainerType.LIBVIRT_LXC);
}

function hasLibvirtId(): bool {
  const suffix = findFirst(LIBVIRT_SUFFIX);
  if (suffix != 0 && suffix + viewBytes(LIBVIRT_SUFFIX) == pathEnd) {
    const slash = findLast(ROOT);
    if (slash != 0 && slash < suffix) {
      idAt = slash + 1;
      idBytes = suffix - idAt;
      return true;
    }
  }
  const unit = findFirst(LIBVIRT_SCOPE);
  if (unit != 0) {
    const ending = findFirst(LIBVIRT_IN_SCOPE) != 0 ? LIBVIRT_IN_SCOPE : SCOPE;
    const at = findFirst(ending);
    // one byte more than the mark: the `d` of `\x2d`
    idAt = unit + viewBytes(LIBVIRT_SCOPE) + 1;
    if (at != 0 && at + viewBytes(ending) == pathEnd && at >= idAt) {
      idBytes = at - idAt;
      return true;
    }
  }
  const legacy = findFirst(LIBVIRT_LEGACY);
  if (legacy == 0) return false;
  idAt = legacy + viewBytes(LIBVIRT_LEGACY);
  idBytes = pathEnd - idAt;
  return true;
}

function isBpm(): bool {
  const from = findFirst(BPM);
  if (from == 0) return false;
  idAt = from + viewBytes(BPM);
  const scope = occurrence(SCOPE, idAt);
  idBytes = (scope == 0 ? pathEnd : scope) - idAt;
  for (let i: usize = 0; i < idBytes; i++) {
    const c = load<u8>(idAt + i), letter = c | 32;
    const fits = (c >= 48 && c <= 57) || (letter >= 97 && letter <= 122) || c == 46 || c == 95 || c == 45;
    if (!fits) return false;
  }
  return idBytes != 0 && found(ContainerType.BPM);
}

function endsWith(suffix: u64): bool {
  const bytes = viewBytes(suffix);
  return pathEnd - path >= bytes && equalBytes(pathEnd - bytes, viewAt(suffix), bytes);
}

/** Address of the first occurrence in the path at or behind `from`; 0 = none. */
function occurrence(text: u64, from: usize): usize {
  const bytes = viewBytes(text);
  for (let at = from; at + bytes <= pathEnd; at++) {
    if (equalBytes(at, viewAt(text), bytes)) return at;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function findFirst(text: u64): usize {
  return occurrence(text, path);
}

function findLast(text: u64): usize {
  return lastOccurrence(viewAt(text), viewBytes(text));
}

function lastOccurrence(text: usize, bytes: usize): usize {
  if (pathEnd - path < bytes) return 0;
  for (let at = pathEnd - bytes; at >= path; at--) {
    if (equalBytes(at, text, bytes)) return at;
  }
  return 0;
}
