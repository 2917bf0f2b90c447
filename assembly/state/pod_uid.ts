// Which pod of Kubernetes a thread belongs to, read from the paths of its cgroups.
// In: the list of cgroups (`subsys=path`, NUL-separated). Out: the pod's uid as an interned string, 0 for none.
//
// The kubelet names a pod's cgroup `pod` and its uid; with systemd the dashes of the uid are underscores:
//   /kubepods/besteffort/pod05869489-8c7f-45dc-9abd-1b1620787bb1/…
//   /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod05869489_8c7f_45dc_9abd_1b1620787bb1.slice/…
// Pods that the kubelet reads from files have a hash of 32 digits instead, which the API server knows, too.

import { onReset } from "../memory/reset";
import { begin, finish, putByte } from "../strings/writer";
import { intern, internView, release, retain } from "../strings/intern";

// @ts-ignore: decorator
@inline const UUID_BYTES: usize = 36;
// @ts-ignore: decorator
@inline const HASH_BYTES: usize = 32;

/** the last list that was looked at, and what came out: a rule asks for several fields of one pod */
let lastCgroups: u32 = 0;
let lastUid: u32 = 0;

onReset(forgetLast);

function forgetLast(): void {
  release(lastCgroups);
  release(lastUid);
  lastCgroups = 0;
  lastUid = 0;
}

/** The caller gets no reference: the string stays until the next call. */
export function podUidOf(cgroups: u32): u32 {
  if (cgroups == 0) return 0;
  if (cgroups != lastCgroups) {
    forgetLast();
    lastCgroups = retain(cgroups);
    lastUid = resolve(cgroups);
  }
  return lastUid;
}

function resolve(cgroups: u32): u32 {
  const end: usize = <usize>cgroups + <usize>load<u32>(<usize>cgroups - 4);
  for (let at: usize = cgroups; at + 3 + HASH_BYTES <= end; at++) {
    // "pod"
    if (load<u8>(at) != 112 || load<u8>(at, 1) != 111 || load<u8>(at, 2) != 100) continue;
    const uid = at + 3;
    if (isUuid(uid, end)) return dashed(uid);
    if (isHash(uid, end)) return intern(uid, HASH_BYTES);
  }
  return 0;
}

function isUuid(at: usize, end: usize): bool {
  if (end - at < UUID_BYTES) return false;
  for (let i: usize = 0; i < UUID_BYTES; i++) {
    const c = load<u8>(at + i);
    const isJoint = i == 8 || i == 13 || i == 18 || i == 23;
    if (isJoint ? c != 45 && c != 95 : !isPlain(c)) return false;
  }
  return true;
}

function isHash(at: usize, end: usize): bool {
  for (let i: usize = 0; i < HASH_BYTES; i++) if (!isPlain(load<u8>(at + i))) return false;
  return at + HASH_BYTES == end || !isPlain(load<u8>(at + HASH_BYTES));
}

/** Small letters and digits. */
// @ts-ignore: decorator
@inline
function isPlain(c: u8): bool {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 122);
}

function dashed(at: usize): u32 {
  begin();
  for (let i: usize = 0; i < UUID_BYTES; i++) {
    const c = load<u8>(at + i);
    putByte(c == 95 ? 45 : c);
  }
  return internView(finish());
}
