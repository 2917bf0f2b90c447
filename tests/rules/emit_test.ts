// Emitted modules: binaryen's validator, a golden text, the set structures, sharing and nesting.

import assert from "node:assert/strict";
import binaryen from "binaryen";
import { compileRules } from "../../rules/compile.ts";
import { textHash } from "../../rules/emit/hash.ts";
import type { CheckedExpr } from "../../rules/check/checked.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { and, check, not, or, rule } from "./checked_builders.ts";
import { extractorOf, isNumeric } from "./fake_events.ts";
import { FakeMatcher } from "./fake_matcher.ts";
import { assertGolden, goldenRules } from "./program_golden.ts";

const SETUID = EVENT_CODE["SETUID_X"]!;

function read(wasm: Uint8Array): binaryen.Module {
  const module = binaryen.readBinary(wasm);
  module.setFeatures(binaryen.Features.All);
  return module;
}

Deno.test("golden: a small module as text, which binaryen finds valid", () => {
  for (const matching of ["first", "all"] as const) {
    const module = read(compileRules(goldenRules("wat/small.yaml"), { matching }).wasm);
    assert.equal(module.validate(), 1);
    assertGolden(`wat/small_${matching}.wat`, module.emitText());
    module.dispose();
  }
});

Deno.test("the module of all sorts of conditions is valid", () => {
  const module = read(compileRules(goldenRules("ir/conditions.yaml"), { matching: "all" }).wasm);
  assert.equal(module.validate(), 1);
  module.dispose();
});

Deno.test("without rules there is a module whose functions do nothing", () => {
  const compiled = compileRules([], { matching: "first" });
  assert.deepEqual(compiled.eventCodes, []);
  const matcher = new FakeMatcher(compiled, isNumeric);
  assert.deepEqual(matcher.evaluate(SETUID, () => undefined), []);
  assert.equal(typeof matcher.table.get(511), "function");
  assert.equal(matcher.table.get(512), null);
});

Deno.test("a condition nested a thousand deep compiles, and to nested blocks that V8 takes", () => {
  let condition: CheckedExpr = check("proc.pid", "=", [0]);
  for (let i = 1; i <= 1000; i++) {
    const own = check("proc.pid", i % 2 ? "=" : "!=", [i]);
    condition = i % 2 ? or(not(condition), own) : and(condition, own);
  }
  const compiled = compileRules([rule("deep", and(check("evt.type", "=", ["setuid"]), condition))], {
    matching: "first",
  });
  const matcher = new FakeMatcher(compiled, isNumeric);
  matcher.evaluate(SETUID, extractorOf({ code: SETUID, fields: new Map([["proc.pid", 3n]]) }));
});

Deno.test("code grows with the rules, not with the events that they can match", () => {
  const conditions = Array.from(
    { length: 30 },
    (_, i) =>
      and(check("proc.name", "in", [`a${i}`, `b${i}`]), not(check("proc.cmdline", "contains", [`c${i}`]))),
  );
  const everywhere = conditions.map((condition, i) => rule(`r${i}`, condition));
  const somewhere = conditions.map((condition, i) =>
    rule(`r${i}`, and(check("evt.type", "in", ["setuid", "setgid"]), condition))
  );
  const few = compileRules(somewhere, { matching: "all" }),
    all = compileRules(everywhere, { matching: "all" });
  assert.ok(all.eventCodes.length > 50 * few.eventCodes.length);
  assert.ok(all.wasm.length < 20 * few.wasm.length, `${all.wasm.length} against ${few.wasm.length} bytes`);
});

Deno.test("a shared search of ancestors is done once per event", () => {
  const any = check("proc.aname", "=", ["sshd"]);
  const rules = ["a", "b", "c"].map((name) => rule(name, and(any, check("proc.name", "=", [name]))));
  const matcher = new FakeMatcher(compileRules(rules, { matching: "all" }), isNumeric);
  const fields = new Map([["proc.aname[1]", "bash"], ["proc.aname[2]", "init"], ["proc.name", "c"]]);
  matcher.evaluate(SETUID, extractorOf({ code: SETUID, fields }));
  assert.ok((matcher.calls.get("proc_aname") ?? 0) <= 3);
});

/** The hash with plain 64-bit arithmetic, straight from the document. */
function slowHash(bytes: Uint8Array): number {
  const wrap = (n: bigint) => BigInt.asUintN(64, n);
  const K = 0x9e3779b97f4a7c15n;
  let h = wrap(BigInt(bytes.length) * K);
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  padded.set(bytes);
  const words = new BigUint64Array(padded.buffer);
  for (const word of words) {
    h = wrap((h ^ word) * K);
    h ^= h >> 32n;
  }
  return Number(BigInt.asUintN(32, h ^ (h >> 15n))) || 1;
}

Deno.test("the hash of a text set is the documented one", () => {
  for (let length = 0; length < 40; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length * 11) & 0xff);
    assert.equal(textHash(bytes), slowHash(bytes));
  }
});
