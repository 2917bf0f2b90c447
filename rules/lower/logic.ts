// Boolean construction: flattens, folds constants, removes repeated operands, merges equality checks on one
// value into a set, and puts cheap and decisive operands first.
// A missing value makes every check false, so `x = a or x = b` and `x in (a, b)` agree on it, and negation is
// ordinary: `not (check)` is true when the value is missing.

import type { ConstantNode, Graph, LogicNode, NotNode, PredicateNode, TestNode, ValueNode } from "./ir.ts";
import { logicCost, rank } from "./cost.ts";
import { mergeAlternatives } from "./merge.ts";

const MAX_SIZE = 1 << 20;

function isConstant(node: PredicateNode, value: boolean): node is ConstantNode {
  return node.kind === "constant" && node.value === value;
}

export function not(graph: Graph, operand: PredicateNode): PredicateNode {
  if (operand.kind === "constant") return operand.value ? graph.false : graph.true;
  if (operand.kind === "not") return operand.operand;
  return graph.intern<NotNode>(`not ${operand.id}`, {
    kind: "not",
    operand,
    cost: operand.cost,
    chance: 1 - operand.chance,
    bound: operand.bound,
    size: operand.size,
  });
}

export function and(graph: Graph, operands: readonly PredicateNode[]): PredicateNode {
  return chain(graph, "and", operands);
}

export function or(graph: Graph, operands: readonly PredicateNode[]): PredicateNode {
  return chain(graph, "or", operands);
}

/** The operands in this order, none of them joined with others: for programs that count (lower_leaves.ts). */
export function inOrder(
  graph: Graph,
  kind: "and" | "or",
  operands: readonly PredicateNode[],
): PredicateNode {
  return operands.length === 1 ? operands[0]! : logicNode(graph, kind, operands);
}

/** Exactly one operand holds; operands are as the rule has them, repeated ones count twice. */
export function one(graph: Graph, operands: readonly PredicateNode[]): PredicateNode {
  if (operands.length === 0) return graph.false;
  if (operands.length === 1) return operands[0]!;
  return logicNode(graph, "one", operands);
}

function chain(graph: Graph, kind: "and" | "or", operands: readonly PredicateNode[]): PredicateNode {
  const decisive = kind === "or";
  const flat = new Set<PredicateNode>();
  const add = (operand: PredicateNode): void => {
    if (operand.kind === kind) { for (const inner of operand.operands) add(inner); }
    else if (!isConstant(operand, !decisive)) flat.add(operand);
  };
  for (const operand of operands) add(operand);
  const merged = kind === "or" ? mergeAlternatives(graph, flat) : mergeNegated(graph, flat);
  for (const operand of merged) {
    const opposite = operand.kind === "not" ? operand.operand : undefined;
    if (isConstant(operand, decisive) || (opposite !== undefined && merged.has(opposite))) {
      return decisive ? graph.true : graph.false;
    }
  }
  const list = [...merged];
  if (list.length === 0) return decisive ? graph.false : graph.true;
  if (list.length === 1) return list[0]!;
  const ranks = new Map(list.map((operand) => [operand, rank(kind, operand)]));
  list.sort((a, b) => ranks.get(a)! - ranks.get(b)! || a.id - b.id);
  return logicNode(graph, kind, list);
}

function logicNode(
  graph: Graph,
  kind: "and" | "or" | "one",
  operands: readonly PredicateNode[],
): PredicateNode {
  return graph.intern<LogicNode>(`${kind} ${operands.map((operand) => operand.id)}`, {
    kind,
    operands,
    ...logicCost(kind, operands),
    bound: operands.some((operand) => operand.bound),
    size: Math.min(MAX_SIZE, operands.reduce((sum, operand) => sum + operand.size, 1)),
  });
}

/** `not x = a and not x = b` is `not x in (a, b)`: negated checks on one value become one. */
function mergeNegated(graph: Graph, operands: ReadonlySet<PredicateNode>): ReadonlySet<PredicateNode> {
  const groups = new Map<ValueNode, TestNode[]>();
  for (const operand of operands) {
    if (operand.kind !== "not" || operand.operand.kind !== "test") continue;
    const check = operand.operand;
    const group = groups.get(check.left);
    if (group === undefined) groups.set(check.left, [check]);
    else group.push(check);
  }
  const result = new Set(operands);
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const merged = mergeAlternatives(graph, new Set(group));
    if (merged.size === group.length) continue;
    for (const check of group) result.delete(not(graph, check));
    for (const check of merged) result.add(not(graph, check));
  }
  return result;
}
