// Records about containers: what their engine knows, as JSON.
// In: the current event. Out: the table of containers. A record that cannot be read is counted and changes nothing.
//
//   asyncevent  named `container` or `container_removed`: {"container": {"id": …, "labels": {…}, "Mounts": […]}}
//   324         the same JSON without a name, in captures of before 2025

import { count } from "../../memory/counters";
import { COUNT_CONTAINERS_REFUSED } from "../../generated/layout";
import { str_eq } from "../../match/compare";
import { takeScratch } from "../../memory/scratch";
import { literal } from "../../strings/literal";
import { begin, finish, putByte, putText } from "../../strings/writer";
import { internView, release, viewOf } from "../../strings/intern";
import {
  enterArray,
  enterObject,
  jsonFailed,
  nextElement,
  nextKey,
  readInt,
  readText,
  readTrue,
  skipValue,
  startJson,
} from "../../strings/json";
import { NO_NUMBER, viewBytes } from "../../strings/view";
import { Container, ContainerFlag, ContainerType, MOUNT_PARTS } from "../container";
import { addContainer, dropContainer, freeContainer, isNone, newContainer } from "../container_table";
import { keyOf } from "../containers";
import { isLive } from "../machine";
import { paramText } from "../params";
import { swapped } from "../replace";
import { parseHostNameRecord } from "./host_name_record";
import { parseKubeRecord } from "./kube_record";
import { sortedLabels } from "./labels";

const ADDED = literal("container");
const REMOVED = literal("container_removed");
const KUBERNETES = literal("k8s");
const HOST_NAME = literal("hostname");
const TRUE = literal("true");
const FALSE = literal("false");

const K_TYPE = literal("type");
const K_ID = literal("id");
const K_OWNER = literal("owner_uid");
const K_NAME = literal("name");
const K_IMAGE = literal("image");
const K_IMAGE_ID = literal("imageid");
const K_REPOSITORY = literal("imagerepo");
const K_TAG = literal("imagetag");
const K_DIGEST = literal("imagedigest");
const K_FULL_ID = literal("full_id");
const K_IP = literal("ip");
const K_CNI = literal("cni_json");
const K_SANDBOX_ID = literal("pod_sandbox_id");
const K_PRIVILEGED = literal("privileged");
const K_HOST_PID = literal("host_pid");
const K_HOST_NETWORK = literal("host_network");
const K_HOST_IPC = literal("host_ipc");
const K_LABELS = literal("labels");
const K_SANDBOX_LABELS = literal("pod_sandbox_labels");
const K_MOUNTS = literal("Mounts");
const K_SOURCE = literal("Source");
const K_DESTINATION = literal("Destination");
const K_MODE = literal("Mode");
const K_RW = literal("RW");
const K_PROPAGATION = literal("Propagation");

/** Mounts of one container beyond these are left out. */
const MAX_MOUNTS: u32 = 1024;

/** Named messages of any plugin: those about containers, Kubernetes and hosts are used, others pass. */
export function parseAsyncEvent(): void {
  const name = paramText(1);
  if (str_eq(name, KUBERNETES) != 0) return parseKubeRecord(paramText(2));
  if (str_eq(name, HOST_NAME) != 0) return parseHostNameRecord(paramText(2));
  const removed = str_eq(name, REMOVED) != 0;
  if (!removed && str_eq(name, ADDED) == 0) return;
  const container = readRecord(paramText(2));
  if (isNone(container)) return;
  if (removed) dropContainer(container);
  else addContainer(container);
}

export function parseContainerJson(): void {
  const container = readRecord(paramText(0));
  if (!isNone(container)) addContainer(container);
}

/** @returns null when the record cannot be used */
function readRecord(json: u64): Container {
  let container = changetype<Container>(0);
  startJson(json);
  if (enterObject()) {
    for (let key = nextKey(); key != 0; key = nextKey()) {
      if (str_eq(key, ADDED) != 0 && isNone(container) && enterObject()) container = readContainer();
      else skipValue();
    }
  }
  if (!isNone(container) && !jsonFailed()) return container;
  if (!isNone(container)) freeContainer(container);
  count(COUNT_CONTAINERS_REFUSED);
  return changetype<Container>(0);
}

function readContainer(): Container {
  const container = newContainer();
  if (isNone(container)) return container;
  container.type = ContainerType.UNKNOWN;
  let owner = NO_NUMBER;
  for (let key = nextKey(); key != 0; key = nextKey()) {
    if (str_eq(key, K_OWNER) != 0) owner = readInt();
    else readFact(container, key);
  }
  container.isAnyOwners = owner == NO_NUMBER ? 1 : 0;
  if (isLive && owner > 0 && container.id != 0) {
    container.id = swapped(container.id, keyOf(viewOf(container.id), <u32>owner));
  }
  return container;
}

