// The operator's chart makes what its bundle has, takes the values of the chart of Falco's operator, and refuses what it would
// have to leave out. Helm itself, where there is one, makes the same objects.

import assert from "node:assert/strict";
import { parseAllDocuments, stringify } from "yaml";
import { run } from "../live/lab.ts";
import { type Manifest, renderChart } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";
import { PROJECT } from "../support/program.ts";

const CHART = `${PROJECT}deploy/helm/falco-operator`;
const PLACE = { release: "falco-operator", namespace: "falco-operator" };
const hasHelm = await run("helm", "version").then(({ code }) => code === 0, () => false);

/** What a user of the other chart may have set. */
const OTHERS: Fields = {
  image: { repository: "falcosecurity/falco-operator", tag: "0.4.1" },
  imagePullSecrets: [{ name: "login" }],
  excludedLabels: ["argocd.argoproj.io/*"],
  extraArgs: ["--leader-elect=true"],
  extraEnv: [{ name: "A", value: "1" }],
  podAnnotations: { a: "b" },
  podLabels: { c: "d" },
  serviceAccount: { create: false, name: "own" },
  livenessProbe: { httpGet: { path: "/healthz", port: "health" }, initialDelaySeconds: 15 },
  readinessProbe: { httpGet: { path: "/readyz", port: "health" } },
  tolerations: [{ operator: "Exists" }],
  nodeSelector: { role: "x" },
  priorityClassName: "high",
  dnsPolicy: "None",
  dnsConfig: { nameservers: ["1.1.1.1"] },
};

function byName(objects: readonly Manifest[]): Record<string, Manifest> {
  return Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
}

/** Helm's labels and names of a selector are the chart's own. */
function withoutLabels(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLabels);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key, inner]) => !["labels", "matchLabels"].includes(key) && inner !== null)
      .map(([key, inner]) => [key, withoutLabels(inner)]),
  );
}

Deno.test("operator chart: with its own values it makes what the bundle has", () => {
  const bundle = parseAllDocuments(Deno.readTextFileSync(`${PROJECT}deploy/falco-operator.yaml`))
    .map((one) => one.toJS() as Manifest).filter(({ kind }) =>
      !["Namespace", "CustomResourceDefinition"].includes(kind)
    );
  const made = byName(renderChart(CHART, {}, PLACE)), expected = byName(bundle);
  // what Kubernetes has without a word
  delete (made["Deployment falco-operator"]!["spec"] as Record<string, unknown>)["revisionHistoryLimit"];
  delete (made["ServiceAccount falco-operator"] as Record<string, unknown>)["automountServiceAccountToken"];
  assert.deepEqual(withoutLabels(made), withoutLabels(expected));
});

Deno.test("operator chart: values of the chart of Falco's operator are taken, its image and its leader election are this one's", () => {
  const made = byName(renderChart(CHART, OTHERS, PLACE));
  assert.equal(made["ServiceAccount own"], undefined);
  const { template } = (made["Deployment falco-operator"] as unknown as {
    spec: { template: { metadata: Fields; spec: Record<string, unknown> } };
  }).spec;
  const [container] = template.spec["containers"] as [Record<string, unknown>];
  assert.match(String(container["image"]), /^falco:\d/);
  assert.deepEqual((container["args"] as string[]).slice(-2), ["--exclude-label", "argocd.argoproj.io/*"]);
  const { serviceAccountName, tolerations, nodeSelector, priorityClassName, dnsPolicy, dnsConfig } =
    template.spec;
  assert.deepEqual(
    { serviceAccountName, tolerations, nodeSelector, priorityClassName, dnsPolicy, dnsConfig },
    {
      serviceAccountName: "own",
      tolerations: OTHERS["tolerations"],
      nodeSelector: OTHERS["nodeSelector"],
      priorityClassName: "high",
      dnsPolicy: "None",
      dnsConfig: OTHERS["dnsConfig"],
    },
  );
});

Deno.test("operator chart: flags of another program and objects of the user's are refused with a sentence", () => {
  const attempt = (values: Fields) => () => renderChart(CHART, values, PLACE);
  assert.throws(attempt({ extraArgs: ["--metrics-bind-address=:1"] }), /is a flag of Falco's operator/);
  assert.throws(attempt({ extraObjects: [{ kind: "ConfigMap" }] }), /apply them by kubectl/);
});

Deno.test({
  name: `operator chart: Helm makes the objects of the renderer${
    hasHelm ? "" : " (skipped: helm is not installed)"
  }`,
  ignore: !hasHelm,
  async fn() {
    const file = await Deno.makeTempFile({ suffix: ".yaml" });
    for (const values of [{}, OTHERS]) {
      await Deno.writeTextFile(file, stringify(values));
      const place = [PLACE.release, CHART, "-n", PLACE.namespace, "--kube-version", "v1.33.0"];
      const { code, text } = await run("helm", "template", ...place, "-f", file);
      assert.equal(code, 0, text);
      const made = parseAllDocuments(text).map((one) => one.toJS()).filter((one) => one !== null);
      assert.deepEqual(byName(made as Manifest[]), byName(renderChart(CHART, values, PLACE)));
    }
    await Deno.remove(file);
  },
});
