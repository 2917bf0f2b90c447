// Kubernetes objects that records have described, by their uid.
// Bounded, since a capture file could hold any number of records. Elsewhere: the pod of a thread (state/pod_uid.ts).

import { LIMIT_KUBERNETES_OBJECTS } from "../generated/wire";
import { count, uncount } from "../memory/counters";
import { COUNT_KUBERNETES_OBJECTS, COUNT_KUBERNETES_REFUSED } from "../generated/layout";
import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { allocateZeroed, free } from "../memory/heap";
import { hashOfString, release } from "../strings/intern";
import { KubeObject } from "./kube_object";

const BUCKETS: u32 = 1024;

const objects = changetype<HashTable<KubeObject>>(memory.data(TABLE_BYTES, 8));

/** An empty object, in no table; null when there is no room. */
export function newKubeObject(): KubeObject {
  return changetype<KubeObject>(allocateZeroed(offsetof<KubeObject>()));
}

/** @param uid interned; null when there is no object of this kind with it */
export function findKubeObject(uid: u32, kind: u32): KubeObject {
  const object = find(uid);
  return !isNone(object) && object.kind == kind ? object : changetype<KubeObject>(0);
}

// @ts-ignore: decorator
@inline
function find(uid: u32): KubeObject {
  return uid == 0 ? changetype<KubeObject>(0) : objects.find(hashOfString(uid), uid);
}

// @ts-ignore: decorator
@inline
function isNone(object: KubeObject): bool {
  return changetype<usize>(object) == 0;
}

/** Makes the object known in place of what was known under its uid. */
export function putKubeObject(object: KubeObject): void {
  // most hosts need no room for this at all
  const hasRoom = objects.init(BUCKETS, drop);
  removeKubeObject(object.uid);
  if (object.uid == 0 || !hasRoom || objects.count >= LIMIT_KUBERNETES_OBJECTS) {
    count(COUNT_KUBERNETES_REFUSED);
    return freeKubeObject(object);
  }
  objects.insert(hashOfString(object.uid), object);
  count(COUNT_KUBERNETES_OBJECTS);
}

export function removeKubeObject(uid: u32): void {
  const object = find(uid);
  if (!isNone(object)) drop(object);
}

function drop(object: KubeObject): void {
  objects.remove(hashOfString(object.uid), object);
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
