// YAML as people write it: what Falco's reader takes is taken, with its value; what it refuses is refused, in words of ours.

import assert from "node:assert/strict";
import fc from "fast-check";
import { loadRules } from "../../rules/load.ts";
import { hasErrors, Report } from "../../rules/diagnostics/diagnostic.ts";
import { makeSource, positionAt } from "../../rules/text/source.ts";
import { Budget } from "../../rules/yaml/budget.ts";
import type { YamlNode } from "../../rules/yaml/nodes.ts";
import { readYaml } from "../../rules/yaml/read.ts";

function read(text: string) {
  const source = makeSource("x", text);
  const report = new Report();
  const { documents } = readYaml(source, report, new Budget());
  const findings = report.sorted(["x"]).map(({ message, span }) => {
    const { line, column } = positionAt(source, span?.start ?? 0);
    return `${line}:${column} ${message}`;
  });
  return { values: documents.map(valueOf), findings };
}

function valueOf(node: YamlNode): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "scalar":
      return node.value;
    case "sequence":
      return node.items.map(valueOf);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, valueOf(value)]));
  }
}

const TAKEN: readonly (readonly [what: string, text: string, value: unknown])[] = [
  ["continuation in column 0 within brackets", "a: [b,\nc]\nd: e\n", { a: ["b", "c"], d: "e" }],
  ["closing bracket in column 0", "- a: [\n    b\n]\n- c\n", [{ a: ["b"] }, "c"]],
  ["closing bracket in the column of its key", "- a: [\n  b,\n  c\n  ]\n", [{ a: ["b", "c"] }]],
  ["closing brace in column 0", "- a: {\n  b: c,\n}\n", [{ a: { b: "c" } }]],
  ["comment in column 0 within brackets", "- a: [b,\n# note ]\n    c]\n", [{ a: ["b", "c"] }]],
  ["comment without a blank before it", "- a: [b,#note\n c]#note\n", [{ a: ["b", "c"] }]],
  ["tabs within brackets", "- a: [b,\n\tc\t,\td\n\t]\n", [{ a: ["b", "c", "d"] }]],
  ["plain text over lines within brackets", "- a: [b\nc, d]\n", [{ a: ["b c", "d"] }]],
  ["quoted text over lines in column 0", "- a: \"b\nc\"\n  d: 'e\n\n\tf'\n", [{ a: "b c", d: "e\nf" }]],
  ["quoted key in column 0 after text", '- a: "b\n  c: d\n e"\n', [{ a: "b c: d e" }]],
  ["tab between key and value", "a:\tb\nc:\t[d]\n", { a: "b", c: ["d"] }],
  ["tab before a value on its own line", "a:\n\t[b]\n", { a: ["b"] }],
  ["lines of white space", "a: b\n \t \n\nc:\n  - d\n\t\n  - e\n", { a: "b", c: ["d", "e"] }],
  ["brackets on the line below their key", "- a:\n  [b]\n  c: d\n", [{ a: ["b"], c: "d" }]],
  ["nothing between commas", "[a, , b,]\n", ["a", null, "b"]],
  ["a pair within brackets", "[a: b, c]\n", [{ a: "b" }, "c"]],
  ["adjacent value after a quoted key", '{"a":b,"c":[d]}\n', { a: "b", c: ["d"] }],
  ["a key over two lines within braces", "{a\n: b}\n", { a: "b" }],
  ["explicit key", "? a\n: b\n", { a: "b" }],
  ["no line end at the end", "a: |\n  b", { a: "b" }],
  ["a comment after a block's header", "a: >- # note\n  b\n  c\n", { a: "b c" }],
  ["anchor and alias", "- &x [a]\n- *x\n- {b: *x}\n", [["a"], ["a"], { b: ["a"] }]],
  ["a tag", "- !!str ~\n- ! b\n", ["~", "b"]],
];

for (const [what, text, value] of TAKEN) {
  Deno.test(`taken: ${what}`, () => assert.deepEqual(read(text), { values: [value], findings: [] }));
}

