// The same tree, however it is laid out, has the same value, and its scalars are where they were written.

import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { Report } from "../../rules/diagnostics/diagnostic.ts";
import { makeSource } from "../../rules/text/source.ts";
import { Budget } from "../../rules/yaml/budget.ts";
import type { YamlNode, YamlScalar } from "../../rules/yaml/nodes.ts";
import { readYaml } from "../../rules/yaml/read.ts";
import { printTree, type Tree } from "./yaml_layouts.ts";

function read(text: string): { documents: readonly YamlNode[]; messages: string[] } {
  const report = new Report();
  const { documents } = readYaml(makeSource("x", text), report, new Budget());
  return { documents, messages: report.sorted(["x"]).map(({ message }) => message) };
}

function treeOf(node: YamlNode): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "scalar":
      return node.value;
    case "sequence":
      return node.items.map(treeOf);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, treeOf(value)]));
  }
}

function scalarsOf(node: YamlNode): YamlScalar[] {
  switch (node.kind) {
    case "null":
      return [];
    case "scalar":
      return [node];
    case "sequence":
      return node.items.flatMap(scalarsOf);
    case "map":
      return [...node.entries.values()].flatMap(({ key, value }) => [key, ...scalarsOf(value)]);
  }
}

const words = fc.oneof(
  fc.constantFrom(
    "a",
    "evt.type = open",
    "proc.name in (x, y)",
    "x:y",
    "it's",
    'a "b" c',
    "#no",
    "a # b",
    "- d",
    "é 😀",
  ),
  fc.constantFrom(
    "~",
    "null",
    "",
    "[",
    "a: b",
    " lead",
    "trail ",
    "one\ntwo\nthree",
    "tab\there",
    "\\d+ \\",
    "? x",
    "---",
    "1.5",
  ),
  fc.string({ maxLength: 6 }),
).map((text) => text.replaceAll("\r", ""));
const keys = fc.constantFrom("rule", "desc", "a b", "x-y", "it's", 'q"', "#k", "é");

const trees = fc.letrec<{ tree: Tree; leaf: string; list: Tree[]; map: Record<string, Tree> }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie("leaf"), tie("list"), tie("map")),
  leaf: words,
  list: fc.array(tie("tree"), { maxLength: 4 }),
  map: fc.dictionary(keys, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
})).tree.filter((tree) => typeof tree !== "string");

const choices = fc.array(fc.nat({ max: 59 }), { minLength: 30, maxLength: 80 });

Deno.test("layouts: a tree has the same value in every layout, and each scalar its place", () => {
  fc.assert(
    fc.property(trees, choices, (tree, chosen) => {
      const { text, scalars } = printTree(tree, chosen);
      const { documents, messages } = read(text);
      assert.deepEqual(messages, [], text);
      assert.equal(documents.length, 1, text);
      assert.deepEqual(treeOf(documents[0]!), tree, text);
      const found = scalarsOf(documents[0]!).map(({ value, span: { start, end } }) => ({
        value,
        start,
        end,
      }));
      assert.deepEqual(found, scalars, text);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("layouts: every character of a scalar is where its place says", () => {
  fc.assert(
    fc.property(trees, choices, (tree, chosen) => {
      const { text } = printTree(tree, chosen);
      for (const { value, text: mapped } of scalarsOf(read(text).documents[0]!)) {
        for (const { at, length, from, exact } of mapped.chunks) {
          if (exact) assert.equal(text.slice(from, from + length), value.slice(at, at + length), text);
        }
      }
    }),
    { numRuns: 500 },
  );
});

/** What the second reader makes of a text; undefined where it takes it for no YAML. */
function second(text: string): unknown[] | undefined {
  const documents = parseAllDocuments(text, { schema: "failsafe", prettyErrors: false, logLevel: "silent" });
  if (!Array.isArray(documents)) return [];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.map((document) => withoutNull(document.toJS())).filter((value) => value !== "");
}

/** The second reader tells nothing from an empty text only in some places. */
function withoutNull(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? "", (_, inner) => inner ?? ""));
}

const fragments = fc.array(
  fc.constantFrom(
    ..."a,b,c d,- ,- ,a: ,b: ,c:,\n,\n,\n  ,\n ,\n    ,\n- ,\n  - ,[,],{,},: ,\",',#x, # y,\\,\\n,:,x:y"
      .split(","),
    ...[",", ", ", "\n\n", "|\n  ", ">\n  ", "|-\n   ", ">+\n ", "---\n", "\na: ", "\n  b: ", "\n  c: "],
  ),
  { maxLength: 14 },
).map((parts) => parts.join("") + "\n");

/**
 * Where the two may differ: an explicit key, a text of several documents, leading lines of a block that are indented deeper than
 * its text, a comma or colon that begins a line. By the specification an empty line behind an escaped end of line is a line feed,
 * as libyaml has it; the second reader makes a space of it.
 */
const DISPUTED = /\?|---|[|>][-+]?\n\s*\n|(?:^|\n)[ -]*[:,]|\\\n *\n/;

Deno.test("second reader: what another YAML 1.2 reader takes is taken, with the same value", () => {
  let taken = 0;
  fc.assert(
    fc.property(fragments, (text) => {
      const expected = second(text);
      if (expected === undefined || DISPUTED.test(text)) return;
      const { documents, messages } = read(text);
      if (messages.includes("the key of a mapping has to be a text")) return;
      taken++;
      assert.deepEqual(messages, [], text);
      const values = documents.map((document) => withoutNull(treeOf(document)));
      assert.deepEqual(values.filter((value) => value !== ""), expected, text);
    }),
    { numRuns: 5000 },
  );
  assert.ok(taken > 200, `${taken} texts were compared`);
});
