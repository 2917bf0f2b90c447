// Regular expressions: the table against RE2's own engine in JavaScript, the syntax of POSIX mode, the limits.

import assert from "node:assert/strict";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { compileRegex } from "../../rules/regex/compile.ts";

const encoder = new TextEncoder();

/** Walks the table as the matcher does. */
function run(table: Uint8Array, text: Uint8Array): boolean {
  const data = new DataView(table.buffer, table.byteOffset);
  const states = data.getUint32(0, true), classes = data.getUint32(4, true);
  let state = 1;
  for (const byte of text) {
    const next = 264 + 2 * (state * classes + data.getUint8(8 + byte));
    state = data.getUint16(next, true);
    if (state === 0) return false;
  }
  return data.getUint8(264 + 2 * states * classes + state) !== 0;
}

function tableOf(pattern: string): Uint8Array {
  const compiled = compileRegex(pattern);
  assert.ok(typeof compiled !== "string", `${pattern}: ${compiled}`);
  return compiled.table;
}

function matches(pattern: string, text: string | number[]): boolean {
  return run(tableOf(pattern), typeof text === "string" ? encoder.encode(text) : Uint8Array.from(text));
}

Deno.test("the whole text has to match", () => {
  assert.ok(matches("/etc/(passwd|shadow)", "/etc/shadow"));
  assert.ok(!matches("/etc/(passwd|shadow)", "/etc/shadow-"));
  assert.ok(!matches("b", "abc"));
  assert.ok(matches(".*b.*", "abc"));
  assert.ok(matches("", ""));
  assert.ok(!matches("", "a"));
});

Deno.test("as in RE2's POSIX mode, . takes no newline, a negated bracket does, ^ and $ hold at lines", () => {
  assert.ok(!matches("a.b", "a\nb"));
  assert.ok(matches("a[^x]b", "a\nb"));
  assert.ok(matches("^a$\n^b$", "a\nb"));
  assert.ok(!matches("a^b", "ab"));
  assert.ok(matches("(^|x)a($|y)", "xay"));
});

Deno.test("brackets, named classes and escapes", () => {
  assert.ok(matches("[[:alpha:]_]+[[:digit:]]*", "ab_9"));
  assert.ok(matches("[]a-]+", "-]a"));
  assert.ok(matches("[^[:^digit:]]", "5"));
  assert.ok(matches("\\x41\\x{e9}\\101\\.\\*", "AéA.*"));
  assert.ok(matches("a{,2}", "a{,2}"), "a brace that is no repetition is a character");
});

Deno.test("a broken UTF-8 sequence counts as one U+FFFD for each longest beginning", () => {
  assert.ok(matches("a.b", [0x61, 0xff, 0x62]));
  assert.ok(matches("a\\x{fffd}b", [0x61, 0xe2, 0x82, 0x62]), "two bytes of three");
  assert.ok(matches("\\x{fffd}\\x{fffd}", [0xc0, 0x80]), "an overlong form is two");
  assert.ok(matches("é\\x{fffd}", [0xc3, 0xa9, 0xf0, 0x9f]), "cut off at the end");
  assert.ok(!matches("...", encoder.encode("€") as unknown as number[]), "a whole character is one");
});

Deno.test("what POSIX mode has not is refused with a reason", () => {
  const wrong = [
    "\\d",
    "\\w+",
    "\\bx",
    "(?i)x",
    "(?:x)",
    "*a",
    "a|*",
    "(",
    ")",
    "[a",
    "[b-a]",
    "[a-c-e]",
    "a{1001}",
    "a{3,2}",
    "\\",
    "[[:word",
    "[[:nope:]]",
    "\\pL",
    "((a{100}){100}){100}",
    "\\1",
    "{2}",
  ];
  for (const pattern of wrong) assert.equal(typeof compileRegex(pattern), "string", pattern);
});

Deno.test("an expression that needs too many states is refused, and soon", () => {
  for (
    const pattern of ["(a|b)*a(a|b){20}", "(x{1000}|y{1000}){0,1}z{1000}[^a]*a.{1000}", "(".repeat(5000)]
  ) {
    assert.equal(typeof compileRegex(pattern), "string", pattern.slice(0, 40));
  }
});

// few letters, so that texts and patterns meet; é and € need several bytes
const letters = fc.constantFrom("a", "b", "c", "é", "€", "\n", "-");
const atom = fc.oneof(
  letters.map((char) => char === "-" ? "-" : char),
  fc.constantFrom(".", "[ab]", "[^a]", "[a-é]", "[[:lower:]]", "^", "$", "\\.", "()", "[é€-]"),
);
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: "regex" },
    atom,
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => a + b),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie("node"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}")).map(([a, op]) =>
      `(${a})${op}`
    ),
  ),
})).node;

Deno.test("the table agrees with RE2 on random expressions and texts", () => {
  const texts = fc.array(fc.string({ unit: letters, maxLength: 8 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(pattern, texts, (expression, inputs) => {
      const table = tableOf(expression);
      const oracle = RE2JS.compile(expression, RE2JS.MULTILINE);
      for (const input of inputs) {
        assert.equal(run(table, encoder.encode(input)), oracle.matches(input), `${expression} on ${input}`);
      }
    }),
    { numRuns: Number(Deno.env.get("FALCO_TEST_RUNS") ?? 300) },
  );
});
