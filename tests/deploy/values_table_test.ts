// The table of the chart's values: each value of Falco's chart shows in what the chart makes, in NOTES, or is refused; what the
// table says about falco is true of falco; and the schema takes what falco takes.
// FALCO_CHARTS=DIR, a checkout of Falco's charts, has the table compared with them.

import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { loadSettings } from "../../config/load.ts";
import { PLUGIN_CONFIGS } from "../../config/plugins/plugins.ts";
import {
  CHART,
  harmlessReason,
  put,
  settingOf,
  type ValueRow,
  VALUES_TABLE,
  valuesOf,
} from "../../scripts/docs/values_table.ts";
import { CASES, FALCOS_FILES, NOT_REFUSED, REFUSED_TOGETHER } from "./chart_cases.ts";
import { renderChart, renderFiles } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";
import { fieldProblems, schemaProblems } from "./kubernetes_schemas.ts";
import { PROJECT } from "../support/program.ts";

const { values, undeclared, together, harmless, former } = VALUES_TABLE;
const upstream = Deno.env.get("FALCO_CHARTS");
const isValid = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(Deno.readTextFileSync(`${CHART}/values.schema.json`)),
);
const OPTIONS = { apiVersions: ["security.openshift.io/v1"] };

const WITH_SYSLOG = { mounts: { volumeMounts: [{ name: "log", mountPath: "/dev/log" }] } };

/** Values without which others mean nothing, by the beginning of their names. */
const CONTEXTS: Readonly<Record<string, Fields>> = {
  "rbac.": { collectors: { kubernetes: { enabled: true } } },
  "controller.deployment.": { controller: { kind: "deployment" } },
  "metrics.": { metrics: { enabled: true } },
  "falcoctl.": {
    falcoctl: { config: { artifact: { install: { refs: ["a:1"] }, follow: { refs: ["b:1"] } } } },
  },
  "serviceMonitor.": { serviceMonitor: { create: true } },
  "driver.kind": { driver: { kmod: { bufSizePreset: 5 } } },
  "driver.kmod.": { driver: { kind: "kmod" } },
  "falco.http_output.": { falco: { http_output: { url: "http://receiver" } } },
  "falco.syslog_output.": WITH_SYSLOG,
  "falco.log_syslog": WITH_SYSLOG,
  "falco.stdout_output.": { falco: { file_output: { enabled: true } } },
  "certs.server.": { certs: { server: { key: "K", crt: "C" } } },
  "certs.ca.": { certs: { server: { key: "K", crt: "C" } } },
  "certs.client.": { certs: { client: { key: "K", crt: "C" }, ca: { crt: "A" } } },
};

/** Where a value made from the default would be no value. */
const OTHERS: Readonly<Record<string, unknown>> = {
  "controller.kind": "deployment",
  "driver.kind": "kmod",
  "collectors.kubernetes.collectorPort": 1,
  "mounts.volumeMounts": [{ name: "a", mountPath: "/a" }],
  "services": [{ name: "a" }],
  ...Object.fromEntries(
    ["docker", "podman", "containerd", "cri"].map((
      name,
    ) => [`collectors.containerEngine.engines.${name}.sockets`, ["/run/own/own.sock"]]),
  ),
  "extra.env": [{ name: "A", value: "b" }],
  "serviceMonitor.relabelings": [{ action: "keep" }],
  "falcoctl.config.indexes": [{ name: "own", url: "https://index.example" }],
  "falcoctl.config.artifact.allowedTypes": ["rulesfile"],
  "falcoctl.config.artifact.install.refs": ["own-rules:4"],
  "falcoctl.config.artifact.follow.refs": ["own-rules:4"],
  "falco.load_plugins": ["json"],
  "metrics.interval": "5m",
};

function otherThan({ name, default: value, type }: ValueRow): unknown {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  if (Array.isArray(value) || type === "array") return [{ name: "a" }];
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  return typeof value === "object" && value !== null ? { a: "b" } : "other";
}

function withValue(base: Fields, name: string, value: unknown): Fields {
  const changed = structuredClone(base);
  put(changed, name.split("."), value);
  return changed;
}

function contextOf(name: string): Fields {
  const found = Object.keys(CONTEXTS).find((start) => name.startsWith(start));
  return found === undefined ? {} : structuredClone(CONTEXTS[found]!);
}

const isRefused = (row: ValueRow) =>
  row.allowed !== undefined && !new RegExp(row.allowed).test(String(otherThan(row)));

for (const row of values.filter((each) => !isRefused(each))) {
  const reason = harmlessReason(row);
  Deno.test(`value ${row.name}: another one ${reason === undefined ? "changes what is made" : "is in NOTES"}`, () => {
    // those of Falco's chart, so that NOTES name nothing
    const context = merged(
      valuesOf(values.filter(({ name }) => name.startsWith("falco."))),
      contextOf(row.name),
    );
    const before = renderFiles(CHART, withValue(context, row.name, row.default), OPTIONS);
    const after = renderFiles(CHART, withValue(context, row.name, otherThan(row)), OPTIONS);
    const objects = (files: ReadonlyMap<string, string>) =>
      new Map([...files].filter(([name]) => name !== "NOTES.txt"));
    if (reason === undefined) assert.notDeepEqual(objects(after), objects(before));
    else {
      const notes = after.get("NOTES.txt")!;
      assert.ok(!before.get("NOTES.txt")!.includes(`: ${reason}`));
      assert.ok(notes.includes(`: ${reason}`), notes);
    }
  });
}

