// Labels of the container and of its pod, and what they say about the pod.
// In: the facts of the container (state/container.ts), the pod as the API server has it (state/kube_table.ts). Out: texts.
//
// A container that does not know what the network plugin said asks the pod's sandbox, which is a container too.

import { str_startswith } from "../match/compare";
import { EMPTY, literal } from "../strings/literal";
import { begin, finish, putByte, putText, written } from "../strings/writer";
import { Container } from "../state/container";
import { currentContainer, findContainer, isNone } from "../state/container_table";
import { KubeKind, KubeObject } from "../state/kube_object";
import { findKubeObject } from "../state/kube_table";
import { internView, release } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { labelOf, Labels, LABELS_BYTES } from "./label_list";
import { textOf } from "./text";

// @ts-ignore: decorator
@inline const SHORT_ID_BYTES: usize = 12;

const POD_NAME = literal("io.kubernetes.pod.name");
const POD_NAMESPACE = literal("io.kubernetes.pod.namespace");
const POD_UID = literal("io.kubernetes.pod.uid");
const INTERNAL = literal("io.kubernetes.");
const ANNOTATION = literal("annotation.");

const walk = changetype<Labels>(memory.data(LABELS_BYTES, 8));

/** `key:value, key`: without annotations and what Kubernetes adds. */
function joined(labels: u32): u64 {
  if (labels == 0) return EMPTY;
  walk.start(labels);
  begin();
  while (walk.read()) {
    const key = walk.key, value = walk.value;
    if (str_startswith(key, ANNOTATION) != 0 || str_startswith(key, INTERNAL) != 0) continue;
    if (written() != 0) {
      putByte(44);
      putByte(32);
    }
    putText(key);
    if (viewBytes(value) == 0) continue;
    putByte(58);
    putText(value);
  }
  return finish();
}

export function container_label(name: u64): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : labelOf(container.labels, name);
}

export function container_labels(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : joined(container.labels);
}

export function k8s_pod_name(): u64 {
  return container_label(POD_NAME);
}

export function k8s_ns_name(): u64 {
  return container_label(POD_NAMESPACE);
}

export function k8s_pod_uid(): u64 {
  return container_label(POD_UID);
}

/** The old name of the uid. */
export function k8s_pod_id(): u64 {
  return k8s_pod_uid();
}

export function k8s_pod_full_sandbox_id(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.sandboxId);
}

export function k8s_pod_sandbox_id(): u64 {
  return shortened(k8s_pod_full_sandbox_id());
}

// @ts-ignore: decorator
@inline
function shortened(id: u64): u64 {
  return view(viewAt(id), min(viewBytes(id), SHORT_ID_BYTES));
}

/**
 * Which container has the facts about the pod: the container itself when it knows what the network plugin said, else its
 * sandbox. A container without a sandbox asks the host, which answers with empty texts. Null when the sandbox is not known.
 */
function podOf(container: Container): Container {
  if (container.cni != 0) return container;
  const id = internView(shortened(textOf(container.sandboxId)));
  const sandbox = findContainer(id);
  release(id);
  return sandbox;
}

/** As the API server has the pod now: an engine keeps the labels with which it was made. Null when that is not known. */
function watchedPodOf(container: Container): KubeObject {
  const uid = internView(labelOf(container.labels, POD_UID));
  const pod = findKubeObject(uid, KubeKind.POD);
  release(uid);
  return pod;
}

export function k8s_pod_label(name: u64): u64 {
  const container = currentContainer();
  if (isNone(container)) return 0;
  const watched = watchedPodOf(container);
  if (changetype<usize>(watched) != 0) return labelOf(watched.labels, name);
  const pod = podOf(container);
  const label: u64 = isNone(pod) ? 0 : labelOf(pod.sandboxLabels, name);
  return label != 0 ? label : labelOf(container.sandboxLabels, name);
}

export function k8s_pod_labels(): u64 {
  const container = currentContainer();
  if (isNone(container)) return 0;
  const watched = watchedPodOf(container);
  if (changetype<usize>(watched) != 0) return joined(watched.labels);
  const pod = podOf(container);
  return joined(isNone(pod) ? container.sandboxLabels : pod.sandboxLabels);
}

export function k8s_pod_ip(): u64 {
  const container = currentContainer();
  const pod = isNone(container) ? container : podOf(container);
  return isNone(pod) ? 0 : textOf(pod.ip);
}

export function k8s_pod_cni_json(): u64 {
  const container = currentContainer();
  const pod = isNone(container) ? container : podOf(container);
  return isNone(pod) ? 0 : textOf(pod.cni);
}
