// Every falco.yaml that we ship has alerts end with the container, the pod and the namespace.

import assert from "node:assert/strict";
import { parse } from "yaml";
import { loadSettings } from "../../config/load.ts";
import { defaultSettings } from "../../scripts/package/default_settings.ts";
import { renderChart } from "./helm/chart.ts";
import { PROJECT } from "../support/program.ts";

function chartSettings(): string {
  const objects = renderChart(`${PROJECT}deploy/helm/falco`, {});
  const map = objects.find(({ kind, metadata }) => kind === "ConfigMap" && !metadata.name.endsWith("-rules"));
  return (map!["data"] as Record<string, string>)["falco.yaml"]!;
}

const read = (path: string) => () => Deno.readTextFileSync(PROJECT + path);
const SHIPPED: Readonly<Record<string, () => string>> = {
  "packages": defaultSettings,
  "the chart": chartSettings,
  "the image": read("deploy/image/falco.yaml"),
  "the Kustomize base": read("deploy/kubernetes/base/config/falco.yaml"),
  "the receiver of audit events": read("deploy/kubernetes/audit/falco.yaml"),
};

for (const [name, text] of Object.entries(SHIPPED)) {
  Deno.test(`falco.yaml of ${name}: alerts say where`, async () => {
    assert.deepEqual(parse(text())["append_output"], [{ suggested_output: true }]);
    const file = await Deno.makeTempFile({ suffix: ".yaml" });
    try {
      await Deno.writeTextFile(file, text());
      const [{ suggested_output: isSuggested } = {}] = loadSettings(file, []).settings.append_output;
      assert.equal(isSuggested, true);
    } finally {
      await Deno.remove(file);
    }
  });
}
