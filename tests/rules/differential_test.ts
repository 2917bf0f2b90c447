// Generated code against the reference evaluator: random rules on random events, first and all.

import assert from "node:assert/strict";
import fc from "fast-check";
import { compileRules } from "../../rules/compile.ts";
import { compileExplanation } from "../../rules/compile_explanation.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import type { CheckedExpr, CheckedOperand, CheckedValue } from "../../rules/check/checked.ts";
import { check, field, number, rule, text } from "./checked_builders.ts";
import { extractorOf, isNumeric } from "./fake_events.ts";
import { FakeMatcher } from "./fake_matcher.ts";
import { type FakeEvent, referenceMatches } from "./reference_evaluator.ts";

const CODES = ["OPENAT_X", "EXECVE_X", "CONNECT_X", "READ_X", "PROCEXIT_E", "SETUID_X"].map((name) =>
  EVENT_CODE[name]!
);

const TEXT_FIELDS = ["proc.name", "proc.cmdline", "fd.name", "container.id", "evt.arg.flags", "evt.arg.name"];
const SIGNED_FIELDS = ["proc.pid", "proc.vpid", "evt.rawarg.fd", "user.loginuid"];
const UNSIGNED_FIELDS = [
  "proc.tty",
  "evt.rawarg.dev",
  "user.uid",
  "fd.cport",
  "fd.sport",
  "fd.port.source",
  "fd.port.target",
];
const NUMBER_FIELDS = [...SIGNED_FIELDS, ...UNSIGNED_FIELDS];
const ANCESTORS = [1, 2, 3].map((depth) => `proc.aname[${depth}]`);

// few short words, so that values and constants meet; lengths around the borders of the inline comparisons
const word = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "ab",
    "abc",
    "/etc",
    "/etc/passwd",
    "abcdefgh",
    "abcdefghijklmnop",
    "abcdefghijklmnopq",
  ),
  fc.string({ unit: fc.constantFrom("a", "b", "/", "A"), maxLength: 20 }),
);
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 6 });
const path = fc.string({ unit: fc.constantFrom("a", "b", "/", "*"), minLength: 1, maxLength: 6 });
const amountOf = (name: string) => fc.bigInt({ min: SIGNED_FIELDS.includes(name) ? -3n : 0n, max: 12n });
const addressByte = fc.constantFrom(0, 10, 127, 128, 192, 255);
const addressBytes = fc.oneof(
  fc.array(addressByte, { minLength: 4, maxLength: 4 }),
  fc.array(addressByte, { minLength: 16, maxLength: 16 }),
).map((bytes) => Uint8Array.from(bytes));
const address: fc.Arbitrary<CheckedValue> = addressBytes.map((bytes) => ({ kind: "ip", bytes }));
const net: fc.Arbitrary<CheckedValue> = fc.tuple(addressBytes, fc.nat(128)).map(([bytes, bits]) => ({
  kind: "net",
  bytes,
  prefixBits: Math.min(bits, 8 * bytes.length),
}));

const textField = fc.constantFrom(...TEXT_FIELDS, ...ANCESTORS);
const modifier = fc.constantFrom("oneof", "anyof", "allof");

function transformed(name: string): fc.Arbitrary<CheckedOperand> {
  const operands = [field(name)];
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<CheckedOperand>(field(name)) },
    fc.constantFrom<CheckedOperand>(
      { kind: "transformer", name: "tolower", operands },
      { kind: "transformer", name: "basename", operands },
      { kind: "transformer", name: "concat", operands: [field(name), text("-"), field("proc.name")] },
    ),
  );
}
const textOperand = textField.chain(transformed);
const setOf = (items: fc.Arbitrary<string>) => fc.array(items, { maxLength: 10 });

const leaf: fc.Arbitrary<CheckedExpr> = fc.oneof(
  fc.tuple(
    textOperand,
    fc.constantFrom("=", "!=", "startswith", "endswith", "contains", "icontains", "<", ">=", "glob", "iglob"),
    fc.oneof(word.map(text), pattern.map(text), textOperand),
  ).map(([left, operator, right]) => check(left, operator as "=", [right])),
  fc.tuple(textOperand, fc.constantFrom("in", "intersects"), setOf(word)).map(([left, operator, items]) =>
    check(left, operator as "in", items)
  ),
  fc.tuple(textField, setOf(path)).map(([left, items]) => check(left, "pmatch", items)),
  fc.tuple(textField, fc.constantFrom("=", "!=", "startswith", "glob"), modifier, setOf(word)).map(
    ([left, operator, mod, items]) => check(left, operator as "=", items, mod as "oneof"),
  ),
  fc.constantFrom(...NUMBER_FIELDS).chain((left) =>
    fc.tuple(fc.constantFrom("=", "!=", "<", "<=", ">", ">="), amountOf(left)).map(([operator, value]) =>
      check(left, operator as "=", [number(value)])
    )
  ),
  fc.constantFrom(...NUMBER_FIELDS).chain((left) =>
    fc.array(amountOf(left), { maxLength: 6 }).map((items) => check(left, "in", items.map(number)))
  ),
  fc.constantFrom("=", "!=", "<", ">").map((operator) =>
    check("proc.pid", operator as "=", [field("proc.vpid")])
  ),
  fc.constantFrom(...TEXT_FIELDS, ...NUMBER_FIELDS, "proc.aname").map((name) => check(name, "exists")),
  fc.tuple(fc.constantFrom("=", "!=", "startswith", "in"), word).map(([operator, item]) =>
    check("proc.aname", operator as "=", [item])
  ),
  fc.tuple(fc.constantFrom("fd.ip", "fd.cip"), fc.constantFrom("=", "!=", "in"), address).map((
    [left, operator, item],
  ) => check(left, operator as "=", [item])),
  fc.tuple(fc.constantFrom("fd.net", "fd.snet"), fc.constantFrom("=", "!=", "in"), net).map((
    [left, operator, item],
  ) => check(left, operator as "=", [item])),
  fc.tuple(fc.constantFrom("fd.port", "fd.sport"), fc.constantFrom("=", "!=", "<", "in"), amountOf("fd.port"))
    .map((
      [left, operator, item],
    ) => check(left, operator as "=", [number(item)])),
  fc.constantFrom("openat", "execve", "connect", "read", "setuid").chain((name) =>
    fc.constantFrom("=", "!=", "in").map((operator) => check("evt.type", operator as "=", [name]))
  ),
  fc.constantFrom("evt.is_io_read", "evt.is_io_write").map((name) => check(name, "=", [number(1)])),
  fc.constantFrom("=", "!=", ">=", "<").map((operator) => check("evt.num", operator as "=", [number(0)])),
);

