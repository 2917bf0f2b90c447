// Rules of a size that nobody writes by hand: they compile, V8 takes the module, or a finding says what is too much.

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { check, field, or, rule } from "./checked_builders.ts";
import { extractorOf, isNumeric } from "./fake_events.ts";
import { FakeMatcher } from "./fake_matcher.ts";

const OPEN = EVENT_CODE["OPEN_X"]!;

function load(condition: string, items: readonly string[]) {
  const text = [
    { list: "many", items },
    { rule: "r", desc: "d", condition, output: "o", priority: "INFO" },
  ];
  return loadRules([makeSource("rules.yaml", JSON.stringify(text))]);
}

Deno.test("a list of 150,000 items becomes a set", () => {
  const items = Array.from({ length: 150_000 }, (_, i) => `name-${i}`);
  const { checked, diagnostics } = load("evt.type = openat and proc.name in (many)", items);
  assert.deepEqual(diagnostics, []);
  const { wasm, constantsBytes } = compileRules(checked, { matching: "first" });
  assert.ok(WebAssembly.validate(wasm as BufferSource));
  assert.ok(constantsBytes > 150_000 * 16);
});

Deno.test("comparisons with more than 50,000 items one by one are too complex", () => {
  const items = Array.from({ length: 50_001 }, (_, i) => `n${i}`);
  const { checked, diagnostics } = load("evt.type = openat and proc.name startswith anyof (many)", items);
  assert.deepEqual(diagnostics.map(({ code }) => code), ["too-complex"]);
  assert.deepEqual(checked, []);
});

Deno.test("the function of an event that grows long goes on in another, first and all", () => {
  const wide = (i: number) =>
    or(...Array.from({ length: 50 }, (_, k) => check("proc.name", "startswith", [`x${i}y${k}`])));
  const rules = Array.from({ length: 700 }, (_, i) =>
    rule(`r${i}`, {
      kind: "and",
      operands: [check("evt.type", "=", ["open"]), or(wide(i), check("proc.pid", "=", [field("proc.vpid")]))],
    }));
  const pids = { "proc.pid": 7n, "proc.vpid": 7n };
  const evaluate = (matching: "first" | "all", fields: Record<string, string | bigint>) => {
    const compiled = compileRules(rules, { matching });
    assert.ok(compiled.wasm.length > 1_200_000, "long enough to be split");
    const event = { code: OPEN, fields: new Map(Object.entries(fields)) };
    return new FakeMatcher(compiled, isNumeric).evaluate(OPEN, extractorOf(event)).map((alert) => alert.rule);
  };
  assert.deepEqual(evaluate("all", pids), [...rules.keys()]);
  assert.deepEqual(evaluate("first", pids), [0]);
  assert.deepEqual(evaluate("first", { "proc.name": "x698y3z" }), [698]);
});