for (const row of [...values, ...undeclared].filter(({ allowed }) => allowed !== undefined)) {
  Deno.test(`value ${row.name}: what would lose something is refused with a sentence`, () => {
    const wrong = typeof row.default === "boolean" || row.type === "boolean" ? true : "other";
    const value = Array.isArray(row.default) ? ["json", wrong] : wrong;
    assert.throws(() => renderChart(CHART, withValue({}, row.name, value)), (error: Error) => {
      assert.ok(error.message.includes(`\n- ${row.name} is "${wrong}": ${row.reason}`), error.message);
      return true;
    });
    if (row.when !== undefined) {
      renderChart(CHART, withValue(withValue({}, row.name, value), row.when, false));
    }
  });
}

Deno.test("values: what several together would lose is refused, and what is near it is not", () => {
  assert.deepEqual(Object.keys(REFUSED_TOGETHER).sort(), Object.keys(together).sort());
  for (const [name, refused] of Object.entries(REFUSED_TOGETHER)) {
    assert.throws(
      () => renderChart(CHART, refused),
      (error: Error) => error.message.includes(together[name]!),
      name,
    );
  }
  for (const fine of NOT_REFUSED) renderChart(CHART, fine);
  const plugin = { falco: { plugins: [{ name: "cloudtrail", library_path: "libcloudtrail.so" }] } };
  assert.throws(
    () => renderChart(CHART, plugin),
    /falco\.plugins has "cloudtrail": falco loads no plugins as libraries/,
  );
});

Deno.test("values: everything that is refused is told at once", () => {
  const both = { falcosidekick: { enabled: true }, responseActions: { enabled: true } };
  assert.throws(() => renderChart(CHART, both), /no falcosidekick.*\n- responseActions\.enabled is "true"/);
});

Deno.test("values: what older versions of Falco's chart had is in NOTES", () => {
  for (const [name, reason] of Object.entries(former)) {
    const notes = renderFiles(CHART, withValue({}, name, { enabled: true })).get("NOTES.txt")!;
    assert.ok(notes.includes(`\n  ${name}: ${reason}\n`), notes);
  }
});

for (const [file, falcos] of Object.entries(FALCOS_FILES)) {
  Deno.test(`values: ${file} of Falco's chart gives pods with our image, and Kubernetes and falco take them`, async () => {
    const all = structuredClone(FALCOS_FILES["values.yaml"]!);
    const objects = renderChart(CHART, { ...all, ...falcos });
    assert.deepEqual(schemaProblems(objects), []);
    assert.deepEqual(await fieldProblems(objects), []);
    const owner = objects.find(({ kind }) => kind === "DaemonSet" || kind === "Deployment")!;
    const { template } = owner["spec"] as { template: { spec: { containers: Fields[] } } };
    const { version } = parse(Deno.readTextFileSync(`${CHART}/Chart.yaml`));
    assert.equal(template.spec.containers[0]!["image"], `falco:${version}`);
    const map = objects.find(({ kind }) => kind === "ConfigMap")!;
    const path = await Deno.makeTempFile({ suffix: ".yaml" });
    await Deno.writeTextFile(path, (map["data"] as Record<string, string>)["falco.yaml"]!);
    assert.deepEqual(loadSettings(path, []).problems, []);
    await Deno.remove(path);
    const notes = renderFiles(CHART, { ...all, ...falcos }).get("NOTES.txt")!;
    assert.match(notes, /falcosecurity\/falco is Falco's own image; falco:\S+ runs in place of it/);
  });
}

Deno.test("values: those of a release of Falco's chart are enough (helm upgrade --reuse-values)", () => {
  const more = {
    serviceMonitor: { create: true },
    metrics: { enabled: true },
    collectors: { kubernetes: { enabled: true } },
  };
  const all = merged(FALCOS_FILES["values.yaml"]!, more);
  assert.deepEqual(schemaProblems(renderChart(CHART, all, { hasOwnValues: false })), []);
  assert.deepEqual(problems(all, {}), []);
});

Deno.test("values: the table names what there is", () => {
  assert.equal(values.length, 249);
  assert.equal(
    new Set([...values, ...undeclared].map(({ name }) => name)).size,
    values.length + undeclared.length,
  );
  for (const section of Object.keys(harmless)) {
    assert.ok(values.some(({ name }) => name === section || name.startsWith(`${section}.`)), section);
  }
  const unknown = values.filter((row) =>
    (row.setting !== undefined || row.name.startsWith("falco.")) && settingOf(row) === undefined
  );
  assert.deepEqual(unknown.map(({ name }) => name), []);
});

Deno.test("values: plugins and artifacts that are let through are inside falco", () => {
  const allowed = (name: string) => new RegExp(values.find((row) => row.name === name)!.allowed!);
  const plugins = Object.keys(PLUGIN_CONFIGS);
  const words = (pattern: RegExp) => /\(([\w|-]+)\)(?!\/)[^)]*\)?\$?$/.exec(pattern.source)![1]!.split("|");
  assert.deepEqual(words(allowed("falco.load_plugins")).sort(), plugins.toSorted());
  const artifacts = new RegExp(VALUES_TABLE.inside);
  for (const name of [...plugins, "falco-rules", "k8saudit-rules"]) {
    for (const ref of [name, `${name}:0.5`, `${name}@sha256:0`]) assert.match(ref, artifacts);
  }
  for (
    const ref of [
      "falco-incubating-rules:5",
      "registry.example/falco-rules:5",
      "ghcr.io/falcosecurity/rules/falco-rules:5",
      "json-rules",
      "cloudtrail:0.1",
    ]
  ) {
    assert.doesNotMatch(ref, artifacts);
  }
  for (const name of ["falco_rules.yaml", "k8s_audit_rules.yaml"]) {
    Deno.statSync(`${PROJECT}rules/bundled/${name}`);
  }
});

