// Which rules run, and in which order.

import assert from "node:assert/strict";
import { loadRules } from "../../rules/load.ts";
import { type RuleSelection, wildcard } from "../../rules/items/selection.ts";
import { makeSource } from "../../rules/text/source.ts";

const RULES = ["A one", "A two", "B"].map((name, at) =>
  `- rule: ${name}\n  desc: d\n  condition: evt.num = ${at}\n  output: o\n  priority: ${
    ["error", "debug", "alert"][at]
  }\n` +
  `  warn_evttypes: false\n  tags: [t${at}]\n  enabled: ${at !== 1}\n`
).join("");

function names(ruleSelection: readonly RuleSelection[], priority: "Debug" | "Error" = "Debug"): string {
  const result = loadRules([makeSource("x", RULES)], { ruleSelection, priority });
  assert.deepEqual(result.diagnostics, []);
  return result.rules.map((rule) => rule.name).join(", ");
}

Deno.test("selection: enabled rules run in the order of their definition", () => {
  assert.equal(names([]), "A one, B");
});

Deno.test("selection: wildcards and tags, applied one after the other; what is enabled late runs last", () => {
  assert.equal(names([{ action: "enable", rule: "A*" }]), "A one, B, A two");
  assert.equal(names([{ action: "disable", rule: "*" }, { action: "enable", tag: "t2" }]), "B");
  assert.equal(
    names([{ action: "disable", rule: "A one" }, { action: "enable", rule: "A one" }]),
    "B, A one",
  );
  assert.equal(names([{ action: "disable", rule: "A ?ne" }]), "A one, B");
  assert.equal(names([{ action: "disable", rule: "*n*" }]), "B");
});

Deno.test("selection: a wildcard tries each place of what follows it", () => {
  const pattern = wildcard("*ab*.yaml");
  for (const name of ["xabab.yaml", "ab.yaml.yaml"]) assert.ok(pattern.test(name), name);
  for (const name of ["aab.yml", "x.yaml"]) assert.ok(!pattern.test(name), name);
  assert.ok(wildcard("*ab").test("xabab"));
});

Deno.test("selection: less severe rules do not run", () => {
  assert.equal(names([{ action: "enable", rule: "*" }], "Error"), "A one, B");
});

Deno.test("selection: rules tagged asked_last are tried after all others", () => {
  const rule = (name: string, tags: string) =>
    `- rule: ${name}\n  desc: d\n  condition: evt.type = close\n  output: o\n  priority: INFO\n  tags: [${tags}]\n`;
  const bundled = makeSource("bundled", rule("extra", "asked_last") + rule("stable", ""));
  const own = makeSource("own", rule("own", ""));
  assert.deepEqual(loadRules([bundled, own]).rules.map(({ name }) => name), ["stable", "own", "extra"]);
  // anyone who redefines it has it in its place
  const redefined = makeSource("own", rule("extra", "") + rule("own", ""));
  assert.deepEqual(loadRules([bundled, redefined]).rules.map(({ name }) => name), ["extra", "stable", "own"]);
});
