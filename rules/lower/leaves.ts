// Makes the leaf predicates: primitives of the matcher on one value, number comparisons, presence, ancestors.
// A look-up in a table of one item is an equality, in an empty table it is false.

import type {
  AncestorsNode,
  CompareNode,
  Comparison,
  Form,
  Graph,
  PredicateNode,
  PresentNode,
  Structure,
  TestNode,
  ValueNode,
} from "./ir.ts";
import { ancestorsCost, testCost } from "./cost.ts";
import { distinct } from "./distinct.ts";

/** A small table may become a chain of comparisons, a large one is one call. */
const MAX_TABLE_SIZE = 4;

export function present(graph: Graph, value: ValueNode): PredicateNode {
  if (value.kind === "text" || value.kind === "number") return graph.true;
  return graph.intern<PresentNode>(`present ${value.id}`, {
    kind: "present",
    value,
    cost: value.cost,
    chance: 0.9,
    bound: value.bound,
    size: 1,
  });
}

export function compare(
  graph: Graph,
  operator: Comparison,
  left: ValueNode,
  right: ValueNode,
): PredicateNode {
  return graph.intern<CompareNode>(`compare ${operator} ${left.id} ${right.id}`, {
    kind: "compare",
    operator,
    left,
    right,
    cost: left.cost + right.cost + 0.5,
    chance: operator === "=" ? 0.1 : operator === "!=" ? 0.9 : 0.5,
    bound: left.bound || right.bound,
    size: 1,
  });
}

export function test(
  graph: Graph,
  fn: string,
  left: ValueNode,
  right: ValueNode | Structure,
  operator?: Comparison,
): PredicateNode {
  const rightKey = "id" in right ? `${right.id}` : graph.structureKey(right);
  return graph.intern<TestNode>(`test ${fn} ${operator ?? ""} ${left.id} ${rightKey}`, {
    kind: "test",
    fn,
    left,
    right,
    ...(operator === undefined ? {} : { operator }),
    ...testCost(fn, left, right),
    bound: left.bound || ("id" in right && right.bound),
    size: "items" in right ? Math.min(right.items.length, MAX_TABLE_SIZE) : 1,
  });
}

export function numberIn(graph: Graph, left: ValueNode, items: readonly bigint[]): PredicateNode {
  const wrapped = [...new Set(items.map((item) => BigInt.asIntN(64, item)))];
  wrapped.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (wrapped.length === 0) return graph.false;
  if (wrapped.length === 1) return compare(graph, "=", left, graph.number(wrapped[0]!, left.form));
  return test(graph, "num_in", left, { kind: "numbers", items: wrapped });
}

/** Texts (`str`) or addresses (`ip`). */
export function bytesIn(
  graph: Graph,
  family: "str" | "ip",
  left: ValueNode,
  items: readonly Uint8Array[],
): PredicateNode {
  const unique = distinct(items);
  if (unique.length === 0) return graph.false;
  if (unique.length === 1) return test(graph, `${family}_eq`, left, graph.text(unique[0]!));
  return test(graph, `${family}_in`, left, { kind: "texts", items: unique });
}

export function pathMatch(graph: Graph, left: ValueNode, items: readonly Uint8Array[]): PredicateNode {
  const unique = distinct(items);
  return unique.length === 0
    ? graph.false
    : test(graph, "str_pmatch", left, { kind: "paths", items: unique });
}

export function netContains(
  graph: Graph,
  left: ValueNode,
  items: readonly { bytes: Uint8Array; prefixBits: number }[],
): PredicateNode {
  const unique = new Map(items.map((net) => [`${net.bytes.join(".")}/${net.prefixBits}`, net]));
  const nets = [...unique.keys()].sort().map((key) => unique.get(key)!);
  return nets.length === 0 ? graph.false : test(graph, "net_contains", left, { kind: "nets", items: nets });
}

/** Some ancestor satisfies `inner`, a predicate over `graph.item(form)`. */
export function anyAncestor(
  graph: Graph,
  fn: string,
  form: Form,
  fieldNs: number,
  inner: PredicateNode,
): PredicateNode {
  if (inner.kind === "constant" && !inner.value) return inner;
  return graph.intern<AncestorsNode>(`ancestors ${fn} ${inner.id}`, {
    kind: "ancestors",
    fn,
    form,
    test: inner,
    ...ancestorsCost(fieldNs, inner),
    bound: false,
    size: inner.size + 1,
  });
}