Deno.test("taken: documents one after the other", () => {
  assert.deepEqual(read("%YAML 1.2\n---\na\n...\n---\n- b\n--- c\n").values, ["a", ["b"], "c"]);
});

Deno.test("taken: rules in odd layouts load, and findings point at the very characters", () => {
  const text = `- list: shells
  items: [
bash,\t# the usual one
'z\\
sh', "da\\
sh"
]
- rule: R
  desc: "a text
in column 0"
  condition: evt.type = open
    and proc.name in (shells)
    and proc.nam = x
  output: {}
  priority: INFO
`;
  const source = makeSource("x", text);
  const places = loadRules([source]).diagnostics.map(({ span, message }) =>
    `${text.slice(span!.start, span!.end)}: ${message}`
  );
  assert.deepEqual(places.sort(), [
    "proc.nam: there is no field `proc.nam`",
    "{}: `output` has to be a text, not a mapping",
  ]);
});

Deno.test("refused: null within a sequence of texts, as in Falco", () => {
  for (
    const [word, bad] of [["~", true], ["null", true], ["", true], ['"~"', false], ["'null'", false]] as const
  ) {
    const { diagnostics } = loadRules([makeSource("x", `- list: l\n  items: [a, ${word}, b]\n`)]);
    assert.equal(hasErrors(diagnostics), bad, word);
  }
  const exception = (values: string) =>
    `- rule: R\n  desc: d\n  condition: evt.type = open\n  output: o\n  priority: INFO\n` +
    `  exceptions:\n    - name: e\n      fields: [proc.name]\n      values: ${values}\n`;
  assert.ok(!hasErrors(loadRules([makeSource("x", exception('[["~"]]'))]).diagnostics));
  assert.ok(hasErrors(loadRules([makeSource("x", exception("[[~]]"))]).diagnostics));
});

Deno.test("refused: a plain text in the column of its key, which is no value of it", () => {
  assert.deepEqual(read("- a:\n  b\n  c: d\n").findings, [
    "2:3 the line is neither `key: value` nor part of the value above it",
  ]);
});

Deno.test("override: a single word is no override, and the item a definition", () => {
  const text = `- macro: m
  condition: proc.name = x
- macro: m
  condition: proc.name = y
  override: replace
- rule: A
  desc: d
  condition: evt.type = openat and m
  output: o
  priority: INFO
`;
  const { diagnostics, definitions } = loadRules([makeSource("x", text)]);
  assert.deepEqual(diagnostics.map(({ code }) => code), ["ineffective-override"]);
  assert.equal(definitions.macros.get("m")!.condition.text, "proc.name = y");
});

const scraps = fc.array(
  fc.constantFrom(
    ..."- |a: |b|[|]|{|}|,|: |'|\"|#|\t|\n|\n  |\n- |\n  b: |>|||&x|*x|!t|?|---|%|@|`|\\|~|é".split("|"),
    "|",
  ),
  { maxLength: 20 },
).map((parts) => parts.join(""));

Deno.test("hostile: findings about any text have places within it, in words of ours", () => {
  fc.assert(
    fc.property(scraps, (text) => {
      const source = makeSource("x", text);
      const report = new Report();
      readYaml(source, report, new Budget());
      const findings = report.sorted(["x"]);
      for (const { span, message } of findings) {
        assert.ok(span !== undefined && span.start <= span.end && span.end <= source.text.length, text);
        assert.doesNotMatch(message, /flow|seq-|implicit|token|indicator|props|collection in/i, text);
      }
    }),
    { numRuns: 5000 },
  );
});

Deno.test("hostile: brackets, keys and quotes without an end take time that grows with the text", () => {
  const long = (text: string) => text.repeat(30_000);
  for (
    const text of [
      long("["),
      long("{"),
      long("{a: "),
      long("- ["),
      long('- "\n'),
      long("- '"),
      long("? "),
      long("a: "),
    ]
  ) {
    read(text);
  }
  assert.deepEqual(read(`[${long("a, ")}]\n`).findings, []);
  assert.deepEqual(read(`{${long("a, ")}}\n`).findings.slice(0, 1), [
    "1:5 the key `a` appears twice in one mapping",
  ]);
});
