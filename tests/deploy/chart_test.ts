// The Helm chart: what it makes of values, whether Kubernetes and falco take that, and what it refuses.
// Golden files: deno test -A tests/deploy/chart_test.ts -- --update

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { loadSettings } from "../../config/load.ts";
import { VERSION } from "../../config/version.ts";
import { PROJECT } from "../live/falco_process.ts";
import { CASES, REFUSED } from "./chart_cases.ts";
import { type Manifest, renderChart, renderFiles } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";
import { fieldProblems, schemaProblems } from "./kubernetes_schemas.ts";

const CHART = `${PROJECT}deploy/helm/falco`;
const GOLDEN = `${PROJECT}tests/golden/deploy`;
const rendered = new Map(
  Object.entries(CASES).map(([name, { values, options }]) => [name, renderChart(CHART, values, options)]),
);

function named(name: string): Manifest[] {
  return rendered.get(name)!;
}

function settingsOf(objects: readonly Manifest[]): string {
  const map = objects.find(({ kind, metadata }) => kind === "ConfigMap" && !metadata.name.endsWith("-rules"));
  return (map!["data"] as Record<string, string>)["falco.yaml"]!;
}

function podOf(objects: readonly Manifest[]): Fields & { containers: Fields[] } {
  const owner = objects.find(({ kind }) => kind === "DaemonSet" || kind === "Deployment");
  return (owner!["spec"] as { template: { spec: Fields & { containers: Fields[] } } }).template.spec;
}

for (const [name, objects] of rendered) {
  Deno.test(`chart, ${name}: as the golden file has it`, async () => {
    const text = objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
      .join("---\n");
    const file = `${GOLDEN}/${name}.yaml`;
    if (Deno.args.includes("--update")) {
      await Deno.mkdir(GOLDEN, { recursive: true });
      await Deno.writeTextFile(file, text);
    }
    assert.equal(text, await Deno.readTextFile(file));
  });

  Deno.test(`chart, ${name}: falco takes the settings`, async () => {
    const file = await Deno.makeTempFile({ suffix: ".yaml" });
    await Deno.writeTextFile(file, settingsOf(objects));
    assert.deepEqual(loadSettings(file, []).problems, []);
    await Deno.remove(file);
  });
}

Deno.test("chart: Kubernetes takes the values of every object", () => {
  assert.deepEqual(schemaProblems([...rendered.values()].flat()), []);
  const port = structuredClone(named("default").find(({ kind }) => kind === "DaemonSet")!);
  podOf([port]).containers[0]!["ports"] = [{ containerPort: "web" }];
  assert.match(schemaProblems([port]).join(), /containerPort must be integer/);
});

Deno.test("chart: Kubernetes knows every field of every object", async () => {
  assert.deepEqual(await fieldProblems([...rendered.values()].flat()), []);
});

Deno.test("chart: its version is the program's", () => {
  const chart = parse(Deno.readTextFileSync(`${CHART}/Chart.yaml`));
  assert.deepEqual([chart.version, chart.appVersion], [VERSION, VERSION]);
});

Deno.test("chart: no privileges beyond four capabilities unless they are asked for", () => {
  const [container] = podOf(named("default")).containers;
  assert.deepEqual((container!["securityContext"] as Fields)["capabilities"], {
    drop: ["ALL"],
    add: ["BPF", "PERFMON", "SYS_PTRACE", "DAC_READ_SEARCH"],
  });
  for (const { readOnly, mountPath } of container!["volumeMounts"] as Fields[]) {
    assert.equal(readOnly ?? false, mountPath !== "/tmp", String(mountPath));
  }
  assert.equal(named("default").some(({ kind }) => kind.startsWith("ClusterRole")), false);
  assert.deepEqual(podOf(named("as_for_falco")).containers[0]!["securityContext"], { privileged: true });
});

Deno.test("chart: rules of the user's own arrive as they were written", () => {
  const map = named("custom_rules").find(({ metadata }) => metadata.name === "falco-rules")!;
  const written = CASES["custom_rules"]!.values["customRules"] as Record<string, string>;
  const arrived = map["data"] as Record<string, string>;
  assert.deepEqual(Object.keys(arrived).sort(), Object.keys(written).sort());
  for (const [name, text] of Object.entries(written)) assert.equal(arrived[name]!.trimEnd(), text.trimEnd());
});

Deno.test("chart: what stands under falco wins over other values, and its plugins stay", () => {
  const values = {
    falco: {
      engine: { modern_ebpf: { buf_size_preset: 7 } },
      plugins: [{ name: "container", library_path: "libcontainer.so", init_config: { label_max_len: 7 } }],
    },
  };
  const settings = parse(settingsOf(renderChart(CHART, values)));
  assert.equal(settings.engine.modern_ebpf.buf_size_preset, 7);
  assert.deepEqual(settings.plugins, values.falco.plugins);
});

Deno.test("chart: what would lose alerts silently is refused", () => {
  for (const { values, message } of REFUSED) assert.throws(() => renderChart(CHART, values), message);
  const notes = renderFiles(CHART, { driver: { kind: "kmod" } }).get("NOTES.txt")!;
  assert.match(notes, /driver\.kind kmod does not exist here/);
});
