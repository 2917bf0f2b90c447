// What append_output adds, and what is said about it; hints that depend on what is appended or on the rule's source.

import { deepEqual, equal, match } from "node:assert/strict";
import { falcoResults, falcoText } from "../../rules/report/falco_form.ts";
import { type LoadOptions, loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

const rule = (name: string, changes: Readonly<Record<string, string>> = {}) => {
  const keys = { desc: "d", condition: "evt.type = open", output: "o", priority: "INFO", ...changes };
  return `- rule: ${name}\n${
    Object.entries(keys).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`).join("")
  }`;
};
const load = (text: string, options: LoadOptions = {}) =>
  loadRules([makeSource("r.yaml", text)], { lint: false, ...options });
const hints = (text: string, options: LoadOptions = {}) =>
  load(text, options).diagnostics.map(({ code, hint }) => `${code}: ${hint ?? ""}`);

const TWO = rule("a") + rule("b");

Deno.test("a mistake in append_output is told once, with the setting's name, and rules go without that addition", () => {
  const { rules, diagnostics } = load(TWO, {
    appendOutput: [
      { extraOutput: "pid=%proc.pid" },
      { extraOutput: "x=%proc.nam", extraFields: ["proc.name", "nothing.such"] },
    ],
  });
  deepEqual(
    diagnostics.map((
      { code, severity, span },
    ) => [code, severity, span?.source.path, span?.start, span?.end]),
    [
      ["unknown-output-field", "error", "append_output[1].extra_output", 2, 11],
      ["unknown-output-field", "error", "append_output[1].extra_fields[1]", 0, 13],
    ],
  );
  match(diagnostics[0]!.hint ?? "", /proc\.name/);
  for (const { output } of rules) {
    deepEqual(output.parts.map((part) => typeof part === "string" ? part : part.key), ["o pid=", "proc.pid"]);
    deepEqual(output.fields.map(({ key }) => key), ["proc.pid", "proc.name"]);
  }
});

Deno.test("an addition that does not fit a source is told about that source; rules of others have it", () => {
  const text = rule("a") + rule("k", { source: "k8s_audit", condition: "ka.verb = get" });
  const { rules, diagnostics } = load(text, { appendOutput: [{ extraOutput: "p=%proc.name" }] });
  equal(diagnostics.length, 1);
  match(diagnostics[0]!.message, /k8s_audit/);
  deepEqual(rules.map(({ output }) => output.fields.length), [1, 0]);
});

Deno.test("-V has a result of its own for a setting that is wrong", () => {
  const source = makeSource("r.yaml", TWO);
  const { diagnostics } = loadRules([source], { appendOutput: [{ extraOutput: "%x.y" }] });
  const results = falcoResults([source], diagnostics);
  deepEqual(results.map(({ name, errors }) => [name, errors.length]), [
    ["r.yaml", 0],
    ["append_output[0].extra_output", 1],
  ]);
  match(falcoText(results[1]!), /^append_output\[0\]\.extra_output: Invalid\n1 Errors:\n/);
});

Deno.test("the hint about %container.info says what happens with these settings", () => {
  const text = rule("a", { output: "o %container.info" });
  match(hints(text)[0]!, /^deprecated: write the fields themselves/);
  match(
    hints(text, { appendOutput: [{ suggestedOutput: true }] })[0]!,
    /^deprecated: remove it: append_output adds/,
  );
  match(
    hints(text, { appendOutput: [{ match: { rule: "b" }, suggestedOutput: true }] })[0]!,
    /^deprecated: write the fields/,
  );
});

Deno.test("suggestions are fields of the rule's source", () => {
  const audit = { source: "k8s_audit", condition: "ka.verb = get" };
  match(hints(rule("k", { ...audit, condition: "ka.targetname = x" }))[0]!, /`ka\.target\.name`/);
  for (const where of [{ output: "%proc.nam" }, { condition: "proc.nam = x" }]) {
    match(hints(rule("k", where))[0]!, /`proc\.name`/);
    const [hint = ""] = hints(rule("k", { ...audit, ...where }));
    equal(/proc\.name/.test(hint), false, hint);
  }
});

Deno.test("deprecated fields say what to do: evt.dir by what it asks for, Kubernetes' by their new names", () => {
  const of = (condition: string) => hints(rule("a", { condition }))[0]!;
  match(
    of("evt.type = open and evt.dir = <"),
    /^deprecated: remove it: calls are reported once, at their return$/,
  );
  match(of("evt.type = open and evt.dir = >"), /this check misses nearly all of them$/);
  match(of("evt.type = open and evt.dir in (>)"), /this check misses nearly all of them$/);
  match(of("evt.type = open and k8s.deployment.name = x"), /use `k8smeta\.deployment\.name`/);
  match(of("evt.type = open and k8s.ns.id = x"), /use `k8smeta\.ns\.uid`/);
  match(of("evt.type = open and evt.latency > 5"), /remove it: no event has it any more/);
});
