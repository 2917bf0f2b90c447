// The plain manifests: what kubectl makes of them, and that they say the same as the chart.

import assert from "node:assert/strict";
import { parse, parseAllDocuments } from "yaml";
import { loadSettings } from "../../config/load.ts";
import { VERSION } from "../../base/versions.ts";
import { run } from "../live/lab.ts";
import { type Manifest, renderChart } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";
import { schemaProblems } from "./kubernetes_schemas.ts";
import { FALCO, PROJECT } from "../support/program.ts";

const BASE = `${PROJECT}deploy/kubernetes/base`;
const OVERLAY = `${PROJECT}deploy/kubernetes/overlays/custom_rules`;
const hasKubectl = await run("kubectl", "version", "--client").then(({ code }) => code === 0, () => false);

function manifests(): Manifest[] {
  const { resources } = parse(Deno.readTextFileSync(`${BASE}/kustomization.yaml`)) as { resources: string[] };
  return resources.map((name) => parse(Deno.readTextFileSync(`${BASE}/${name}`)));
}

Deno.test("manifests: Kubernetes takes their values", () => {
  assert.deepEqual(schemaProblems(manifests()), []);
});

Deno.test("manifests: Kubernetes takes the receiver of audit events, and falco its settings", () => {
  const folder = `${PROJECT}deploy/kubernetes/audit`;
  const { resources } = parse(Deno.readTextFileSync(`${folder}/kustomization.yaml`)) as {
    resources: string[];
  };
  const objects = resources.map((name) => parse(Deno.readTextFileSync(`${folder}/${name}`)) as Manifest);
  assert.deepEqual(schemaProblems(objects), []);
  assert.deepEqual(loadSettings(`${folder}/falco.yaml`, []).problems, []);
});

Deno.test("manifests: the pod is the chart's", () => {
  const pod = (objects: readonly Manifest[]) => {
    const set = objects.find(({ kind }) => kind === "DaemonSet")!;
    const spec = (set["spec"] as { template: { spec: Fields & { containers: Fields[] } } }).template.spec;
    const [{ image: _, ...container }] = spec.containers as [Fields];
    return { ...spec, containers: [container] };
  };
  const chart = renderChart(`${PROJECT}deploy/helm/falco`, { customRules: { "own_rules.yaml": "# none" } });
  assert.deepEqual(pod(manifests()), pod(chart));
});

Deno.test("manifests: falco takes their settings and rules, and the image is of this version", async () => {
  for (const file of [`${BASE}/config/falco.yaml`, `${PROJECT}deploy/image/falco.yaml`]) {
    assert.deepEqual(loadSettings(file, []).problems, []);
  }
  const rules = [`${BASE}/config/own_rules.yaml`, `${OVERLAY}/own_rules.yaml`];
  const bundled = `${PROJECT}rules/bundled/falco_rules.yaml`;
  const { code, text } = await run(...FALCO, "check", bundled, ...rules);
  assert.equal(code, 0, text);
  for (const folder of [BASE, OVERLAY]) {
    const { images } = parse(Deno.readTextFileSync(`${folder}/kustomization.yaml`));
    assert.deepEqual(images.map(({ newTag }: { newTag: string }) => newTag), [VERSION]);
  }
});

Deno.test({
  name: `manifests: kubectl joins them${hasKubectl ? "" : " (skipped: kubectl is not installed)"}`,
  ignore: !hasKubectl,
  async fn() {
    const { code, text } = await run("kubectl", "kustomize", BASE);
    assert.equal(code, 0, text);
    const objects = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
    assert.deepEqual(schemaProblems(objects), []);
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
    assert.deepEqual(names, [
      "ConfigMap falco",
      "ConfigMap falco-rules",
      "DaemonSet falco",
      "Namespace falco",
      "ServiceAccount falco",
    ]);
  },
});
