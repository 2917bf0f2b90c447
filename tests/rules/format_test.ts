// The layout of `falco fmt`: what changes, what stays, and that the rules mean the same.

import assert from "node:assert/strict";
import fc from "fast-check";
import { assetBytes } from "../../assets/mod.ts";
import { format } from "../../rules/format/format.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource, type Source } from "../../rules/mod.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

function formatted(text: string): string {
  const made = format(makeSource("rules.yaml", text));
  assert.ok("text" in made, text);
  return made.text;
}

const CASES: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    "indentation, blanks and empty lines",
    "- rule:   a\n  tags:   [ x,y ,z ]\n\n\n  condition: >\n        b\n          and c\n  exceptions:\n  - name: e\n    fields: [ proc.name ]\n- list: l\n  items:\n  -  1\n",
    "- rule: a\n  tags: [x, y, z]\n\n  condition: >\n    b\n      and c\n  exceptions:\n    - name: e\n      fields: [proc.name]\n\n- list: l\n  items:\n    - 1\n",
  ],
  [
    "comments stay with what they are about",
    "# head\n\n# of a\n- macro: a # here\n  # of condition\n  condition: b\n  # last of a\n# of c\n- macro: c\n  condition: d\n# end\n",
    "# head\n\n# of a\n- macro: a # here\n  # of condition\n  condition: b\n  # last of a\n\n# of c\n- macro: c\n  condition: d\n# end\n",
  ],
  [
    "comments at the end of lists whose dashes move",
    "- list: a\n  items:\n  - b\n  # last of the list\n- list: c\n  items:\n    - d\n      # of d\n  # of c\n",
    "- list: a\n  items:\n    - b\n    # last of the list\n\n- list: c\n  items:\n    - d\n      # of d\n  # of c\n",
  ],
  [
    "anchors, aliases and tags",
    "- list: a\n  items: &x   [b]\n- list: c\n  items:   *x\n",
    "- list: a\n  items: &x [b]\n\n- list: c\n  items: *x\n",
  ],
  [
    "block scalars with indicators, and the empty lines that they keep",
    "- rule: a\n  output: |2+\n      b\n\n\n  desc: >-\n     c\n     d\n",
    "- rule: a\n  output: |2+\n      b\n\n\n  desc: >-\n    c\n    d\n",
  ],
  [
    "values of several lines without a sign, and lists in brackets",
    "- macro: a\n  condition: b and\n       c\n\n- list: l\n  items: [a,\n    b]\n",
    "- macro: a\n  condition: b and\n       c\n\n- list: l\n  items: [a,\n    b]\n",
  ],
  ["ends of lines", "- list: a  \r\n  items: [b]\r\n", "- list: a\n  items: [b]\n"],
  [
    "settings",
    "engine:\n    kind: modern_ebpf\nrules_files:\n- a\n- b\n",
    "engine:\n  kind: modern_ebpf\nrules_files:\n  - a\n  - b\n",
  ],
  ["nothing", "", ""],
];

for (const [what, before, after] of CASES) {
  Deno.test(`format: ${what}`, () => {
    assert.equal(formatted(before), after);
    assert.equal(formatted(after), after);
  });
}

Deno.test("format: what is no YAML is told, not changed", () => {
  const made = format(makeSource("rules.yaml", "- rule: [a\n- b"));
  assert.ok(!("text" in made) && made.findings.length > 0);
});

/** Everything that is checked, without places. */
function meaning(source: Source): string {
  const { rules, diagnostics, definitions } = loadRules([source]);
  const places = new Set(["span", "operatorSpan", "first", "source", "labels", "whole"]);
  const plain = (_key: string, value: unknown) =>
    value instanceof Map ? [...value] : typeof value === "bigint" ? String(value) : value;
  const strip = (key: string, value: unknown) => places.has(key) ? undefined : plain(key, value);
  const lists = [...definitions.lists.values()].map((
    { name, items },
  ) => [name, items.map(({ text }) => text)]);
  const found = diagnostics.map(({ code, message, notes, hint }) => [code, message, notes, hint]);
  return JSON.stringify([rules, lists, found], strip);
}

function sameMeaning(source: Source): void {
  const text = formatted(source.text);
  assert.equal(formatted(text), text, "idempotent");
  assert.equal(meaning(makeSource(source.path, text)), meaning(source));
  const comments = (of: string) => of.match(/#.*/g)?.map((comment) => comment.trimEnd());
  assert.deepEqual(comments(text), comments(source.text));
}

const BUNDLED = ["falco_rules.yaml", "k8s_audit_rules.yaml"] as const;
const bundled = BUNDLED.map((name) => makeSource(name, new TextDecoder().decode(assetBytes(name))));

Deno.test("format: the bundled rules are in this layout", () => {
  for (const { text } of bundled) assert.equal(formatted(text), text);
});

Deno.test({
  name: "format: Falco's own rules mean the same before and after, comments included",
  ignore: upstreamMissing !== undefined,
  fn() {
    for (const name of ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules", "k8s_audit_rules"]) {
      sameMeaning(makeSource(name, Deno.readTextFileSync(upstreamRules(`${name}.yaml`))));
    }
  },
});

Deno.test("format: any layout of rules means the same before and after", () => {
  const name = fc.constantFrom("a", "b", '"c d"', "'e'");
  const comment = fc.constantFrom("", "  # c", "\n    # own", "\n# left", "\n");
  const condition = fc.constantFrom(
    "evt.type = open and a",
    ">\n      evt.type = open\n        and fd.name = x\n",
    "|-\n     evt.type=open\n\n     and proc.name = b",
    '"evt.type = open and proc.name = \\"x y\\""',
    "evt.type = open\n       and proc.name = x",
  );
  const item = fc.oneof(
    fc.tuple(name, comment, fc.array(name)).map(([a, c, all]) =>
      `- list: ${a}${c}\n  items:   [${all.join(" ,")}]`
    ),
    fc.tuple(name, comment, fc.array(name, { minLength: 1 })).map(([a, c, all]) =>
      `- list: ${a}${c}\n  items:\n${all.map((each) => `  -   ${each}`).join("\n")}`
    ),
    fc.tuple(name, comment, condition).map(([a, c, text]) => `- macro: ${a}${c}\n  condition: ${text}`),
    fc.tuple(name, condition, condition).map(([a, text, output]) =>
      `-   rule: ${a}\n    condition: ${text.replaceAll("\n", "\n  ")}\n    output: ${
        output.replaceAll("\n", "\n  ")
      }\n    override: { condition : append ,output: replace}`
    ),
  );
  const file = fc.array(item, { maxLength: 6 }).map((items) => `${items.join("\n")}\n`);
  fc.assert(fc.property(file, fc.constantFrom("\n", "\r\n"), (text, ends) => {
    sameMeaning(makeSource("rules.yaml", text.replaceAll("\n", ends)));
  }));
});

Deno.test("format: any text is given a layout that is stable, or refused", () => {
  const pieces = fc.constantFrom(
    ...'- |  |: |a|b: |\n|\n\n|# c\n|[|]|{|}|, |&x |*x|>|\\|-|"q"|\'|? |--- |!t '.split("|").map((piece) =>
      piece.replaceAll("\\", "|")
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.array(pieces, { maxLength: 30 }).map((all) => all.join("")), fc.string()),
      (text) => {
        const made = format(makeSource("x", text));
        if ("text" in made) assert.equal(formatted(made.text), made.text);
      },
    ),
    { numRuns: 2000 },
  );
});
