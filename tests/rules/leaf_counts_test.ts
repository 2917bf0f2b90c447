// Modules that count what their checks answer: the rules match the same events; every answer is at its place in the rule.

import { deepEqual, equal, ok } from "node:assert/strict";
import type { Alert } from "../../alerts/alert.ts";
import { Engine } from "../../engine/engine.ts";
import { type CompileOptions, compileRules } from "../../rules/compile.ts";
import { leafCounts } from "../../rules/emit/leaf_counts.ts";
import { type ConditionTree, conditionTree, type TreeLeaf } from "../../rules/describe/condition_tree.ts";
import { loadRules } from "../../rules/load.ts";
import { matcherMissing } from "../engine/matcher_artefact.ts";
import { recordingPath } from "../support/recordings.ts";

const BUNDLED = Deno.readTextFileSync(new URL("../../rules/bundled/falco_rules.yaml", import.meta.url));
const ignore = matcherMissing !== undefined;
const because = ignore ? ` (skipped: ${matcherMissing})` : "";

async function replay(text: string, recording: string, options: CompileOptions) {
  const loaded = loadRules([{ path: "rules.yaml", text }], { lint: false });
  const compiled = compileRules(loaded.rules, options);
  const alerts: Alert[] = [];
  const engine = await Engine.start({
    rules: compiled,
    source: { kind: "replay", path: recordingPath(recording) },
    onAlerts: (batch) => void alerts.push(...batch),
  });
  const counters = await engine.ended;
  const counts = compiled.leaves === undefined ? [] : leafCounts(compiled.leaves, engine.leafWords);
  return { loaded, alerts, counts, events: Number(counters["EVENTS"]), costs: engine.ruleCosts };
}

function leavesOf(tree: ConditionTree): TreeLeaf[] {
  switch (tree.kind) {
    case "check":
      return [tree];
    case "not":
      return leavesOf(tree.operand);
    case "macro":
    case "exception":
      return leavesOf(tree.body);
    default:
      return tree.operands.flatMap(leavesOf);
  }
}

/** `text: true/false` of each check of the first rule. */
function answers({ loaded, counts }: Awaited<ReturnType<typeof replay>>, rule = 0): string[] {
  const tree = conditionTree(loaded, loaded.rules[rule]!);
  return leavesOf(tree).map(({ text, leaf }) => {
    const { whenTrue, whenFalse } = counts[rule]!.leaves[leaf]!;
    return `${text}: ${whenTrue}/${whenFalse}`;
  });
}

const rule = (name: string, condition: string, more = "") => `
- rule: ${name}
  desc: test
  condition: >
    ${condition}
  output: "%proc.name"
  priority: INFO
${more}`;

for (const recording of ["files", "services"]) {
  for (const matching of ["first", "all"] as const) {
    Deno.test({
      name: `${recording}, rule_matching ${matching}: modules that count report the same alerts${because}`,
      ignore,
      async fn() {
        const plain = await replay(BUNDLED, recording, { matching });
        ok(plain.alerts.length > 10);
        for (const leaves of ["written", "compiled"] as const) {
          const counted = await replay(BUNDLED, recording, { matching, leaves });
          deepEqual(counted.alerts, plain.alerts);
          counted.loaded.rules.forEach((rule, index) => {
            const matches = counted.alerts.filter((alert) => alert.rule === index).length;
            const last = counted.counts[index]!.parts;
            if (leaves === "written") equal(last.at(-1)!.whenTrue, matches, rule.name);
            ok(
              matches === 0 || last.every(({ whenTrue }) => whenTrue >= matches || whenTrue === 0),
              rule.name,
            );
          });
        }
      },
    });
  }
}

