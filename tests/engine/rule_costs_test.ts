// What rules cost, as their module counts it: evaluations and matches are exact, with `first` and with `all`; time is
// there; a module without counting is the same as ever.

import { deepEqual, equal, ok } from "node:assert/strict";
import { Matcher } from "../../engine/matcher.ts";
import { createMemory, planMemory } from "../../engine/memory_plan.ts";
import { RuleSlot } from "../../engine/rule_module.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { REGION } from "../../schema/layout.ts";
import { matcherMissing } from "./matcher_artefact.ts";

const MATCHER = new URL("../../build/matcher.wasm", import.meta.url);
const EVENTS = 5000;

/** Events of numbers 1, 2, …: calls without an event of their own. */
function events(count: number): Uint8Array {
  const writer = new BlockWriter();
  for (let i = 0; i < count; i++) {
    writer.beginBlock(0x216);
    writer.u16(0);
    writer.u64(1_000_000 + i);
    writer.u64(1);
    writer.u32(26 + 2 * 2 + 2 + 2);
    writer.u16(1);
    writer.u32(2);
    writer.u16(2);
    writer.u16(2);
    writer.u16(24);
    writer.u16(162);
    writer.endBlock();
  }
  return writer.take();
}

const rule = (name: string, condition: string) => `
- rule: ${name}
  desc: test
  condition: ${condition}
  output: "%evt.num"
  priority: INFO
`;

const RULES = rule("few", "evt.num <= 10") + rule("most", "evt.num > 1000") +
  rule("none", "proc.name = nobody and evt.num > 1") + rule("other event", "evt.type = kill and evt.num > 1");

function evaluate(matching: "first" | "all", costs: boolean) {
  const { rules } = loadRules([{ path: "test.yaml", text: RULES }], {});
  const compiled = compileRules(rules, { matching, costs });
  const plan = planMemory(64 << 20, 0, 0);
  const memory = createMemory(plan);
  const alerts = [0, 0, 0, 0];
  const matcher = new Matcher(
    Deno.readFileSync(MATCHER),
    memory,
    { heapEnd: plan.heapEnd, maxThreads: 1024, maxFds: 1024 },
    { onAlert: (rule) => void alerts[rule]!++, now: () => 0n },
  );
  const slot = new RuleSlot(matcher, false);
  slot.put(compiled);
  const blocks = events(EVENTS);
  new Uint8Array(memory.buffer).set(blocks, REGION.INGEST.at);
  equal(matcher.ingest(REGION.INGEST.at, blocks.length), blocks.length);
  return { alerts, costs: slot.costs(), slot, compiled, matcher };
}

const ignore = matcherMissing !== undefined;
const because = ignore ? ` (skipped: ${matcherMissing})` : "";

for (
  const [matching, evaluations] of [
    ["first", [5000n, 4990n, 990n, 0n]],
    ["all", [5000n, 5000n, 5000n, 0n]],
  ] as const
) {
  Deno.test({
    name: `rule_matching ${matching}: every look at a condition is counted, and every match${because}`,
    ignore,
    fn() {
      const { alerts, costs } = evaluate(matching, true);
      deepEqual(alerts, [10, 4000, 0, 0]);
      deepEqual(costs.map(({ evaluations }) => evaluations), evaluations);
      deepEqual(costs.map(({ matches }) => matches), [10n, 4000n, 0n, 0n]);
      ok(costs.every(({ nanoseconds }) => nanoseconds >= 0 && Number.isFinite(nanoseconds)));
    },
  });
}

Deno.test({
  name: `without counting: the same alerts, no costs, and a module that is none the larger${because}`,
  ignore,
  fn() {
    const counted = evaluate("first", true);
    const plain = evaluate("first", false);
    deepEqual(plain.alerts, counted.alerts);
    deepEqual(plain.costs, []);
    equal(plain.compiled.costs, undefined);
    ok(plain.compiled.wasm.length < counted.compiled.wasm.length);
    equal(
      WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(plain.compiled.wasm)))
        .some(({ module }) => module === "costs"),
      false,
    );
  },
});

Deno.test({
  name: `other rules begin at zero, and costs of rules that are gone do not return${because}`,
  ignore,
  fn() {
    const { slot, compiled, costs } = evaluate("first", true);
    ok(costs[0]!.evaluations > 0n);
    slot.put(compiled);
    deepEqual(slot.costs().map(({ evaluations, matches }) => [evaluations, matches]), [
      [0n, 0n],
      [0n, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
  },
});