Deno.test({
  name: `values: the table is that of Falco's chart${
    upstream === undefined ? " (skipped: FALCO_CHARTS names no folder)" : ""
  }`,
  ignore: upstream === undefined,
  fn() {
    const read = (file: string) => parse(Deno.readTextFileSync(`${upstream}/charts/falco/${file}`));
    assert.deepEqual(valuesOf(values), read("values.yaml"));
    for (const file of Object.keys(FALCOS_FILES)) {
      renderChart(CHART, { ...read("values.yaml"), ...read(file) });
      assert.deepEqual(problems(read(file)), []);
    }
  },
});

/** What the schema says of values on top of the chart's own, as helm asks it. */
function problems(users: Fields, own = parse(Deno.readTextFileSync(`${CHART}/values.yaml`))): string[] {
  return isValid(merged(own, users))
    ? []
    : isValid.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function merged(own: Fields, users: Fields): Fields {
  const isSection = (value: unknown): value is Fields =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const made = { ...own };
  for (const [name, value] of Object.entries(users)) {
    const before = made[name];
    if (value === null && before !== undefined) delete made[name];
    else made[name] = isSection(before) && isSection(value) ? merged(before, value) : value;
  }
  return made;
}

Deno.test("schema: it takes the chart's values, every case, and Falco's values", () => {
  for (
    const users of [
      {},
      ...Object.values(CASES).map((each) => each.values),
      ...Object.values(FALCOS_FILES),
    ]
  ) {
    assert.deepEqual(problems(users), []);
  }
  for (const users of [...NOT_REFUSED, ...Object.values(REFUSED_TOGETHER)]) {
    assert.deepEqual(problems(users), []);
  }
});

Deno.test("schema: it takes settings as falco does", () => {
  const settings = [
    { json_output: "yes", priority: "WARNING" },
    { priority: "warn", webserver: { listen_port: "${PORT}", enabled: "${WEB}" } },
    { metrics: { interval: "${INTERVAL}" }, output_timeout: "2000" },
    { rules_files: "/etc/falco/falco_rules.yaml", http_output: null },
    {
      rules_files: null,
      rules_file: ["/etc/falco/falco_rules.yaml"],
      grpc: { enabled: false },
      outputs: { rate: 1 },
    },
    { engine: { kind: "kmod", ebpf: { probe: "x" } }, base_syscalls: { custom_set: ["open"] } },
    { static_fields: { site: 1 }, http_output: { headers: { a: "b" } } },
    { sinks: [{ type: "stdout", format: "json" }], append_output: [{ suggested_output: "true" }] },
  ];
  for (const falco of settings) assert.deepEqual(problems({ falco }), [], JSON.stringify(falco));
  assert.deepEqual(problems({ "x-anchors": 1, global: { a: 1 }, falcoctl: { whatever: 1 } }), []);
});

Deno.test("schema: wrong names and values are refused before anything is rendered", () => {
  const wrong: readonly [Fields, RegExp][] = [
    [{ customRule: {} }, /additional properties/],
    [{ driver: { modernEbpf: { bufSizePreset: 11 } } }, /bufSizePreset must be <= 10/],
    [{ driver: { enabled: "false" } }, /enabled must be boolean,null/],
    [{ falco: { json_outputt: true } }, /falco must NOT have additional properties/],
    [{ falco: { json_output: "perhaps" } }, /json_output must match pattern/],
    [{ falco: { priority: "loud" } }, /priority must match pattern/],
    [{ falco: { webserver: { listen_port: 70_000 } } }, /listen_port must be <= 65535/],
    [{ falco: { rules_files: [{}] } }, /rules_files/],
    [{ image: { tag: 1.1 } }, /tag must be string,null/],
  ];
  for (const [users, message] of wrong) assert.match(problems(users).join("; "), message);
});
