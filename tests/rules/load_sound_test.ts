// What is wrong in rules files costs exactly itself.

import { deepEqual } from "node:assert/strict";
import { loadSoundRules } from "../../rules/load_sound.ts";
import { type LoadOptions, loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

function rule(name: string, condition: string, more = ""): string {
  return `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: by %proc.name\n  priority: NOTICE\n${more}`;
}

const STOCK =
  "- macro: opens\n  condition: evt.type in (open, openat)\n- list: shells\n  items: [sh, bash]\n" +
  rule("Stock", "opens and proc.name in (shells)");
const OTHER = rule("Other", "evt.type = close");

function load(files: readonly string[], options: LoadOptions = {}) {
  const sources = files.map((text, at) => makeSource(`${at}.yaml`, text));
  const { loaded, faults } = loadSoundRules(sources, { lint: false, ...options });
  return { loaded, names: loaded.rules.map(({ name }) => name), faults };
}

const CASES: readonly (readonly [what: string, files: string[], names: string[], faults: RegExp[]])[] = [
  [
    "a rule with an unknown field is left out, the others run",
    [STOCK, rule("Bad", "opens and proc.nam = x"), OTHER],
    ["Stock", "Other"],
    [/^1\.yaml:3:24: the rule `Bad` is left out: there is no field `proc\.nam`; did you mean `proc\.name`\?$/],
  ],
  [
    "a stock rule outlives an append that cannot be read",
    [STOCK, "- rule: Stock\n  condition: and proc.name =\n  override: {condition: append}\n", OTHER],
    ["Stock", "Other"],
    [/^1\.yaml:2:\d+: a change of the rule `Stock` is left out: /],
  ],
  [
    "a stock rule outlives a redefinition that is wrong, and an exception of another shape",
    [
      STOCK,
      rule("Stock", "opens and"),
      "- rule: Stock\n  exceptions: [{name: e, fields: [proc.nosuch], values: [[a]]}]\n  override: {exceptions: append}\n",
    ],
    ["Stock"],
    [/^1\.yaml.*the rule `Stock` is left out/, /^2\.yaml.*a change of the rule `Stock` is left out/],
  ],
  [
    "a macro that is redefined wrongly is what it was before",
    [STOCK, "- macro: opens\n  condition: evt.type =\n"],
    ["Stock"],
    [/^1\.yaml:2:\d+: the macro `opens` is left out/],
  ],
  [
    "a macro without a definition that works takes its users with it, which are named",
    ["- macro: m\n  condition: evt.type =\n", rule("User", "m and proc.name = x"), OTHER],
    ["Other"],
    [
      /the macro `m` is left out/,
      /^1\.yaml:1:9: the rule `User` is left out: it uses something that cannot be read$/,
    ],
  ],
  [
    "the name of a list that cannot be read is not compared with as a word",
    ["- list: gone\n  itemz: [x]\n", rule("User", "evt.type = open and not proc.name in (gone)"), OTHER],
    ["Other"],
    [/the list `gone` is left out/, /the rule `User` is left out/],
  ],
  [
    "an engine version that is too new costs the requirement, not the rules",
    ["- required_engine_version: 9.0.0\n", OTHER],
    ["Other"],
    [/the requirement is left out: the rules need engine version 9\.0\.0/],
  ],
  [
    "after an item that is not YAML the others count, of the same file too",
    [STOCK, `- rule: Cut\n  desc: [\n${OTHER}`],
    ["Stock", "Other"],
    [/^1\.yaml:2:9: the closing `\]` is missing$/],
  ],
  ["a file that is no list of items costs itself", ["a: b\n", OTHER], ["Other"], [
    /^0\.yaml:1:1: a rules file is a/,
  ]],
  ["without mistakes nothing is left out", [STOCK, OTHER], ["Stock", "Other"], []],
];

for (const [what, files, names, faults] of CASES) {
  Deno.test(what, () => {
    const found = load(files);
    deepEqual(found.names, names, found.faults.join("\n"));
    deepEqual(
      found.faults.map((fault, at) => faults[at]?.test(fault) === true ? "as expected" : fault),
      faults.map(() => "as expected"),
    );
  });
}

const FOREIGN = `- macro: of_plugin\n  condition: ct.name = and (\n` +
  rule("Cloud", "of_plugin and ct.error exists and", "  source: aws_cloudtrail\n") +
  rule("Audit", "ka.verb = nosuch( ", "  source: k8s_audit\n");

Deno.test("rules of a source that is unknown or not enabled are skipped unread: one warning each, no error", () => {
  const { loaded, names, faults } = load([FOREIGN, OTHER], { enabledSources: ["syscall"] });
  deepEqual([names, faults], [["Other"], []]);
  deepEqual(loaded.diagnostics.map(({ code, severity, message }) => [code, severity, message]), [
    ["unknown-source", "warning", "the rule `Cloud` is left out: there is no event source `aws_cloudtrail`"],
    [
      "unknown-source",
      "warning",
      "the rule `Audit` is left out: the event source `k8s_audit` is not enabled",
    ],
  ]);
});

Deno.test("a macro that rules of an enabled source use as well is read", () => {
  const shared = FOREIGN + rule("User", "evt.type = open and of_plugin");
  const { names, faults } = load([shared, OTHER], { enabledSources: ["syscall"] });
  deepEqual(names, ["Other"]);
  deepEqual(faults.length > 0, true);
});

Deno.test("what runs has no errors, whatever is left out of the rules that others are made of", () => {
  const files = CASES.flatMap(([, texts]) => texts).map((text, at) => makeSource(`${at}.yaml`, text));
  const { loaded } = loadSoundRules(files, { lint: false });
  const all = loadRules(files, { lint: false });
  const names = loaded.rules.map(({ name }) => name);
  // at least what loads when faulty rules alone are left out
  deepEqual(all.rules.filter(({ name }) => !names.includes(name)), []);
});

Deno.test("hostile: many errors, many changes and much text end soon, and what is right runs", () => {
  const many = Array.from({ length: 3000 }, (_, at) => rule(`Bad ${at}`, "evt.type = open and proc.nam = x"))
    .join("");
  const changes = STOCK +
    "- rule: Stock\n  condition: and proc.name =\n  override: {condition: append}\n".repeat(100);
  for (const [text, left] of [[many, []], [changes, ["Stock"]]] as const) {
    const { names, faults } = load([text, OTHER]);
    deepEqual(names, [...left, "Other"], faults.slice(0, 5).join("\n"));
    deepEqual(faults.length > 0, true);
  }
});
