// What is kept of an object of Kubernetes.
// In: the object as the API server has it, which may be anything. Out: its facts; undefined when it has no uid or name.

import { labelsOf, listOf, objectAt, objectOf, textOf } from "../containers/json_value.ts";

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
/** The kubelet names the cgroup of a pod that it has read from a file after this, not after the uid in the API. */
const MIRROR = "kubernetes.io/config.mirror";

export function factsOf(kind: KubeKind, object: unknown): KubeFacts | undefined {
  const metadata = objectAt(object, "metadata");
  const uid = textOf(objectAt(metadata, "annotations")[MIRROR]) || textOf(metadata["uid"]);
  const name = textOf(metadata["name"]);
  if (uid === "" || name === "") return undefined;
  const selector = objectAt(object, "spec")["selector"];
  return {
    kind,
    uid,
    name,
    namespace: textOf(metadata["namespace"]),
    labels: bounded(labelsOf(metadata["labels"])),
    ip: kind === "Pod" ? textOf(objectAt(object, "status")["podIP"]) : "",
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
  return { kind: textOf(found["kind"]), name: textOf(found["name"]), uid: textOf(found["uid"]) };
}

function bounded(labels: Record<string, string>): Record<string, string> {
  const fitting = Object.entries(labels).filter(([key, value]) =>
    key.length + value.length <= MAX_LABEL_CHARACTERS
  );
  return Object.fromEntries(fitting.slice(0, MAX_LABELS));
}
