// The intermediate form: hash consing, and golden files of what conditions become.

import assert from "node:assert/strict";
import { Graph } from "../../../rules/lower/ir.ts";
import { dumpProgram, quoted } from "../../../rules/lower/dump.ts";
import { lower } from "../../../rules/lower/lower.ts";
import { bytesIn, compare, numberIn } from "../../../rules/lower/leaves.ts";
import { assertGolden, goldenRules } from "../program_golden.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("equal descriptions are one node", () => {
  const graph = new Graph();
  const name = () => graph.field("proc_name", "view", 3);
  assert.equal(name(), name());
  assert.notEqual(name(), graph.field("proc_name", "view", 3, 1));
  const set = (...items: string[]) => bytesIn(graph, "str", name(), items.map(bytes));
  assert.equal(set("a", "b", "c"), set("c", "b", "a", "b"));
  assert.notEqual(set("a", "b"), set("a", "c"));
  assert.notEqual(set("ab", "c"), set("a", "bc"));
});

Deno.test("a table of one item is an equality, an empty one is false", () => {
  const graph = new Graph();
  const name = graph.field("proc_name", "view", 3), pid = graph.field("proc_pid", "int", 3);
  assert.equal(bytesIn(graph, "str", name, []), graph.false);
  const single = bytesIn(graph, "str", name, [bytes("a")]);
  assert.equal(single.kind === "test" && single.fn, "str_eq");
  assert.equal(numberIn(graph, pid, [7n, 7n]), compare(graph, "=", pid, graph.number(7n, "int")));
});

Deno.test("the text form escapes what is not printable", () => {
  assert.equal(quoted(Uint8Array.of(0x61, 0x22, 0x5c, 0x0a, 0xff)), '"a\\"\\\\\\0a\\ff"');
});

Deno.test("golden: conditions per event type", () => {
  const rules = goldenRules("ir/conditions.yaml");
  assertGolden("ir/conditions.ir", dumpProgram(lower(rules, "all"), rules.map((rule) => rule.name)));
});