Deno.test({
  name: `what an event's type decides counts once per event, whatever the rest of the rule${because}`,
  ignore,
  async fn() {
    const text = rule("opens", "proc.name = cat and evt.type in (open, openat) and fd.name = /etc/shadow");
    const run = await replay(text, "files", { matching: "all", leaves: "written" });
    const [name, type, path] = answers(run);
    const isOpen = /: (\d+)\/(\d+)$/.exec(type!)!;
    // nothing else of the rule is looked at on other types
    const [cats, others] = /: (\d+)\/(\d+)$/.exec(name!)!.slice(1).map(Number) as [number, number];
    equal(Number(isOpen[1]), cats);
    ok(Number(isOpen[2]) > 5000);
    ok(cats + others + Number(isOpen[2]) <= run.events);
    equal(/: (\d+)\/(\d+)$/.exec(path!)!.slice(1).reduce((sum, count) => sum + Number(count), 0), cats);
  },
});

Deno.test({
  name: `an exclusion counts when it is all that keeps the rule from matching, not when two do${because}`,
  ignore,
  async fn() {
    const opened = "evt.type in (open, openat) and fd.name startswith /etc/";
    const text = rule(
      "opens",
      `${opened} and not proc.name = cat and not fd.name = /etc/passwd and not proc.name = cat`,
    ) +
      rule("cat alone", `${opened} and proc.name = cat and fd.name != /etc/passwd`) +
      rule("passwd alone", `${opened} and proc.name != cat and fd.name = /etc/passwd`);
    const { alerts, counts } = await replay(text, "files", { matching: "all", leaves: "written" });
    const matches = (of: number) => alerts.filter(({ rule }) => rule === of).length;
    // what is said twice counts where it is said first
    deepEqual(counts[0]!.excludedAlone, [matches(1), matches(2), 0]);
    ok(matches(1) > 0 && matches(2) > 0);
  },
});

Deno.test({
  name: `a macro that is used twice has answers of its own at each place, exceptions too${because}`,
  ignore,
  async fn() {
    const text = `
- list: readers
  items: [cat, head]
- macro: reader
  condition: proc.name in (readers)
` + rule(
        "twice",
        "evt.type = openat and (reader or (not reader and fd.name = /etc/passwd))",
        `  exceptions:
    - name: known
      fields: [proc.name, fd.name]
      comps: [=, startswith]
      values:
        - [cat, /etc/]
`,
      );
    const run = await replay(text, "files", { matching: "all", leaves: "written" });
    const texts = answers(run);
    deepEqual(texts.map((answer) => answer.replace(/: \d+\/\d+$/, "")), [
      "evt.type = openat",
      "proc.name in (readers)",
      "proc.name in (readers)",
      "fd.name = /etc/passwd",
      "proc.name = cat",
      "fd.name startswith /etc/",
    ]);
    const counts = run.counts[0]!.leaves;
    equal(counts[1]!.whenFalse, counts[2]!.whenFalse);
    equal(counts[2]!.whenTrue, 0);
    equal(counts[4]!.whenTrue, counts[5]!.whenTrue + counts[5]!.whenFalse);
  },
});

Deno.test({
  name: `in the order of evaluation: each part of a rule that is false has ended it${because}`,
  ignore,
  async fn() {
    const text = rule("order", "proc.aname = bash and evt.type = openat and fd.name startswith /etc");
    const run = await replay(text, "files", { matching: "all", leaves: "compiled", costs: true });
    const { parts, leaves } = run.counts[0]!;
    const evaluations = Number(run.costs[0]!.evaluations);
    const ended = parts.reduce((sum, { whenFalse }) => sum + whenFalse, 0);
    equal(evaluations, ended + run.alerts.length);
    deepEqual(leaves[1], { whenTrue: 0, whenFalse: 0 }, "the type is known before");
    equal(leaves[2]!.whenTrue + leaves[2]!.whenFalse, evaluations, "the cheap check comes first");
  },
});

Deno.test("a module that does not count is the same, byte for byte, as if nothing could count", () => {
  const { rules } = loadRules([{ path: "rules.yaml", text: BUNDLED }], { lint: false });
  const before = compileRules(rules, { matching: "first" });
  compileRules(rules, { matching: "first", leaves: "written" });
  const after = compileRules(rules, { matching: "first" });
  deepEqual(after.wasm, before.wasm);
  equal(after.leaves, undefined);
  const module = new WebAssembly.Module(new Uint8Array(after.wasm));
  equal(WebAssembly.Module.imports(module).some(({ module }) => module === "costs"), false);
});
