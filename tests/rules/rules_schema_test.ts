// The JSON schema of a rules file: it takes what the loader takes, and knows the loader's keys.

import assert from "node:assert/strict";
import { Report } from "../../rules/diagnostics/diagnostic.ts";
import { LIST_KEYS, MACRO_KEYS } from "../../rules/items/items.ts";
import { RULE_KEYS } from "../../rules/items/rule_item.ts";
import type { Schema } from "../../rules/schema/key_schemas.ts";
import { schemaMisfits } from "../../rules/schema/misfits.ts";
import { rulesSchema } from "../../rules/schema/rules_schema.ts";
import { makeSource } from "../../rules/text/source.ts";
import { Budget } from "../../rules/yaml/budget.ts";
import { readYaml } from "../../rules/yaml/read.ts";
import { UPSTREAM, upstreamSource } from "./upstream.ts";

const SCHEMA = rulesSchema();

function check(text: string): string[] {
  const { documents } = readYaml(makeSource("x", text), new Report(), new Budget());
  return documents.flatMap((document) => schemaMisfits(SCHEMA, document));
}

const BUNDLED = new URL("../../rules/bundled/falco_rules.yaml", import.meta.url);

Deno.test("the schema takes the bundled rules", () => {
  assert.deepEqual(check(Deno.readTextFileSync(BUNDLED)), []);
});

for (const name of ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules", "k8s_audit_rules"]) {
  Deno.test(`the schema takes the upstream file ${name}`, { ignore: !UPSTREAM }, () => {
    assert.deepEqual(check(upstreamSource(name).text), []);
  });
}

const RULE = "- rule: a\n  condition: evt.type = open\n  output: o\n  desc: d\n  priority: info\n";
const GOOD: readonly string[] = [
  RULE,
  RULE + "  tags: [a, 1]\n  source: k8s_audit\n  capture: true\n  capture_duration: 5\n",
  RULE + "  exceptions:\n  - {name: x, fields: [a.b, c.d], comps: [=, startswith], values: [[1, [2, 3]]]}\n",
  RULE + "  exceptions: [{name: x, fields: a.b, comps: in, values: [1]}]\n",
  "- {rule: a, enabled: false, override: {enabled: replace}}\n",
  "- {macro: m, condition: a, override: {condition: append}}\n- {list: l, items: [a, 1, true], append: true}\n",
  "- required_engine_version: 15\n- required_engine_version: 0.50.0\n-\n",
];

for (const text of GOOD) {
  Deno.test(`the schema takes ${JSON.stringify(text.slice(-60))}`, () => assert.deepEqual(check(text), []));
}

const BAD: readonly string[] = [
  "rule: a\n",
  "- {rule: a, conditions: b}\n",
  "- {rule: a, items: [b]}\n",
  "- {list: a}\n",
  "- {macro: a, condition: b, priority: info}\n",
  "- {rule: a, priority: loud}\n",
  "- {rule: a, priority: info, override: {priority: append}}\n",
  "- {rule: a, override: {}}\n",
  "- {rule: a, capture_duration: -1}\n",
  "- {rule: a, enabled: maybe}\n",
  "- required_plugin_versions: [{name: a}]\n",
];

for (const text of BAD) {
  Deno.test(`the schema refuses ${JSON.stringify(text)}`, () => assert.notDeepEqual(check(text), []));
}

Deno.test("the schema has the keys that the loader has", () => {
  const definitions = SCHEMA["definitions"] as Record<string, { properties: Record<string, Schema> }>;
  const keys = (name: string) => Object.keys(definitions[name]!.properties).sort();
  assert.deepEqual(keys("Rule"), [...RULE_KEYS].sort());
  assert.deepEqual(keys("Macro"), [...MACRO_KEYS].sort());
  assert.deepEqual(keys("List"), [...LIST_KEYS].sort());
});

const SAID: readonly (readonly [text: string, warnings: readonly string[]])[] = [
  ["- {rule: a, conditions: b, tag: c}\n", [
    "failed for <root>[0]: the schema has no key 'conditions'",
    "failed for <root>[0]: the schema has no key 'tag'",
  ]],
  [RULE + "- {rule: a, priority: loud, output: [x]}\n", [
    "failed for <root>[1][priority]: the value is none of those that the schema has",
    "failed for <root>[1][output]: a sequence where the schema wants string",
  ]],
  ["- {macro: a, condition: b, override: replace}\n", [
    "failed for <root>[0][override]: a scalar where the schema wants object",
  ]],
  ["- {list: a, items: [b, ~]}\n", [
    "failed for <root>[0][items][1]: nothing where the schema wants string or number or boolean",
  ]],
  ["- [a]\n", ["failed for <root>[0]: a sequence that fits none of the kinds that the schema has"]],
  ["a: b\n", ["failed for <root>: a mapping where the schema wants array"]],
];

for (const [text, warnings] of SAID) {
  Deno.test(`the schema says about ${JSON.stringify(text.slice(-50))}`, () => {
    assert.deepEqual(check(text).sort(), [...warnings].sort());
  });
}
