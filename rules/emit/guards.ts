// Splits a rule's condition into cheap leading checks, which stand in the event's function, and the rest, which
// may be a function that several events share. Most rules end at the first check for most events; that end
// should cost a comparison, not a call.

import type { Graph, PredicateNode, ValueNode } from "../lower/ir.ts";
import { and } from "../lower/logic.ts";
import type { Candidate } from "../lower/lower.ts";
import { isInlineText } from "./inline_text.ts";

/** More of them go into the rest: the function of an event must not grow without bounds. */
const MAX_GUARDS = 16;

export interface GuardedCandidate {
  readonly rule: number;
  /** all must hold, in this order */
  readonly guards: readonly PredicateNode[];
  readonly rest: PredicateNode;
}

export function splitGuards(graph: Graph, { rule, condition }: Candidate): GuardedCandidate {
  if (condition.kind !== "and") {
    return isGuard(condition)
      ? { rule, guards: [condition], rest: graph.true }
      : { rule, guards: [], rest: condition };
  }
  const { operands } = condition;
  const firstOther = operands.findIndex((operand) => !isGuard(operand));
  const count = Math.min(firstOther < 0 ? operands.length : firstOther, MAX_GUARDS);
  // in a program that counts, operands keep the order in which they are
  if (count === 0) return { rule, guards: [], rest: condition };
  return { rule, guards: operands.slice(0, count), rest: and(graph, operands.slice(count)) };
}

/** A check without a call, its value apart. */
function isGuard(node: PredicateNode): boolean {
  switch (node.kind) {
    case "not":
      return isGuard(node.operand);
    case "present":
    case "compare":
      return true;
    case "test":
      return node.right.kind === "text" && isInlineText(node.fn, node.right.bytes);
    default:
      return false;
  }
}

/** The value that a guard looks at. */
function subject(node: PredicateNode): ValueNode | undefined {
  switch (node.kind) {
    case "not":
      return subject(node.operand);
    case "present":
      return node.value;
    case "compare":
    case "test":
      return node.left;
    default:
      return undefined;
  }
}

/** Values with which two rules or more begin: the event's function asks for them once, at its start. */
export function leadingValues(candidates: readonly GuardedCandidate[]): readonly ValueNode[] {
  const counts = new Map<ValueNode, number>();
  for (const { guards: [first] } of candidates) {
    const value = first && subject(first);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([value]) => value);
}
