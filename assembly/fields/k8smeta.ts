// Fields of the Kubernetes pod in which the event happened, and of what the pod belongs to, as the API server has them.
// In: the pod's uid, from the cgroups of the process (state/pod_uid.ts); the table of objects. Out: texts and lists.
// Without a record about the pod nothing has a value. Elsewhere: what container engines say of pods (container_labels.ts).

import { takeScratch } from "../memory/scratch";
import { begin, finish, putByte, putText } from "../strings/writer";
import { currentThread } from "../state/current";
import { KubeKind, KubeObject } from "../state/kube_object";
import { findKubeObject } from "../state/kube_table";
import { podUidOf } from "../state/pod_uid";
import { internView, release, viewOf } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { labelOf, Labels, LABELS_BYTES } from "./label_list";
import { noThread } from "./process";

/** A list beyond this is cut. */
// @ts-ignore: decorator
@inline const MAX_ITEMS: u32 = 1024;

/** the list that is being made: its items, and the address of its count */
let listAt: usize = 0;

// @ts-ignore: decorator
@inline
function isNone(object: KubeObject): bool {
  return changetype<usize>(object) == 0;
}

/** No text at all is no value. */
function present(s: u32): u64 {
  return s == 0 ? 0 : viewOf(s);
}

function pod(): KubeObject {
  if (noThread()) return changetype<KubeObject>(0);
  return findKubeObject(podUidOf(currentThread.cgroups), KubeKind.POD);
}

/** Uid of what the pod belongs to. */
function ownerUid(kind: u32): u32 {
  const owned = pod();
  if (isNone(owned)) return 0;
  if (kind == KubeKind.NAMESPACE) return owned.namespaceUid;
  if (kind == KubeKind.DEPLOYMENT) return owned.deploymentUid;
  if (kind == KubeKind.REPLICA_SET) return owned.replicaSetUid;
  return owned.controllerUid;
}

function owner(kind: u32): KubeObject {
  return findKubeObject(ownerUid(kind), kind);
}

function nameOf(object: KubeObject): u64 {
  return isNone(object) ? 0 : present(object.name);
}

function labelIn(object: KubeObject, name: u64): u64 {
  return isNone(object) ? 0 : labelOf(object.labels, name);
}

function beginList(): bool {
  listAt = takeScratch(8 + ((<usize>MAX_ITEMS) << 3));
  if (listAt == 0) return false;
  store<u64>(listAt, 0);
  return true;
}

function addItem(item: u64): void {
  const n = load<u32>(listAt);
  if (item == 0 || n == MAX_ITEMS) return;
  store<u64>(listAt + 8 + (<usize>n << 3), item);
  store<u32>(listAt, n + 1);
}

/** A list without items has no value. */
function finishList(): u64 {
  const n = load<u32>(listAt);
  return n == 0 ? 0 : view(listAt, 8 + (<usize>n << 3));
}

const walk = changetype<Labels>(memory.data(LABELS_BYTES, 8));

/** Each as `key:value`. */
function addLabels(object: KubeObject): void {
  walk.start(object.labels);
  while (walk.read()) {
    begin();
    putText(walk.key);
    putByte(58);
    putText(walk.value);
    addItem(finish());
  }
}

function labelsOf(object: KubeObject): u64 {
  if (isNone(object) || object.labels == 0 || !beginList()) return 0;
  addLabels(object);
  return finishList();
}

export function k8smeta_pod_name(): u64 {
  return nameOf(pod());
}

export function k8smeta_pod_uid(): u64 {
  const object = pod();
  return isNone(object) ? 0 : present(object.uid);
}

export function k8smeta_pod_label(name: u64): u64 {
  return labelIn(pod(), name);
}

export function k8smeta_pod_labels(): u64 {
  return labelsOf(pod());
}

export function k8smeta_pod_ip(): u64 {
  const object = pod();
  return isNone(object) ? 0 : present(object.ip);
}

/** The pod itself knows it. */
export function k8smeta_ns_name(): u64 {
  const object = pod();
  return isNone(object) ? 0 : present(object.namespace);
}

export function k8smeta_ns_uid(): u64 {
  return present(ownerUid(KubeKind.NAMESPACE));
}

export function k8smeta_ns_label(name: u64): u64 {
  return labelIn(owner(KubeKind.NAMESPACE), name);
}

export function k8smeta_ns_labels(): u64 {
  return labelsOf(owner(KubeKind.NAMESPACE));
}

export function k8smeta_deployment_name(): u64 {
  return nameOf(owner(KubeKind.DEPLOYMENT));
}

export function k8smeta_deployment_uid(): u64 {
  return present(ownerUid(KubeKind.DEPLOYMENT));
}

export function k8smeta_deployment_label(name: u64): u64 {
  return labelIn(owner(KubeKind.DEPLOYMENT), name);
}

export function k8smeta_deployment_labels(): u64 {
  return labelsOf(owner(KubeKind.DEPLOYMENT));
}

export function k8smeta_rs_name(): u64 {
  return nameOf(owner(KubeKind.REPLICA_SET));
}

export function k8smeta_rs_uid(): u64 {
  return present(ownerUid(KubeKind.REPLICA_SET));
}

export function k8smeta_rs_label(name: u64): u64 {
  return labelIn(owner(KubeKind.REPLICA_SET), name);
}

export function k8smeta_rs_labels(): u64 {
  return labelsOf(owner(KubeKind.REPLICA_SET));
}

export function k8smeta_rc_name(): u64 {
  return nameOf(owner(KubeKind.REPLICATION_CONTROLLER));
}

export function k8smeta_rc_uid(): u64 {
  return present(ownerUid(KubeKind.REPLICATION_CONTROLLER));
}

export function k8smeta_rc_label(name: u64): u64 {
  return labelIn(owner(KubeKind.REPLICATION_CONTROLLER), name);
}

export function k8smeta_rc_labels(): u64 {
  return labelsOf(owner(KubeKind.REPLICATION_CONTROLLER));
}

export function k8smeta_svc_name(): u64 {
  return ofServices(Part.NAME, 0);
}

export function k8smeta_svc_uid(): u64 {
  return ofServices(Part.UID, 0);
}

export function k8smeta_svc_label(name: u64): u64 {
  return ofServices(Part.LABEL, name);
}

export function k8smeta_svc_labels(): u64 {
  return ofServices(Part.LABELS, 0);
}

/** What is wanted of each service. */
// deno-fmt-ignore
namespace Part {
  export const NAME: u32 = 0; export const UID: u32 = 1; export const LABEL: u32 = 2; export const LABELS: u32 = 3;
}

/** Of all services of the pod, in the order in which the pod names them. */
function ofServices(part: u32, label: u64): u64 {
  const object = pod();
  if (isNone(object) || object.serviceUids == 0 || !beginList()) return 0;
  const uids = viewOf(object.serviceUids);
  const end = viewAt(uids) + viewBytes(uids);
  for (let at = viewAt(uids), to = at; at < end; at = to + 1) {
    to = at;
    while (to < end && load<u8>(to) != 0) to++;
    addOfService(view(at, to - at), part, label);
  }
  return finishList();
}

function addOfService(uid: u64, part: u32, label: u64): void {
  if (part == Part.UID) return addItem(uid);
  const interned = internView(uid);
  const service = findKubeObject(interned, KubeKind.SERVICE);
  release(interned);
  if (isNone(service)) return;
  if (part == Part.NAME) addItem(present(service.name));
  else if (part == Part.LABEL) addItem(labelOf(service.labels, label));
  else addLabels(service);
}