function readFact(container: Container, key: u64): void {
  const at = textFactOf(key);
  if (at != 0) return setText(changetype<usize>(container) + at, readText());
  const flag = flagOf(key);
  if (flag != 0) {
    container.flags = readTrue() ? container.flags | flag : container.flags & ~flag;
  } else if (str_eq(key, K_TYPE) != 0) {
    const type = readInt();
    container.type = type == NO_NUMBER ? ContainerType.UNKNOWN : <u32>type;
  } else if (str_eq(key, K_LABELS) != 0) {
    setText(changetype<usize>(container) + offsetof<Container>("labels"), sortedLabels());
  } else if (str_eq(key, K_SANDBOX_LABELS) != 0) {
    setText(changetype<usize>(container) + offsetof<Container>("sandboxLabels"), sortedLabels());
  } else if (str_eq(key, K_MOUNTS) != 0) {
    setText(changetype<usize>(container) + offsetof<Container>("mounts"), readMounts());
  } else skipValue();
}

/** Where a text with this key is kept in a container; 0 = it is none. */
function textFactOf(key: u64): usize {
  if (str_eq(key, K_ID) != 0) return offsetof<Container>("id");
  if (str_eq(key, K_NAME) != 0) return offsetof<Container>("name");
  if (str_eq(key, K_IMAGE) != 0) return offsetof<Container>("image");
  if (str_eq(key, K_IMAGE_ID) != 0) return offsetof<Container>("imageId");
  if (str_eq(key, K_REPOSITORY) != 0) return offsetof<Container>("imageRepository");
  if (str_eq(key, K_TAG) != 0) return offsetof<Container>("imageTag");
  if (str_eq(key, K_DIGEST) != 0) return offsetof<Container>("imageDigest");
  if (str_eq(key, K_FULL_ID) != 0) return offsetof<Container>("fullId");
  if (str_eq(key, K_IP) != 0) return offsetof<Container>("ip");
  if (str_eq(key, K_CNI) != 0) return offsetof<Container>("cni");
  if (str_eq(key, K_SANDBOX_ID) != 0) return offsetof<Container>("sandboxId");
  return 0;
}

function flagOf(key: u64): u32 {
  if (str_eq(key, K_PRIVILEGED) != 0) return ContainerFlag.PRIVILEGED;
  if (str_eq(key, K_HOST_PID) != 0) return ContainerFlag.HOST_PID;
  if (str_eq(key, K_HOST_NETWORK) != 0) return ContainerFlag.HOST_NETWORK;
  if (str_eq(key, K_HOST_IPC) != 0) return ContainerFlag.HOST_IPC;
  return 0;
}

function setText(at: usize, text: u64): void {
  const old = load<u32>(at);
  store<u32>(at, internView(text));
  release(old);
}

/** The list of mounts as it is kept; they are read whole before the text is begun, which one at a time can be. */
function readMounts(): u64 {
  const parts = takeScratch(<usize>MAX_MOUNTS * MOUNT_PARTS << 3);
  if (!enterArray()) return 0;
  let mounts: u32 = 0;
  while (nextElement()) {
    const mount = parts + (<usize>mounts * MOUNT_PARTS << 3);
    if (parts == 0 || mounts >= MAX_MOUNTS || !enterObject()) {
      // an object that is one too many has not been entered
      if (parts == 0 || mounts >= MAX_MOUNTS) skipValue();
      continue;
    }
    memory.fill(mount, 0, MOUNT_PARTS << 3);
    store<u64>(mount, FALSE, 24);
    for (let key = nextKey(); key != 0; key = nextKey()) readMountPart(mount, key);
    mounts++;
  }
  if (mounts == 0) return 0;
  begin();
  for (let i: u32 = 0; i < mounts * MOUNT_PARTS; i++) {
    const part = load<u64>(parts + (<usize>i << 3));
    if (viewBytes(part) != 0) putText(part);
    putByte(0);
  }
  return finish();
}

function readMountPart(mount: usize, key: u64): void {
  if (str_eq(key, K_SOURCE) != 0) store<u64>(mount, readText());
  else if (str_eq(key, K_DESTINATION) != 0) store<u64>(mount, readText(), 8);
  else if (str_eq(key, K_MODE) != 0) store<u64>(mount, readText(), 16);
  else if (str_eq(key, K_RW) != 0) store<u64>(mount, readTrue() ? TRUE : FALSE, 24);
  else if (str_eq(key, K_PROPAGATION) != 0) store<u64>(mount, readText(), 32);
  else skipValue();
}
