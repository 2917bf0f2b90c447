// The operator as deploy/falco-operator.yaml installs it, with the image that the node has.
// In: the cluster. Out: its objects, and none of them any more.

import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import type { ClusterLab } from "./cluster_lab.ts";
import { PROJECT } from "../support/program.ts";

export const OPERATOR_NAMESPACE = "falco-operator";
const BUNDLE = `${PROJECT}deploy/falco-operator.yaml`;

export async function applyBundle(lab: ClusterLab): Promise<void> {
  await lab.withFile(await bundle(lab), (file) => lab.kubectl("apply", "-f", file));
  const operator = ["-n", OPERATOR_NAMESPACE, "deployment/falco-operator"];
  await lab.kubectl("rollout", "status", ...operator, "--timeout=120s");
}

export async function removeBundle(lab: ClusterLab): Promise<void> {
  await lab.withFile(
    await bundle(lab),
    (file) => lab.tryKubectl("delete", "-f", file, "--ignore-not-found", "--timeout=60s"),
  );
}

async function bundle(lab: ClusterLab): Promise<string> {
  const image = `${lab.image.repository}:${lab.image.tag}`;
  const text = (await Deno.readTextFile(BUNDLE)).replaceAll(/\bfalco:\d+\.\d+\.\d+\b/g, image)
    .replaceAll(/imagePullPolicy: \w+/g, "imagePullPolicy: Never");
  assert.ok(text.includes(image) && parseAllDocuments(text).length > 5);
  return text;
}
