// Records about objects of Kubernetes, as Falco's plugin k8smeta leaves them in captures: events named `k8s`.
// In: the JSON of one. Out: the table of objects. A record that cannot be read is counted and changes nothing.
//
//   {"reason": "Create" | "Update" | "Delete", "kind": "Pod", "uid": …, "meta": JSON as a text, "status": JSON as a text,
//    "refs": {"resources": {"Namespace": {"list": [uid, …]}, "ReplicaSet": …, "Service": …}}}

import { count } from "../../memory/counters";
import { COUNT_KUBERNETES_REFUSED } from "../../generated/layout";
import { str_eq } from "../../match/compare";
import { literal } from "../../strings/literal";
import { begin, finish, putByte, putText } from "../../strings/writer";
import { takeScratch } from "../../memory/scratch";
import { internView, release } from "../../strings/intern";
import {
  enterArray,
  enterObject,
  jsonFailed,
  nextElement,
  nextKey,
  readText,
  skipValue,
  startJson,
} from "../../strings/json";
import { KubeKind, KubeObject } from "../kube_object";
import { freeKubeObject, newKubeObject, putKubeObject, removeKubeObject } from "../kube_table";
import { sortedLabels } from "./labels";

const K_REASON = literal("reason");
const K_KIND = literal("kind");
const K_UID = literal("uid");
const K_META = literal("meta");
const K_STATUS = literal("status");
const K_REFS = literal("refs");
const K_RESOURCES = literal("resources");
const K_LIST = literal("list");
const K_NAME = literal("name");
const K_NAMESPACE = literal("namespace");
const K_LABELS = literal("labels");
const K_POD_IP = literal("podIP");
const DELETE = literal("Delete");
const POD = literal("Pod");
const NAMESPACE = literal("Namespace");
const DEPLOYMENT = literal("Deployment");
const SERVICE = literal("Service");
const REPLICA_SET = literal("ReplicaSet");
const REPLICATION_CONTROLLER = literal("ReplicationController");

/** Services of one pod beyond these are left out. */
const MAX_SERVICES: u32 = 256;

let meta: u64 = 0;
let status: u64 = 0;
let isDelete: bool = false;

export function parseKubeRecord(json: u64): void {
  const object = newKubeObject();
  if (changetype<usize>(object) == 0) return count(COUNT_KUBERNETES_REFUSED);
  readRecord(object, json);
  let isUsable = !jsonFailed() && object.uid != 0;
  if (isUsable && isDelete) {
    removeKubeObject(object.uid);
  } else if (isUsable && object.kind != KubeKind.NONE) {
    readMeta(object);
    isUsable = !jsonFailed();
    if (isUsable) return putKubeObject(object);
  }
  if (!isUsable) count(COUNT_KUBERNETES_REFUSED);
  freeKubeObject(object);
}

function readRecord(object: KubeObject, json: u64): void {
  meta = 0;
  status = 0;
  isDelete = false;
  startJson(json);
  if (!enterObject()) return;
  for (let key = nextKey(); key != 0; key = nextKey()) {
    if (str_eq(key, K_REASON) != 0) isDelete = str_eq(readText(), DELETE) != 0;
    else if (str_eq(key, K_KIND) != 0) object.kind = kindOf(readText());
    else if (str_eq(key, K_UID) != 0) setText(object, offsetof<KubeObject>("uid"), readText());
    else if (str_eq(key, K_META) != 0) meta = readText();
    else if (str_eq(key, K_STATUS) != 0) status = readText();
    else if (str_eq(key, K_REFS) != 0) readRefs(object);
    else skipValue();
  }
}

function readRefs(object: KubeObject): void {
  if (!enterObject()) return;
  for (let key = nextKey(); key != 0; key = nextKey()) {
    if (str_eq(key, K_RESOURCES) == 0 || !enterObject()) {
      // what is no object has been skipped
      if (str_eq(key, K_RESOURCES) == 0) skipValue();
      continue;
    }
    for (let kind = nextKey(); kind != 0; kind = nextKey()) {
      const at = refOf(kindOf(kind));
      if (at == 0) skipValue();
      else readUids(object, at);
    }
  }
}

