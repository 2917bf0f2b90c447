// Component objects: programs next to Falco that falco does without, because what they do is inside of it.
// In: a Component object. Out: its status, which says so.

import { objectAt, textOf } from "../../base/mod.ts";
import { conditionsOf, type Finding } from "../api/conditions.ts";
import { KINDS } from "../api/kinds.ts";
import { metaOf, type Objects } from "../api/objects.ts";

/** What is lost without them, if anything. */
const INSIDE: Readonly<Record<string, { readonly isWhole: boolean; readonly message: string }>> = {
  "metacollector": {
    isWhole: true,
    message: "falco asks the Kubernetes API itself: nothing is deployed, and fields k8smeta.* have values",
  },
  "falcosidekick": {
    isWhole: false,
    message: "no falcosidekick is deployed: falco delivers to receivers itself (setting sinks). " +
      "Alerts that a Config sends to its address arrive nowhere",
  },
  "falcosidekick-ui": {
    isWhole: false,
    message: "no falcosidekick-ui is deployed, and falco has nothing in its place",
  },
};

export async function sayComponent(objects: Objects, component: unknown, version: string): Promise<void> {
  const { name, namespace, generation, isGoing } = metaOf(component);
  if (isGoing) return;
  const type = textOf(objectAt(component, "spec", "component")["type"]);
  const { isWhole, message } = INSIDE[type] ?? { isWhole: false, message: `there is no component ${type}` };
  const status = isWhole ? "True" : "False";
  const reason = isWhole ? "BuiltIn" : "NotProvided";
  const findings: Finding[] = ["Reconciled", "Available"].map((one) => ({
    type: one,
    status,
    reason,
    message,
  }));
  await objects.applyStatus({
    apiVersion: KINDS.Component.apiVersion,
    kind: "Component",
    metadata: { name, namespace },
    status: { resourceType: "None", version, conditions: conditionsOf(component, generation, findings) },
  });
}
