// What is kept of an object of Kubernetes.
// In: the object as the API server has it, which may be anything. Out: its facts; undefined when it has no uid or name.

import { labelsOf, listOf, objectAt, objectOf, textOf } from "../../base/mod.ts";

/** Kinds of which fields tell. */
export type KubeKind =
  | "Pod"
  | "Namespace"
  | "Service"
  | "Deployment"
  | "ReplicaSet"
  | "ReplicationController";

export interface KubeFacts {
  readonly kind: KubeKind;
  /** that of the pod's cgroups, where the API server has given it another one */
  readonly uid: string;
  readonly name: string;
  /** "" for what is in none */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** "" until a pod has one */
  readonly ip: string;
  /** who made it and looks after it */
  readonly controller: Owner | undefined;
  /** which pods a service is for; undefined: it says so in other ways */
  readonly selector: Readonly<Record<string, string>> | undefined;
}

export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

const MAX_LABELS = 512;
const MAX_LABEL_CHARACTERS = 4096;
/** Of all labels of an object. */
const MAX_CHARACTERS = 64 << 10;
/** Names of objects have 253 at most. */
const MAX_NAME_CHARACTERS = 256;
/** The kubelet names the cgroup of a pod that it has read from a file after this, not after the uid in the API. */
const MIRROR = "kubernetes.io/config.mirror";

export function factsOf(kind: KubeKind, object: unknown): KubeFacts | undefined {
  const metadata = objectAt(object, "metadata");
  const uid = textOf(objectAt(metadata, "annotations")[MIRROR]) || textOf(metadata["uid"]);
  const name = textOf(metadata["name"]);
  const namespace = textOf(metadata["namespace"]);
  if (uid === "" || name === "") return undefined;
  if ([uid, name, namespace].some(({ length }) => length > MAX_NAME_CHARACTERS)) return undefined;
  const selector = objectAt(object, "spec")["selector"];
  return {
    kind,
    uid,
    name,
    namespace,
    labels: bounded(labelsOf(metadata["labels"])),
    ip: kind === "Pod" ? textOf(objectAt(object, "status")["podIP"]).slice(0, MAX_NAME_CHARACTERS) : "",
    controller: controllerOf(metadata["ownerReferences"]),
    selector: kind === "Service" && Object.keys(objectOf(selector)).length > 0
      ? bounded(labelsOf(selector))
      : undefined,
  };
}

/** A pod may be referred to by others, too; only one of them makes new ones. */
function controllerOf(references: unknown): Owner | undefined {
  const found = listOf(references).map(objectOf).find((reference) => reference["controller"] === true);
  if (found === undefined) return undefined;
  const [kind = "", name = "", uid = ""] = ["kind", "name", "uid"].map((key) => textOf(found[key]));
  const isTooLong = [kind, name, uid].some(({ length }) => length > MAX_NAME_CHARACTERS);
  return isTooLong ? undefined : { kind, name, uid };
}

function bounded(labels: Record<string, string>): Record<string, string> {
  let left = MAX_CHARACTERS;
  const fitting = Object.entries(labels).filter(([key, value]) => {
    const length = key.length + value.length;
    return length <= MAX_LABEL_CHARACTERS && (left -= length) >= 0;
  });
  return Object.fromEntries(fitting.slice(0, MAX_LABELS));
}
