// The chart in Helm itself, where there is one: it makes the same objects as the renderer of these tests, refuses the same
// values with the same sentences, and checks values by the schema before that.

import assert from "node:assert/strict";
import { parse, parseAllDocuments, stringify } from "yaml";
import { put, type ValueRow, VALUES_TABLE } from "../../scripts/docs/values_table.ts";
import { run } from "../live/lab.ts";
import { CASES, FALCOS_FILES, NOT_REFUSED, REFUSED_TOGETHER } from "./chart_cases.ts";
import { type Manifest, renderChart, type RenderOptions } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";
import { PROJECT } from "../support/program.ts";

const CHART = `${PROJECT}deploy/helm/falco`;
const hasHelm = await run("helm", "version").then(({ code }) => code === 0, () => false);

function helmTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: `helm: ${name}${hasHelm ? "" : " (skipped: helm is not installed)"}`,
    ignore: !hasHelm,
    fn,
  });
}

async function helm(users: Fields, options: RenderOptions = {}): Promise<{ code: number; text: string }> {
  const { release = "falco", namespace = "falco", kubeVersion = "v1.33.0", apiVersions = [] } = options;
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, stringify(users, { version: "1.1", aliasDuplicateObjects: false }));
    const cluster = [
      "--kube-version",
      kubeVersion,
      ...apiVersions.flatMap((name) => ["--api-versions", name]),
    ];
    return await run("helm", "template", release, CHART, "-n", namespace, "-f", file, ...cluster);
  } finally {
    await Deno.remove(file);
  }
}

function byName(objects: readonly Manifest[]): Record<string, Manifest> {
  return Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
}

const taken: Readonly<Record<string, { readonly values: Fields; readonly options?: RenderOptions }>> = {
  ...CASES,
  ...Object.fromEntries(Object.entries(FALCOS_FILES).map(([file, values]) => [file, { values }])),
  ...Object.fromEntries(NOT_REFUSED.map((values, at) => [`not refused ${at}`, { values }])),
};

for (const [name, { values, options }] of Object.entries(taken)) {
  helmTest(`${name}: the objects of the renderer`, async () => {
    const { code, text } = await helm(values, options);
    assert.equal(code, 0, text);
    const objects = parseAllDocuments(text).map((document) => document.toJS()).filter((each) =>
      each !== null
    );
    const made = byName(objects as Manifest[]), expected = byName(renderChart(CHART, values, options));
    // of the same settings, written differently
    for (const each of Object.values({ made, expected }).map((all) => Object.values(all)).flat()) {
      withoutForm(each);
    }
    assert.deepEqual(made, expected);
  });
}

/** Text that is YAML as what it says, and without the checksum of its bytes. */
function withoutForm(object: Fields): void {
  const data = object["data"] as Record<string, string> | undefined;
  if (object["kind"] === "ConfigMap" && data?.["falco.yaml"] !== undefined) {
    object["data"] = { "falco.yaml": parse(data["falco.yaml"]) };
  }
  const { template } = (object["spec"] ?? {}) as { template?: { metadata: { annotations: Fields } } };
  if (template !== undefined) delete template.metadata.annotations["checksum/restart"];
}

helmTest("what would lose something is refused with the sentence of the table", async () => {
  const rows = [...VALUES_TABLE.values, ...VALUES_TABLE.undeclared].filter(({ allowed }) =>
    allowed !== undefined
  );
  const wrong = (row: ValueRow) =>
    typeof row.default === "boolean" || row.type === "boolean" ? true : "other";
  const refused = rows.map((row) => {
    const values = {};
    put(values, row.name.split("."), Array.isArray(row.default) ? [wrong(row)] : wrong(row));
    return [values, `${row.name} is "${wrong(row)}": ${row.reason}`] as const;
  });
  const together = Object.entries(REFUSED_TOGETHER).map(([name, values]) =>
    [values, VALUES_TABLE.together[name]!] as const
  );
  for (const [values, sentence] of [...refused, ...together]) {
    const { code, text } = await helm(values);
    assert.equal(code, 1, sentence);
    assert.ok(text.includes(sentence), text);
  }
});

helmTest("the schema refuses names and values before that", async () => {
  for (
    const values of [{ customRule: {} }, { falco: { json_outputt: true } }, { falco: { priority: "loud" } }]
  ) {
    const { code, text } = await helm(values);
    assert.equal(code, 1);
    assert.match(text, /values don't meet the specifications of the schema/);
  }
});

helmTest("it finds nothing wrong with the chart", async () => {
  const { code, text } = await run("helm", "lint", "--strict", CHART);
  assert.equal(code, 0, text);
});
