// The Helm chart: what it makes of values, whether Kubernetes and falco take that, and what it refuses.
// Golden files: deno test -A tests/deploy/chart_test.ts -- --update

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { loadSettings } from "../../config/load.ts";
import { VERSION } from "../../base/versions.ts";
import { CASES } from "./chart_cases.ts";
import { type Manifest, renderChart, renderFiles } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";
import { fieldProblems, schemaProblems } from "./kubernetes_schemas.ts";
import { PROJECT } from "../support/program.ts";

const CHART = `${PROJECT}deploy/helm/falco`;
const EXAMPLES = `${PROJECT}deploy/helm/examples`;
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

Deno.test("chart: what is below falco wins over other values, and its plugins stay", () => {
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

Deno.test("chart: what only a restart takes up rolls the pods, and nothing else does", () => {
  const checksum = (values: Fields) => {
    const owner = renderChart(CHART, values).find(({ kind }) => kind === "DaemonSet")!;
    const { template } = owner["spec"] as { template: { metadata: { annotations: Record<string, string> } } };
    return template.metadata.annotations["checksum/restart"];
  };
  const before = checksum({});
  for (
    const taken of [
      { falco: { priority: "warning", engine: { modern_ebpf: { buf_size_preset: 5 } } } },
      { customRules: { "own.yaml": "# changed" } },
      { metrics: { enabled: true } },
      { driver: { kind: "auto" } },
    ]
  ) assert.equal(checksum(taken), before, JSON.stringify(taken));
  const isUnwatched = { watch_config_files: false };
  const restarts = [
    { driver: { enabled: false } },
    { falco: { engine: { kind: "nodriver" } } },
    { certs: { server: { key: "K", crt: "C" } } },
    { certs: { server: { key: "K", crt: "D" } } },
    { falco: isUnwatched },
    { falco: { ...isUnwatched, priority: "warning" } },
    { falco: isUnwatched, customRules: { "own.yaml": "# changed" } },
  ];
  const after = restarts.map(checksum);
  // the first two are the same change
  assert.equal(new Set([before, ...after]).size, restarts.length);
  assert.equal(after[0], after[1]);
});

Deno.test("chart: a receiver of audit events has the rules about them, unless somebody chose others", () => {
  const filesOf = (values: Fields) =>
    (parse(settingsOf(renderChart(CHART, values))) as Fields)["rules_files"];
  const audit = { load_plugins: ["k8saudit", "json"] };
  const RULES = "/etc/falco/k8s_audit_rules.yaml";
  const own = ["/etc/falco/falco_rules.local.yaml", "/etc/falco/rules.d"];
  assert.deepEqual(filesOf({ falco: audit, driver: { enabled: false } }), [RULES, ...own]);
  assert.deepEqual(filesOf({ falco: audit }), ["/etc/falco/falco_rules.yaml", RULES, ...own]);
  assert.deepEqual(filesOf({}), ["/etc/falco/falco_rules.yaml", ...own]);
  for (const rules_files of [[RULES], ["/etc/falco/rules.d"], [RULES, "/etc/falco/falco_rules.yaml"]]) {
    assert.deepEqual(filesOf({ falco: { ...audit, rules_files } }), rules_files);
  }
});

for (const { name } of Deno.readDirSync(EXAMPLES)) {
  Deno.test(`chart, example ${name}: Kubernetes and falco take what it makes`, async () => {
    const objects = renderChart(CHART, parse(await Deno.readTextFile(`${EXAMPLES}/${name}`)) as Fields);
    assert.deepEqual(schemaProblems(objects), []);
    const file = await Deno.makeTempFile({ suffix: ".yaml" });
    await Deno.writeTextFile(file, settingsOf(objects));
    assert.deepEqual(loadSettings(file, []).problems, []);
    await Deno.remove(file);
  });
}

Deno.test("chart: the first rules of the user's own change no pod", () => {
  const pod = (values: Fields) => podOf(renderChart(CHART, values));
  assert.deepEqual(pod({ customRules: { "own.yaml": "# first" } }), pod({}));
  const mounts = { volumeMounts: [{ name: "rules-of-ours", mountPath: "/etc/falco/rules.d" }] };
  const paths = (pod({ mounts }).containers[0]!["volumeMounts"] as Fields[]).map(({ mountPath }) =>
    mountPath
  );
  assert.equal(paths.filter((path) => path === "/etc/falco/rules.d").length, 1);
  const single = { name: "one", mountPath: "/etc/falco/rules.d/one.yaml", subPath: "one.yaml" };
  const { containers: [container] } = pod({ mounts: { volumeMounts: [single] } });
  const below = (container!["volumeMounts"] as Fields[]).filter(({ mountPath }) =>
    String(mountPath).startsWith("/etc/falco/rules.d")
  );
  assert.deepEqual(below, [single], "no container could make that file in a volume that is read-only");
});

Deno.test("chart: the root is read-only unless falco writes a file that no volume holds", () => {
  const isReadOnly = (values: Fields) => {
    const { securityContext } = podOf(renderChart(CHART, values)).containers[0]!;
    return (securityContext as Fields)["readOnlyRootFilesystem"];
  };
  const file = (filename: string) => ({ file_output: { enabled: true, filename } });
  const mounts = { volumeMounts: [{ name: "log", mountPath: "/var/log/falco/" }] };
  assert.equal(isReadOnly({ falco: file("/var/log/falco/alerts.txt") }), false);
  assert.equal(isReadOnly({ falco: file("/var/log/falco/alerts.txt"), mounts }), true);
  assert.equal(isReadOnly({ falco: file("/var/log/falconry"), mounts }), false);
  assert.equal(isReadOnly({ falco: file("./events.txt") }), false);
  assert.equal(isReadOnly({ falco: { sinks: [{ type: "file", filename: "/a" }] } }), false);
  assert.equal(isReadOnly({ falco: { capture: { enabled: true } } }), true);
  const notes = renderFiles(CHART, { falco: file("./events.txt") }).get("NOTES.txt")!;
  assert.match(notes, /Gone when a pod ends.*: \/events\.txt\n/);
});

Deno.test("chart: the image is the one with a shell where alerts go to a program", () => {
  const image = (values: Fields) => podOf(renderChart(CHART, values)).containers[0]!["image"];
  const falco = { program_output: { enabled: true, program: "cat" } };
  const registry = { registry: "registry.example", repository: "team/falco" };
  assert.equal(image({ image: registry }), `registry.example/team/falco:${VERSION}`);
  assert.equal(image({ image: registry, falco }), `registry.example/team/falco:${VERSION}-tools`);
  assert.equal(image({ image: { ...registry, tag: "own" }, falco }), "registry.example/team/falco:own");
  assert.equal(
    image({ image: { registry: "docker.io", repository: "falcosecurity/falco", tag: "0.44.1" } }),
    `falco:${VERSION}`,
  );
});

Deno.test("chart: NOTES say how changes arrive", () => {
  const notes = (values: Fields) => renderFiles(CHART, values).get("NOTES.txt")!;
  assert.match(notes({}), /Changes: settings.*reach the running pods by themselves/);
  assert.match(
    notes({ falco: { watch_config_files: false } }),
    /every change of settings and rules rolls the pods/,
  );
  assert.match(notes({ certs: { existingSecret: "web" } }), /kubectl rollout restart/);
  assert.match(notes({ driver: { kind: "kmod" } }), /driver\.kind kmod does not exist here/);
  assert.match(notes({ serviceMonitor: { create: true } }), /Prometheus finds nothing to scrape/);
});
