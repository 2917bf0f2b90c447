// The objects of Kubernetes that records have told about, by their uid.
// Bounded: a recording could hold any number of records. Elsewhere: the pod of a thread (state/pod_uid.ts).

import { LIMIT_KUBERNETES_OBJECTS } from "../generated/wire";
import { count, uncount } from "../counters";
import { COUNT_KUBERNETES_OBJECTS, COUNT_KUBERNETES_REFUSED } from "../generated/layout";
import { allocateZeroed, free } from "../memory/heap";
import { release } from "../strings/intern";
import { KubeObject } from "./kube_object";

const BUCKETS: u32 = 1024;

let buckets: usize = 0;
let objects: u32 = 0;

/** An empty object, in no table; null when there is no room. */
export function newKubeObject(): KubeObject {
  return changetype<KubeObject>(allocateZeroed(offsetof<KubeObject>()));
}

/** @param uid interned; null when there is no object of this kind with it */
export function findKubeObject(uid: u32, kind: u32): KubeObject {
  if (uid == 0 || buckets == 0) return changetype<KubeObject>(0);
  let at: usize = load<u32>(bucketOf(uid));
  while (at != 0) {
    const object = changetype<KubeObject>(at);
    if (object.uid == uid) return object.kind == kind ? object : changetype<KubeObject>(0);
    at = object.next;
  }
  return changetype<KubeObject>(0);
}

/** Makes the object known in place of what was known under its uid. */
export function putKubeObject(object: KubeObject): void {
  // most hosts need no room for this at all
  if (buckets == 0) buckets = allocateZeroed(BUCKETS << 2);
  removeKubeObject(object.uid);
  if (object.uid == 0 || buckets == 0 || objects >= LIMIT_KUBERNETES_OBJECTS) {
    count(COUNT_KUBERNETES_REFUSED);
    return freeKubeObject(object);
  }
  const bucket = bucketOf(object.uid);
  object.next = load<u32>(bucket);
  store<u32>(bucket, <u32>changetype<usize>(object));
  objects++;
  count(COUNT_KUBERNETES_OBJECTS);
}

export function removeKubeObject(uid: u32): void {
  if (uid == 0 || buckets == 0) return;
  let link = bucketOf(uid);
  while (load<u32>(link) != 0) {
    const object = changetype<KubeObject>(<usize>load<u32>(link));
    if (object.uid == uid) return removeAt(link);
    link = changetype<usize>(object) + offsetof<KubeObject>("next");
  }
}

/** Forgets all: a new capture begins. */
export function clearKubeObjects(): void {
  for (let i: usize = 0; i < BUCKETS && buckets != 0; i++) {
    while (load<u32>(buckets + (i << 2)) != 0) removeAt(buckets + (i << 2));
  }
}

// @ts-ignore: decorator
@inline
function bucketOf(uid: u32): usize {
  return buckets + (<usize>((uid >> 3) & (BUCKETS - 1)) << 2);
}

/** Frees the object that the word at `link` refers to. */
function removeAt(link: usize): void {
  const object = changetype<KubeObject>(<usize>load<u32>(link));
  store<u32>(link, object.next);
  objects--;
  uncount(COUNT_KUBERNETES_OBJECTS);
  freeKubeObject(object);
}

export function freeKubeObject(object: KubeObject): void {
  release(object.uid);
  release(object.name);
  release(object.namespace);
  release(object.labels);
  release(object.ip);
  release(object.namespaceUid);
  release(object.deploymentUid);
  release(object.replicaSetUid);
  release(object.controllerUid);
  release(object.serviceUids);
  free(changetype<usize>(object));
}
