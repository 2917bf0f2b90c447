// What all nodes together say about a Rulesfile, Config or Plugin.
// In: the object, the ArtifactNodes that belong to it. Out: its status: false where one node says so, with the nodes' names.
// Elsewhere: what one node says (node/).

import { listOf, objectAt, objectOf, textOf } from "../../base/mod.ts";
import { type Condition, conditionsOf, type Finding } from "../api/conditions.ts";
import { type Kind } from "../api/kinds.ts";
import { metaOf, type Objects } from "../api/objects.ts";

const MAX_NODES_TOLD = 5;
/** From the worst to the best. */
const ORDER: readonly Condition["status"][] = ["False", "Unknown", "True"];
const NOT_READY = "falco is not ready";
const NOT_YET = "falco has not answered to the last change yet";
const TYPES = ["Programmed", "ResolvedRefs"];

/**
 * @param generation of the artifact: what was said about an earlier one is not about this
 * @param isSilent nodes whose falco does not answer now: what was good there may be no more
 */
export function together(
  nodes: readonly unknown[],
  generation = 0,
  isSilent: (nodeName: string) => boolean = () => false,
): Finding[] {
  if (nodes.length === 0) {
    const message = "no node has said anything about this artifact";
    return [{ type: "Programmed", status: "Unknown", reason: "NoNodesAssigned", message }];
  }
  return TYPES.flatMap((type) => {
    const said = nodes.flatMap((node) => {
      const condition = listOf(objectAt(node, "status")["conditions"]).map(objectOf)
        .find((one) => one["type"] === type);
      const name = textOf(objectAt(node, "spec")["nodeName"]);
      if (condition?.["status"] === "True" && isSilent(name)) {
        return [{
          node: name,
          condition: { status: "Unknown", reason: "FalcoNotReady", message: NOT_READY },
        }];
      }
      if (condition !== undefined && Number(condition["observedGeneration"] ?? generation) < generation) {
        return [{ node: name, condition: { status: "Unknown", reason: "Pending", message: NOT_YET } }];
      }
      if (condition !== undefined) return [{ node: name, condition }];
      return type === "Programmed"
        ? [{ node: name, condition: { status: "Unknown", reason: "Pending", message: "" } }]
        : [];
    });
    const worst = ORDER.find((status) => said.some(({ condition }) => condition["status"] === status));
    if (worst === undefined) return [];
    const those = said.filter(({ condition }) => condition["status"] === worst);
    const [first] = those;
    const names = those.map(({ node }) => node).sort();
    const more = names.length > MAX_NODES_TOLD ? ` (+${names.length - MAX_NODES_TOLD} more)` : "";
    const where = worst === "True" ? "" : ` on ${names.slice(0, MAX_NODES_TOLD).join(", ")}${more}`;
    return [{
      type,
      status: worst,
      reason: textOf(first?.condition["reason"]) || "Pending",
      message: `${textOf(first?.condition["message"]) || "pending"}${where}`,
    }];
  });
}

export async function sayArtifact(
  objects: Objects,
  kind: Kind,
  artifact: unknown,
  nodes: readonly unknown[],
  isSilent: (nodeName: string) => boolean,
): Promise<void> {
  const { name, namespace, generation, isGoing } = metaOf(artifact);
  if (isGoing) return;
  await objects.applyStatus({
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { name, namespace },
    status: {
      conditions: conditionsOf(artifact, generation, together(nodes, generation, isSilent)),
      ...kind.kind === "Config" ? { observedGeneration: generation } : {},
    },
  });
}
