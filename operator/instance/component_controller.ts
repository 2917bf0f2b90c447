// Component objects: programs next to Falco that falco does without, because what they do is inside of it.
// In: a Component object. Out: its status, which says so.

import { objectAt, textOf } from "../../base/mod.ts";
import { conditionsOf, type Finding } from "../api/conditions.ts";
import { KINDS } from "../api/kinds.ts";
import { metaOf, type Objects } from "../api/objects.ts";
import { foreignBindingName } from "./instance_objects.ts";

/** Of Falco's operator, whose work would wait for it for ever. */
const FOREIGN_FINALIZER = "component.instance.falcosecurity.dev/finalizer";

/** What falco does in their place, and what is lost without them, if anything. */
const INSIDE: Readonly<Record<string, { readonly isWhole: boolean; readonly message: string }>> = {
  "metacollector": {
    isWhole: true,
    message:
      "nothing is deployed. Built in: falco asks the Kubernetes API itself, and fields k8smeta.* have values. " +
      "Not built in: a collector that others could ask",
  },
  "falcosidekick": {
    isWhole: false,
    message:
      "nothing is deployed. Built in: falco delivers to receivers itself, as the setting sinks of a Config says " +
      "(HTTP, Kafka, Loki, Elasticsearch and others). Not built in: falcosidekick's address, its settings and its other outputs; " +
      "alerts that a Config sends to that address arrive nowhere",
  },
  "falcosidekick-ui": {
    isWhole: false,
    message:
      "nothing is deployed. Built in: nothing of it. Not built in: pages that show alerts, and their store",
  },
};

export async function sayComponent(objects: Objects, component: unknown, version: string): Promise<void> {
  const { name, namespace, generation, isGoing, finalizers } = metaOf(component);
  if (isGoing) {
    if (!finalizers.includes(FOREIGN_FINALIZER)) return;
    await objects.remove(KINDS.ClusterRoleBinding, "", foreignBindingName(namespace, name));
    await objects.changeFinalizers(
      KINDS.Component,
      namespace,
      name,
      (all) => all.filter((one) => one !== FOREIGN_FINALIZER),
    );
    return;
  }
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
