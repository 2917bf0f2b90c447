// Which nodes can answer for artifacts: those where a falco of the namespace runs.
// In: pods. Out: for a node, whether a falco is there and ready.
// Elsewhere: what nodes say (artifact_status.ts), pods themselves (instance/).

import { listOf, objectAt, objectOf, textOf } from "../../base/mod.ts";
import { type Kind, KINDS } from "../api/kinds.ts";
import { metaOf, type Objects } from "../api/objects.ts";

/** Of every falco: by the chart or by hand, and by this operator. */
export const FALCO_PODS = ["app.kubernetes.io/name=falco", "app.kubernetes.io/managed-by=falco-operator"];
const OVER = ["Succeeded", "Failed"];

export type Presence = "ready" | "silent" | "none";

export function presence(pods: readonly unknown[], namespace: string, nodeName: string): Presence {
  const there = pods.filter((pod) => {
    const spec = objectAt(pod, "spec");
    const phase = textOf(objectAt(pod, "status")["phase"]);
    return metaOf(pod).namespace === namespace && spec["nodeName"] === nodeName && !OVER.includes(phase);
  });
  if (there.length === 0) return "none";
  return there.some(isReady) ? "ready" : "silent";
}

/**
 * Nobody on that node will ever take back what it said: falco is not there any more, or the node is not.
 * @param instances names of the Falco objects of the namespace
 */
export async function removeOrphans(
  objects: Objects,
  nodes: readonly unknown[],
  pods: readonly unknown[],
  instances: readonly string[],
): Promise<readonly unknown[]> {
  const left: unknown[] = [];
  for (const node of nodes) {
    const { name, namespace } = metaOf(node);
    const nodeName = textOf(objectAt(node, "spec")["nodeName"]);
    if (presence(pods, namespace, nodeName) !== "none") {
      left.push(node);
      continue;
    }
    // pods and what they say come by different ways: what is known of pods may be a moment older
    const now = await objects.list(KINDS.Pod, namespace, { fieldSelector: `spec.nodeName=${nodeName}` });
    if (now.some((pod) => isFalco(pod, instances))) left.push(node);
    else await removeWhole(objects, KINDS.ArtifactNode, namespace, name);
  }
  return left;
}

/** Falco's operator labels its pods by the name of their instance alone. */
function isFalco(pod: unknown, instances: readonly string[]): boolean {
  const { labels } = metaOf(pod);
  return instances.includes(labels["app.kubernetes.io/instance"] ?? "") ||
    FALCO_PODS.some((selector) => {
      const [key = "", value] = selector.split("=");
      return labels[key] === value;
    });
}

/** Another operator's finalizers wait for a program that runs no more. */
export async function removeWhole(
  objects: Objects,
  kind: Kind,
  namespace: string,
  name: string,
): Promise<void> {
  await objects.changeFinalizers(kind, namespace, name, () => []);
  await objects.remove(kind, namespace, name);
}

function isReady(pod: unknown): boolean {
  return listOf(objectAt(pod, "status")["conditions"]).map(objectOf)
    .some(({ type, status }) => type === "Ready" && status === "True");
}
