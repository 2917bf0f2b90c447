// Rough costs (ns) and truth chances of predicates. They only order the operands of `and` and `or`, cheap and
// decisive ones first; a wrong guess costs time, never correctness.

import type { FieldDef } from "../../schema/mod.ts";
import type { PredicateNode, Structure, ValueNode } from "./ir.ts";

const FIELD_NS = { 1: 3, 2: 8, 3: 40, 4: 150 } as const;
/** how many ancestors a search looks at */
const ANCESTORS = 5;

const PRIMITIVES: Readonly<Record<string, readonly [ns: number, chance: number]>> = {
  str_eq: [1, 0.05],
  str_ne: [2, 0.9],
  str_compare: [3, 0.5],
  str_startswith: [2, 0.1],
  str_endswith: [2, 0.1],
  str_contains: [15, 0.1],
  str_icontains: [30, 0.1],
  str_glob: [25, 0.1],
  str_iglob: [40, 0.1],
  str_regex: [60, 0.1],
  str_in: [6, 0.15],
  str_pmatch: [12, 0.15],
  num_in: [4, 0.2],
  ip_eq: [2, 0.05],
  ip_in: [6, 0.1],
  net_contains: [10, 0.3],
};

const TRANSFORM_NS: Readonly<Record<string, number>> = { text_len: 1, text_basename: 8 };

export function fieldCost(field: FieldDef): number {
  return FIELD_NS[field.cost];
}

export function transformCost(fn: string): number {
  return TRANSFORM_NS[fn] ?? 40;
}

/** Cost and chance of one primitive; larger tables are somewhat dearer and truer. */
export function testCost(
  fn: string,
  left: ValueNode,
  right: ValueNode | Structure,
): { cost: number; chance: number } {
  const [ns, chance] = PRIMITIVES[fn] ?? [50, 0.3];
  const rightNs = "id" in right ? right.cost : 0;
  const items = "items" in right ? right.items.length : 1;
  const linear = fn === "str_pmatch" || fn === "net_contains" ? items : 1;
  return {
    cost: left.cost + rightNs + ns * Math.min(linear, 8),
    chance: Math.min(chance * (1 + items / 50), 0.6),
  };
}

export function ancestorsCost(fieldNs: number, test: PredicateNode): { cost: number; chance: number } {
  return { cost: ANCESTORS * (fieldNs + test.cost), chance: Math.min(1, 2 * test.chance) };
}

/** Expected cost of operands in a fixed order, and the chance of the whole. */
export function logicCost(
  kind: "and" | "or" | "one",
  operands: readonly PredicateNode[],
): { cost: number; chance: number } {
  let reached = 1;
  let cost = 0;
  for (const operand of operands) {
    cost += reached * operand.cost;
    reached *= kind === "and" ? operand.chance : kind === "or" ? 1 - operand.chance : 1;
  }
  return { cost, chance: kind === "and" ? reached : kind === "or" ? 1 - reached : 0.3 };
}

/** Where an operand belongs in a chain: lowest cost for a decision first. */
export function rank(kind: "and" | "or", operand: PredicateNode): number {
  const decides = kind === "and" ? 1 - operand.chance : operand.chance;
  return (operand.cost + 0.5) / (decides + 0.01);
}
