// First stage of the back half: for each event type, which rules can match it and under what residual condition.
// In: checked rules. Out: a program over one shared DAG. Next stage: rules/emit/.

import type { EventDef } from "../../schema/mod.ts";
import type { CheckedRule } from "../check/checked.ts";
import { Graph, type PredicateNode } from "./ir.ts";
import { ConditionLowerer } from "./condition.ts";
import { EVALUATED_EVENTS, PLUGIN_EVENT } from "./events.ts";
import { type OutputValue, outputValue } from "./output.ts";

/** One rule on one event type. */
export interface Candidate {
  /** position of the rule in the input */
  readonly rule: number;
  readonly condition: PredicateNode;
}

export interface EventProgram {
  readonly event: EventDef;
  /** in definition order */
  readonly candidates: readonly Candidate[];
}

export interface Program {
  readonly graph: Graph;
  /** event types that at least one rule can match, by code */
  readonly events: readonly EventProgram[];
  /** by rule; undefined for rules that no event can match */
  readonly outputs: readonly (readonly OutputValue[] | undefined)[];
}

/**
 * `first`: after a rule that always matches nothing else is reached.
 * @param of the source whose rules are lowered; the others keep their numbers
 */
export function lower(
  rules: readonly CheckedRule[],
  matching: "first" | "all",
  of = "syscall",
  graph: Graph = new Graph(),
): Program {
  const lowerer = new ConditionLowerer(graph);
  const events: EventProgram[] = [];
  const reachable = new Set<number>();
  for (const event of of === "syscall" ? EVALUATED_EVENTS : [PLUGIN_EVENT]) {
    const candidates: Candidate[] = [];
    for (const [rule, { condition, source }] of rules.entries()) {
      if (source !== of) continue;
      const residual = lowerer.lower(condition, event);
      if (residual === graph.false) continue;
      candidates.push({ rule, condition: residual });
      reachable.add(rule);
      if (residual === graph.true && matching === "first") break;
    }
    if (candidates.length > 0) events.push({ event, candidates });
  }
  const only = of === "syscall" ? undefined : PLUGIN_EVENT;
  const outputs = rules.map((rule, index) =>
    reachable.has(index) ? rule.output.fields.map((field) => outputValue(graph, field, only)) : undefined
  );
  return { graph, events, outputs };
}
