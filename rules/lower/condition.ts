// Partial evaluation of a condition for one event type.
// In: a checked condition. Out: the residual predicate; the constant `false` when the rule cannot match.
// Macros are the same object wherever they are used, and most checks do not depend on the event type: both are
// lowered once and remembered.

import type { EventDef } from "../../schema/mod.ts";
import type { CheckedExpr, CheckedField, CheckedOperand } from "../check/checked.ts";
import type { Graph, PredicateNode } from "./ir.ts";
import { lowerCheck } from "./check.ts";
import { hasFd } from "./events.ts";
import { and, not, or } from "./logic.ts";

/**
 * On what a predicate depends besides the values of fields: 0 nothing, 1 whether the event has an fd, 2 the type.
 */
type Dependence = 0 | 1 | 2;

const TYPE_FIELDS: ReadonlySet<string> = new Set([
  "evt.num",
  "evt.type",
  "syscall.type",
  "evt.type.is",
  "evt.dir",
  "evt.source",
  "evt.category",
  "evt.count",
  "evt.is_async",
  "evt.asynctype",
  "evt.is_io",
  "evt.is_io_read",
  "evt.is_io_write",
  "evt.is_wait",
  "evt.io_dir",
  "evt.arg",
  "evt.rawarg",
]);

/** Whether the event's type alone can decide what the field is. */
export function dependsOnType({ field }: CheckedField): boolean {
  return TYPE_FIELDS.has(field.name);
}

export class ConditionLowerer {
  readonly #dependence = new Map<CheckedExpr, Dependence>();
  /** by dependence: one result for all events, one for events with an fd and one for the others, one per type */
  readonly #known = new Map<CheckedExpr, Map<number, PredicateNode>>();

  constructor(readonly graph: Graph) {}

  lower(expr: CheckedExpr, event: EventDef): PredicateNode {
    const dependence = this.#dependenceOf(expr);
    const key = dependence === 0 ? -1 : dependence === 1 ? (hasFd(event) ? -2 : -3) : event.code;
    let results = this.#known.get(expr);
    if (results === undefined) {
      results = new Map();
      this.#known.set(expr, results);
    }
    let result = results.get(key);
    if (result === undefined) {
      result = this.#lower(expr, event);
      results.set(key, result);
    }
    return result;
  }

  #lower(expr: CheckedExpr, event: EventDef): PredicateNode {
    switch (expr.kind) {
      case "check":
        return lowerCheck(this.graph, expr, event);
      case "not":
        return not(this.graph, this.lower(expr.operand, event));
      case "and":
      case "or": {
        // a decisive operand ends the work: most rules are constant on most events
        const decisive = expr.kind === "or" ? this.graph.true : this.graph.false;
        const operands: PredicateNode[] = [];
        for (const operand of expr.operands) {
          const node = this.lower(operand, event);
          if (node === decisive) return decisive;
          operands.push(node);
        }
        return expr.kind === "and" ? and(this.graph, operands) : or(this.graph, operands);
      }
    }
  }

  #dependenceOf(expr: CheckedExpr): Dependence {
    let found = this.#dependence.get(expr);
    if (found === undefined) {
      if (expr.kind === "check") {
        found = strongest([expr.left, ...expr.right], operandDependence);
      } else if (expr.kind === "not") found = this.#dependenceOf(expr.operand);
      else found = strongest(expr.operands, (operand) => this.#dependenceOf(operand));
      this.#dependence.set(expr, found);
    }
    return found;
  }
}

function strongest<T>(items: readonly T[], of: (item: T) => Dependence): Dependence {
  let most: Dependence = 0;
  for (const item of items) {
    const one = of(item);
    if (one > most) most = one;
  }
  return most;
}

function operandDependence(operand: CheckedOperand): Dependence {
  if (operand.kind === "transformer") return strongest(operand.operands, operandDependence);
  if (operand.kind !== "field") return 0;
  if (TYPE_FIELDS.has(operand.field.name)) return 2;
  return operand.field.class === "fd" ? 1 : 0;
}
