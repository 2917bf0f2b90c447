// Whether a label selector means a node.
// In: a selector as Kubernetes has it, the node's labels. Out: yes or no.

import { listOf, objectAt, objectOf, textOf, textsOf } from "../../base/mod.ts";

/** Without a selector all nodes are meant. */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  const wanted = Object.entries(objectAt(selector, "matchLabels"));
  const expressions = listOf(objectOf(selector)["matchExpressions"]).map(objectOf);
  return wanted.every(([key, value]) => labels[key] === value) && expressions.every((one) => {
    const value = labels[textOf(one["key"])];
    const values = textsOf(one["values"]);
    switch (one["operator"]) {
      case "In":
        return typeof value === "string" && values.includes(value);
      case "NotIn":
        return typeof value !== "string" || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });
}