/** Where a pod keeps what it belongs to of this kind; 0 = nowhere. */
function refOf(kind: u32): usize {
  if (kind == KubeKind.NAMESPACE) return offsetof<KubeObject>("namespaceUid");
  if (kind == KubeKind.DEPLOYMENT) return offsetof<KubeObject>("deploymentUid");
  if (kind == KubeKind.REPLICA_SET) return offsetof<KubeObject>("replicaSetUid");
  if (kind == KubeKind.REPLICATION_CONTROLLER) return offsetof<KubeObject>("controllerUid");
  if (kind == KubeKind.SERVICE) return offsetof<KubeObject>("serviceUids");
  return 0;
}

/** `{"list": [uid, …]}`: the first one, of services all. */
function readUids(object: KubeObject, at: usize): void {
  if (!enterObject()) return;
  for (let key = nextKey(); key != 0; key = nextKey()) {
    if (str_eq(key, K_LIST) != 0) setText(object, at, readList(at == offsetof<KubeObject>("serviceUids")));
    else skipValue();
  }
}

/** They are read whole before the text is begun, which one at a time can be. */
function readList(isWhole: bool): u64 {
  const most = isWhole ? MAX_SERVICES : 1;
  const uids = takeScratch(<usize>most << 3);
  if (!enterArray()) return 0;
  let n: u32 = 0;
  while (nextElement()) {
    const uid = readText();
    if (uid == 0 || uids == 0 || n == most) continue;
    store<u64>(uids + (<usize>n << 3), uid);
    n++;
  }
  if (n == 0) return 0;
  if (!isWhole) return load<u64>(uids);
  begin();
  for (let i: u32 = 0; i < n; i++) {
    putText(load<u64>(uids + (<usize>i << 3)));
    putByte(0);
  }
  return finish();
}

/** The JSON inside the JSON. */
function readMeta(object: KubeObject): void {
  if (status != 0) {
    startJson(status);
    if (enterObject()) {
      for (let key = nextKey(); key != 0; key = nextKey()) {
        if (str_eq(key, K_POD_IP) != 0) setText(object, offsetof<KubeObject>("ip"), readText());
        else skipValue();
      }
    }
    if (jsonFailed()) return;
  }
  if (meta == 0) return;
  startJson(meta);
  if (!enterObject()) return;
  for (let key = nextKey(); key != 0; key = nextKey()) {
    if (str_eq(key, K_NAME) != 0) setText(object, offsetof<KubeObject>("name"), readText());
    else if (str_eq(key, K_NAMESPACE) != 0) setText(object, offsetof<KubeObject>("namespace"), readText());
    else if (str_eq(key, K_LABELS) != 0) setText(object, offsetof<KubeObject>("labels"), sortedLabels());
    else skipValue();
  }
}

function kindOf(name: u64): u32 {
  if (str_eq(name, POD) != 0) return KubeKind.POD;
  if (str_eq(name, NAMESPACE) != 0) return KubeKind.NAMESPACE;
  if (str_eq(name, DEPLOYMENT) != 0) return KubeKind.DEPLOYMENT;
  if (str_eq(name, SERVICE) != 0) return KubeKind.SERVICE;
  if (str_eq(name, REPLICA_SET) != 0) return KubeKind.REPLICA_SET;
  if (str_eq(name, REPLICATION_CONTROLLER) != 0) return KubeKind.REPLICATION_CONTROLLER;
  return KubeKind.NONE;
}

function setText(object: KubeObject, offset: usize, text: u64): void {
  const at = changetype<usize>(object) + offset;
  const old = load<u32>(at);
  store<u32>(at, internView(text));
  release(old);
}
