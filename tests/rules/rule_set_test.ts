// A rule set: read once, checked as often as wanted, and nothing of one set shows in another.

import assert from "node:assert/strict";
import { environmentOf } from "../../rules/check/environment.ts";
import { RuleSet } from "../../rules/rule_set.ts";
import { makeSource } from "../../rules/text/source.ts";

const LIST = makeSource("list.yaml", "- {list: shells, items: [bash, sh]}\n");
const RULES = makeSource(
  "rules.yaml",
  `- rule: R
  desc: d
  condition: evt.type = execve and proc.name in (shells)
  output: "%proc.name"
  priority: INFO
`,
);
const codes = (set: RuleSet) => set.check().diagnostics.map(({ code }) => code);

Deno.test("another text of a file takes its place, a new file comes last", () => {
  const set = RuleSet.of([LIST, RULES], environmentOf());
  assert.deepEqual(codes(set), []);
  const broken = set.with(makeSource("rules.yaml", RULES.text.replace("proc.name in", "proc.nam in")));
  assert.deepEqual(codes(broken), ["unknown-field"]);
  assert.deepEqual(codes(broken.with(RULES)), []);
  const more = set.with(makeSource("more.yaml", "- {macro: m, condition: proc.name in (shells)}\n"));
  assert.deepEqual(more.files.map(({ path }) => path), ["list.yaml", "rules.yaml", "more.yaml"]);
  assert.deepEqual(codes(more), ["unused-macro"]);
  assert.deepEqual(codes(set), [], "the first set is as it was");
});

Deno.test("a set is checked again with the same result", () => {
  const set = RuleSet.of([RULES], environmentOf());
  assert.deepEqual(set.check().diagnostics, set.check().diagnostics);
});

Deno.test("fields of the configuration are those of the set's own environment", () => {
  const rule = makeSource("static.yaml", RULES.text.replace("in (shells)", "= bash and static.site = a"));
  const known = RuleSet.of([rule], environmentOf({ staticFields: { site: "a" } }));
  const unknown = RuleSet.of([rule], environmentOf());
  assert.deepEqual([codes(known), codes(unknown), codes(known)], [[], ["unknown-field"], []]);
});

Deno.test("a filter may use macros, lists and fields of the configuration", () => {
  const macro = makeSource(
    "m.yaml",
    "- {macro: here, condition: static.site = a and proc.name in (shells)}\n",
  );
  const set = RuleSet.of([LIST, macro], environmentOf({ staticFields: { site: "a" } }));
  const format = makeSource("FORMAT", "%static.site");
  const { rule, diagnostics } = set.filter(makeSource("FILTER", "evt.type = execve and here"), format);
  assert.deepEqual(diagnostics, []);
  assert.equal(rule?.output.fields[0]?.key, "static.site");
});

Deno.test("what is wrong with a file shows before its conditions are read", () => {
  const text = "- {rule: R, desc: d, condition: no such thing, output: x, priority: LOUD}\n";
  const set = RuleSet.of([makeSource("x.yaml", text)], environmentOf());
  assert.deepEqual(set.diagnostics.map(({ message }) => /priority/.test(message)), [true]);
});

Deno.test("rules are read and checked without any API of the runtime, and by modules of base/, rules/ and schema/ alone", async () => {
  const root = new URL("../../", import.meta.url);
  const module = (name: string) => new URL(`rules/${name}`, root).href;
  const deno = async (...args: string[]) => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
      .output();
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).trim();
  };
  const wrong = { ...RULES, text: RULES.text.replace("proc.name in", "proc.nam in") };
  const answer = await deno(
    "eval",
    "--no-check",
    `const log = console.log;
    delete globalThis.Deno;
    const { RuleSet } = await import(${JSON.stringify(module("rule_set.ts"))});
    const { environmentOf } = await import(${JSON.stringify(module("check/environment.ts"))});
    const set = RuleSet.of([${JSON.stringify(wrong)}], environmentOf());
    log(set.check().diagnostics.map(({ code }) => code).join());`,
  );
  assert.equal(answer, "unknown-field");

  const { modules } = JSON.parse(await deno("info", "--json", module("rule_set.ts"))) as {
    modules: readonly { specifier: string }[];
  };
  const others = modules.map(({ specifier }) => specifier.replace(root.href, "")).filter((path) =>
    !/^(?:(?:base|rules|schema)\/|node:)/.test(path)
  );
  assert.deepEqual(others, []);
});
