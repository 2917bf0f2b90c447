// One check on one event becomes a predicate: folded to a constant where the event's type decides it, spread
// over both ends of a connection or over all ancestors where the field asks for it, else one comparison.
// In: a checked check. Out: a predicate. Elsewhere: the comparison itself (comparison.ts).

import type { EventDef } from "../../schema/mod.ts";
import type { CheckedCheck, CheckedField } from "../check/checked.ts";
import type { Graph, PredicateNode } from "./ir.ts";
import { comparison } from "./comparison.ts";
import { fieldCost } from "./cost.ts";
import { and, not, or } from "./logic.ts";
import { endpoints, isAnyAncestor, operandValue, shapeOf, type Value } from "./operand.ts";
import { decide } from "./static_check.ts";
import { knownValue } from "./static_value.ts";
import { anyAncestor } from "./leaves.ts";

export function lowerCheck(graph: Graph, check: CheckedCheck, event: EventDef): PredicateNode {
  const { left } = check;
  if (left.kind === "field") {
    if (isAround(check)) return lowerCheck(graph, { ...check, operator: "<=" }, event);
    const known = knownValue(left, event);
    const decided = known === undefined ? undefined : decide(known, check);
    if (decided !== undefined) return decided ? graph.true : graph.false;
    const ends = endpoints(left.field);
    if (ends !== undefined) return lowerEnds(graph, check, ends, event);
    if (isAnyAncestor(left)) return lowerAncestors(graph, check, left, event);
  }
  const value = operandValue(graph, left, event);
  return value === undefined ? graph.false : lowerComparison(graph, check, value, event);
}

/** The field is the distance between two times: `evt.around[T] = 500` is at most 500. */
function isAround({ left, operator }: CheckedCheck): boolean {
  return operator === "=" && left.kind === "field" && left.field.name === "evt.around";
}

/** `=` and the like hold for either end; `!=` holds when no end is equal. A listening socket has one end. */
function lowerEnds(
  graph: Graph,
  check: CheckedCheck,
  ends: readonly CheckedField[],
  event: EventDef,
): PredicateNode {
  const perEnd = (operator: CheckedCheck["operator"]) =>
    ends.map((left) => lowerCheck(graph, { ...check, left, operator }, event));
  if (check.operator !== "!=") return or(graph, perEnd(check.operator));
  if (check.modifier !== undefined) return and(graph, perEnd("!="));
  return and(graph, [or(graph, perEnd("exists")), not(graph, or(graph, perEnd("=")))]);
}

function lowerAncestors(
  graph: Graph,
  check: CheckedCheck,
  { field }: CheckedField,
  event: EventDef,
): PredicateNode {
  if (field.fn === undefined) return graph.false;
  const { form, type } = shapeOf(field);
  const inner = lowerComparison(graph, check, { type, node: graph.item(form) }, event);
  return anyAncestor(graph, field.fn, form, fieldCost(field), inner);
}

function lowerComparison(graph: Graph, check: CheckedCheck, left: Value, event: EventDef): PredicateNode {
  const right: Value[] = [];
  for (const operand of check.right) {
    const value = operandValue(graph, operand, event);
    // a missing value on the right is equal to nothing: it drops out of a list and makes a comparison false
    if (value !== undefined) right.push(value);
    else if (check.operator !== "in" && check.operator !== "intersects") return graph.false;
  }
  return comparison(graph, check.operator, check.modifier, left, right);
}