const condition: fc.Arbitrary<CheckedExpr> = fc.letrec<{ node: CheckedExpr }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthIdentifier: "condition" },
    leaf,
    fc.array(tie("node"), { minLength: 1, maxLength: 4, depthIdentifier: "condition" }).map((operands) => ({
      kind: "and" as const,
      operands,
    })),
    fc.array(tie("node"), { minLength: 1, maxLength: 4, depthIdentifier: "condition" }).map((operands) => ({
      kind: "or" as const,
      operands,
    })),
    tie("node").map((operand) => ({ kind: "not" as const, operand })),
  ),
})).node;

/** Conditions that share parts, as macros make them. */
const conditions = fc.array(condition, { minLength: 1, maxLength: 4 }).chain((macros) =>
  fc.array(
    fc.tuple(condition, fc.nat(macros.length - 1), fc.nat(macros.length - 1)).map((
      [own, a, b],
    ): CheckedExpr => ({
      kind: "and",
      operands: [{ kind: "or", operands: [macros[a]!, own] }, {
        kind: "or",
        operands: [macros[b]!, { kind: "not", operand: macros[a]! }],
      }],
    })),
    { minLength: 1, maxLength: 6 },
  ).map((rules) => [...rules, ...macros])
);

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { freq: 4, nil: undefined });
}
const packed = addressBytes.map((bytes) => String.fromCharCode(...bytes));

const event: fc.Arbitrary<FakeEvent> = fc.record({
  code: fc.constantFrom(...CODES),
  texts: fc.tuple(...TEXT_FIELDS.map(() => maybe(word))),
  line: fc.array(word, { maxLength: 4 }),
  numbers: fc.tuple(...NUMBER_FIELDS.map((name) => maybe(amountOf(name)))),
  ends: fc.tuple(maybe(packed), maybe(packed), maybe(packed), maybe(packed)),
}).map(({ code, texts, line, numbers, ends }) => {
  const fields = new Map<string, string | bigint>();
  const set = (name: string, value: string | bigint | undefined) =>
    value !== undefined && fields.set(name, value);
  TEXT_FIELDS.forEach((name, i) => set(name, texts[i]));
  NUMBER_FIELDS.forEach((name, i) => set(name, numbers[i]));
  line.forEach((name, depth) => set(`proc.aname[${depth}]`, name));
  set("fd.cip", ends[0]);
  set("fd.sip", ends[1]);
  set("fd.ip.source", ends[2]);
  set("fd.ip.target", ends[3]);
  return { code, fields };
});

const runs = Number(Deno.env.get("FALCO_TEST_RUNS") ?? 400);

Deno.test("generated code and the reference evaluator agree on every event, first and all", () => {
  const cases = fc.tuple(
    conditions,
    fc.array(event, { minLength: 1, maxLength: 8 }),
    fc.constantFrom("first", "all"),
  );
  fc.assert(
    fc.property(cases, ([exprs, events, matching]) => {
      const rules = exprs.map((expr, i) => rule(`r${i}`, expr));
      const mode = matching as "first" | "all";
      const matcher = new FakeMatcher(compileRules(rules, { matching: mode }), isNumeric);
      for (const each of events) {
        const found = matcher.evaluate(each.code, extractorOf(each)).map((alert) => alert.rule);
        assert.deepEqual(found, referenceMatches(rules, each, mode));
      }
    }),
    { numRuns: runs },
  );
});

Deno.test("modules that count what checks answer, and those that explain a rule, agree with it, too", () => {
  const cases = fc.tuple(conditions, fc.array(event, { minLength: 1, maxLength: 8 }));
  fc.assert(
    fc.property(cases, ([exprs, events]) => {
      const rules = exprs.map((expr, i) => rule(`r${i}`, expr));
      const counting = (["written", "compiled"] as const).map((leaves) =>
        new FakeMatcher(compileRules(rules, { matching: "all", leaves }), isNumeric)
      );
      const explaining = rules.map((one) =>
        new FakeMatcher(compileExplanation({ rule: one, earlier: [], kept: 100 }).code, isNumeric)
      );
      for (const each of events) {
        const extract = extractorOf(each);
        const expected = referenceMatches(rules, each, "all");
        for (const matcher of counting) {
          assert.deepEqual(matcher.evaluate(each.code, extract).map((alert) => alert.rule), expected);
        }
        explaining.forEach((matcher, index) => {
          const [report] = matcher.evaluate(each.code, extract);
          // without a report the event's type alone keeps the rule from matching
          const matches = report !== undefined && report.values[0]!.value === 0n;
          assert.equal(matches, expected.includes(index));
        });
      }
    }),
    { numRuns: Math.ceil(runs / 8) },
  );
});
