// The variant of lower.ts for a module that explains one rule: for each event the answer of every check, how far the condition
// is from being true, and the values that its checks look at.
// In: the rules that run, the one to explain. Out: a program of its own kind.
// Elsewhere: code of it (rules/emit/explanation.ts), which events to show and how (ruletest/explain/).
//
// A check is lowered by the same code as ever. Every predicate is pure, so evaluating all of them changes nothing.

import type { EventDef } from "../../schema/mod.ts";
import type { CheckedExpr, CheckedRule, OutputField } from "../check/checked.ts";
import { ConditionLowerer } from "./condition.ts";
import { EVALUATED_EVENTS, PLUGIN_EVENT } from "./events.ts";
import { Graph, type PredicateNode } from "./ir.ts";
import { leavesOf, partsOf } from "./lower_leaves.ts";
import { type OutputValue, outputValue } from "./output.ts";

/** How many checks would have to answer otherwise for the condition to be true. */
export type Distance =
  /** 0 when the check answers `wanted`, else 1 */
  | { readonly kind: "leaf"; readonly leaf: number; readonly wanted: boolean }
  | { readonly kind: "sum" | "least"; readonly operands: readonly Distance[] };

export interface ExplainedEvent {
  readonly event: EventDef;
  /** all must hold, or the event is passed over */
  readonly filters: readonly PredicateNode[];
  /** by check, in the order of the text */
  readonly leaves: readonly PredicateNode[];
  /** conditions of the rules that would take the event before, by their position in `earlier`; false ones for others */
  readonly earlier: readonly PredicateNode[];
  /** the type alone does not keep the rule from matching */
  readonly canMatch: boolean;
}

export interface ExplanationProgram {
  readonly graph: Graph;
  readonly events: readonly ExplainedEvent[];
  /** of what the rule asks for, and of what it excludes: `not …` and exceptions */
  readonly asked: Distance;
  readonly excluded: Distance;
  readonly outputs: readonly OutputValue[];
}

export interface ExplanationRequest {
  readonly rule: CheckedRule;
  /** rules of the same source that take an event before it does */
  readonly earlier: readonly CheckedRule[];
  /** what is handed over of an event besides the answers */
  readonly values: readonly OutputField[];
  /** holds for the events that matter */
  readonly filters: readonly CheckedExpr[];
  /** events of types that the rule cannot match matter too */
  readonly everyType: boolean;
}

export function lowerExplanation(request: ExplanationRequest): ExplanationProgram {
  const { rule, earlier, values, filters, everyType } = request;
  const graph = new Graph();
  const lowerer = new ConditionLowerer(graph);
  const checks = leavesOf(rule.condition);
  const isSyscall = rule.source === "syscall";
  const events = (isSyscall ? EVALUATED_EVENTS : [PLUGIN_EVENT]).map((event): ExplainedEvent => ({
    event,
    filters: filters.map((filter) => lowerer.lower(filter, event)),
    leaves: checks.map((check) => lowerer.lower(check, event)),
    earlier: earlier.map(({ condition }) => lowerer.lower(condition, event)),
    canMatch: lowerer.lower(rule.condition, event) !== graph.false,
  })).filter(({ canMatch, filters }) =>
    (canMatch || everyType) && !filters.some((filter) => filter === graph.false)
  );
  const only = isSyscall ? undefined : PLUGIN_EVENT;
  return {
    graph,
    events,
    ...distancesOf(rule.condition),
    outputs: values.map((value) => outputValue(graph, value, only)),
  };
}

/** `not` is led down to the checks. */
function distancesOf(condition: CheckedExpr): Pick<ExplanationProgram, "asked" | "excluded"> {
  let leaf = 0;
  const of = (expr: CheckedExpr, wanted: boolean): Distance => {
    switch (expr.kind) {
      case "check":
        return { kind: "leaf", leaf: leaf++, wanted };
      case "not":
        return of(expr.operand, !wanted);
      default: {
        const operands = expr.operands.map((operand) => of(operand, wanted));
        return { kind: (expr.kind === "and") === wanted ? "sum" : "least", operands };
      }
    }
  };
  const asked: Distance[] = [];
  const excluded: Distance[] = [];
  for (const part of partsOf(condition)) (part.kind === "not" ? excluded : asked).push(of(part, true));
  return { asked: { kind: "sum", operands: asked }, excluded: { kind: "sum", operands: excluded } };
}
