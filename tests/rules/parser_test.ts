// The grammar: what is a condition and what is not.

import assert from "node:assert/strict";
import { dumpExpr } from "../../rules/dump.ts";
import { MappedText } from "../../rules/text/mapped_text.ts";
import { parseCondition } from "../../rules/syntax/parser.ts";
import { makeSource } from "../../rules/text/source.ts";

function parse(text: string) {
  const source = makeSource("x", text);
  return parseCondition(MappedText.synthetic(text, { source, start: 0, end: text.length }));
}

/** With places of its own for each character. */
function parseExact(text: string) {
  const source = makeSource("x", text);
  const whole = { source, start: 0, end: text.length };
  const chunk = { at: 0, length: text.length, source, from: 0, extent: text.length, exact: true };
  return parseCondition(new MappedText(text, whole, [chunk]));
}

function accept(text: string): string {
  const result = parse(text);
  const [problem] = result.problems;
  if (problem !== undefined) assert.fail(`${JSON.stringify(text)} is refused: ${problem.message}`);
  return dumpExpr(result.expr);
}

const GOOD = [
  "m",
  "  m\t\n",
  "((m))",
  "a and b and c or d",
  "(a)and(b)or(c)and(d)",
  "not a and not(b) and not not (c)",
  "notable and andes or oracle and not nothing",
  "f.a exists and m",
  "f.a=1 and f.b==2",
  "f.a = not",
  "f.a = and and m",
  "f.a = 'q' or f.a = \"q\"",
  "f.a = ''",
  "f.a = 0a!@#456:/\\.;!$%^&*[]{}|",
  "f.a in () and f.a in (a,b , 'c d')",
  "f.a in list_name",
  "f.a in(x) and f.a intersects(x) and f.a pmatch(/x)",
  "f.a = oneof and f.a = oneof (x) and f.a contains allof names",
  "f.a > 3 and f.a <= -0 and m",
  "f.a < 0xFf and f.a >= 1.5e+3",
  "f.a[0] = x and f.a[key] = x and f.a['two words'] = x and f.a[\"\"] = x and f.a[/a/*] = x",
  "f.a.b.c1 = d.e",
  "tolower(f.a) = x and f.a = toupper(basename(f.b)) and len(f.a) > len(f.b)",
  'join(",", (f.a, "x", 3)) = y and concat(f.a,"-",f.b) = z and join("", ()) = w',
  'getopt(f.a, "x:")[x] exists',
  "f.a = val(f.b) and f.a in val( f.b ) and f.a < val(f.b[2])",
  'f.a = "bad escape \\ "',
  "f.a glob *.log and f.a iglob ?x and f.a regex ^[a-z]+$",
];

const BAD = [
  "",
  "   ",
  "a andb",
  "aand b",
  "a and",
  "or a",
  "a and or b",
  "a not b",
  "(a",
  "a)",
  "()",
  "f.a",
  "f.a =",
  "f.a = a b",
  "f.a = a,",
  "f.a = b = c",
  "f.a = (x)",
  "f.a in (x,)",
  "f.a in (,x)",
  "f.a in (x y)",
  "f.a in 'x'",
  "f.a > x",
  "f.a > ",
  "f.a contains",
  "f.a contains'x'",
  "f.a unknown x",
  "m = 3",
  "m > 12",
  "f.a[] = x",
  "f.a[x = y",
  "f.a['x' = y",
  "f.a = 'x",
  "f.a = \"x'",
  "f.a = 'x\\q'",
  "f.a = 'x\\\"'",
  "f.a = val(x)",
  "f.a = val(f.b",
  "tolower(f.a = x",
  "tolower() = x",
  "tolower(x) = y",
  "#a",
  "f.a in (x) y",
  "f..a = x",
  "f.1 = x",
];

Deno.test("grammar: these are conditions", () => {
  for (const text of GOOD) {
    accept(text);
    // White space of any kind does the same.
    assert.equal(accept(` ${text.replaceAll(" and ", "\n\tand\r\n")} `), accept(text));
  }
});

Deno.test("grammar: these are not, and the message points into them", () => {
  for (const text of BAD) {
    const [problem] = parse(text).problems;
    assert.ok(problem !== undefined, `${JSON.stringify(text)} is accepted`);
    assert.ok(problem.message.length > 10);
    assert.ok(problem.span!.start <= text.length);
  }
});

Deno.test("grammar: a word is a macro where a check can stand, even `not` at the end", () => {
  assert.equal(accept("not"), "macro not\n");
});

Deno.test("grammar: not binds closer than and, and closer than or", () => {
  assert.equal(accept("a or not b and c"), "or\n  macro a\n  and\n    not\n      macro b\n    macro c\n");
});

Deno.test("grammar: two negations cancel out", () => {
  assert.equal(accept("not not a"), "macro a\n");
  assert.equal(accept("not not(a)"), "macro a\n");
});

Deno.test("grammar: deep nesting gets a diagnostic, not a stack overflow", () => {
  for (const depth of [301, 10_000, 1_000_000]) {
    for (const open of ["(", "not(", "tolower(", "a and (", "a or("]) {
      const { problems } = parse(open.repeat(depth));
      assert.deepEqual(problems.map(({ code }) => code), ["condition-too-deep"]);
    }
  }
  accept(`${"(".repeat(300)}a${")".repeat(300)}`);
});

Deno.test("grammar: long conditions are no problem", () => {
  accept(Array.from({ length: 20_000 }, (_, i) => `f.a = x${i}`).join(" or "));
  accept(`f.a in (${Array.from({ length: 100_000 }, (_, i) => `x${i}`).join(", ")})`);
  accept(`${"not ".repeat(100_000)} a`);
});

Deno.test("recovery: each check that cannot be read is told, and what surrounds it is kept", () => {
  const tried = [
    [
      "f.a x 1 and m and f.b in [a, b] or n",
      ["x", "[a"],
      "or\n  and\n    unread\n    macro m\n    unread\n  macro n\n",
    ],
    ["(f.a and m) or not (f.b in (a b and c) and n)", ["and", "b"], undefined],
    ["f.a and m", ["and"], "and\n  unread\n  macro m\n"],
    ["m) and f.a x", [")", "x"], undefined],
    ["m n and f.a x", ["n", "x"], undefined],
    ["(m and (n or f.a x)", ["x", ""], undefined],
    ["f.a = 'it and m or f.b y", ["'"], "unread\n"],
  ] as const;
  for (const [text, places, tree] of tried) {
    const { expr, problems } = parseExact(text);
    const found = problems.map(({ span }) => text.slice(span!.start, span!.end));
    assert.deepEqual(found, places, text);
    if (tree !== undefined) assert.equal(dumpExpr(expr), tree, text);
  }
});

Deno.test("recovery: problems are bounded, and come in the order of the text", () => {
  const { problems } = parseExact(Array.from({ length: 100 }, () => "f.a x").join(" and "));
  assert.ok(problems.length > 1 && problems.length <= 11, String(problems.length));
  const starts = problems.map(({ span }) => span!.start);
  assert.deepEqual(starts, [...starts].sort((a, b) => a - b));
});
