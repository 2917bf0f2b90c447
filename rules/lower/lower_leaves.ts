// The variant of lower.ts for a module that counts what each check of a rule answered: for coverage and profiles.
// In: checked rules. Out: a program in which each check is a `leaf` node with a slot of its own, and what each slot is.
// Elsewhere: the counters (rules/emit/leaf_counters.ts), what a check looks like to people (rules/describe/condition_tree.ts).
//
// A check is lowered by the same code as ever; only `and` and `or` around it are other ones, so that no two checks are joined
// into one. Every predicate is pure, so the rules match the same events.
//
// `written`: as a reader of the rule sees it, from left to right, up to the check that decides. Checks that the event's type
//   decides are counted, too: for a rule that is not evaluated at all on a type, once per event.
//   An exclusion (`not …` among what has to hold together) is also looked at apart: has it ever been all that kept the rule
//   from matching?
// `compiled`: as it is evaluated otherwise: cheap and decisive checks first, without those that the type decides.

import type { CheckedCheck, CheckedExpr, CheckedRule } from "../check/checked.ts";
import { ConditionLowerer, dependsOnType } from "./condition.ts";
import { EVALUATED_EVENTS, PLUGIN_EVENT } from "./events.ts";
import { Graph, type PredicateNode } from "./ir.ts";
import { and, inOrder, not, or } from "./logic.ts";
import { type Candidate, type EventProgram, lower, type Program } from "./lower.ts";
import { knownValue } from "./static_value.ts";

export type LeafOrder = "written" | "compiled";

/** The slots of one rule: those of its checks, in the order of the condition's text, those of its parts, those of its exclusions. */
export interface RuleSlots {
  readonly first: number;
  /** number of checks, each as often as macros repeat it */
  readonly leaves: number;
  /** what has to hold together: the operands of the outermost `and`, each with the range of its checks */
  readonly parts: readonly { readonly begin: number; readonly end: number }[];
  /** positions in `parts`; none in the order `compiled` */
  readonly exclusions: readonly number[];
}

/** A check whose answer follows from the event's type. */
export interface KnownLeaf {
  readonly slot: number;
  readonly answer: boolean;
}

export interface LeafProgram extends Program {
  /** by rule; those of other sources have slots that nothing counts */
  readonly slots: readonly RuleSlots[];
  readonly slotCount: number;
  /** by event code: what is known of rules that are not evaluated on such events */
  readonly known: ReadonlyMap<number, readonly KnownLeaf[]>;
}

export function lowerLeaves(
  rules: readonly CheckedRule[],
  matching: "first" | "all",
  order: LeafOrder,
  of = "syscall",
): LeafProgram {
  const graph = new Graph();
  const plain = new ConditionLowerer(graph);
  let slotCount = 0;
  const lowerers = rules.map((rule) => {
    const made = new RuleLowerer(graph, plain, rule, order, slotCount);
    const { leaves, parts, exclusions } = made.slots;
    slotCount += leaves + parts.length + exclusions.length;
    return made;
  });
  const known = new Map<number, readonly KnownLeaf[]>();
  const events: EventProgram[] = [];
  for (const event of of === "syscall" ? EVALUATED_EVENTS : [PLUGIN_EVENT]) {
    const candidates: Candidate[] = [];
    const decided: KnownLeaf[] = [];
    let isReached = true;
    for (const [rule, { condition, source }] of rules.entries()) {
      if (source !== of) continue;
      const residual = plain.lower(condition, event);
      if (residual === graph.false) {
        if (order === "written") decided.push(...lowerers[rule]!.known(event));
      } else if (isReached) {
        candidates.push({ rule, condition: lowerers[rule]!.lower(event) });
        isReached = residual !== graph.true || matching === "all";
      }
    }
    if (decided.length > 0) known.set(event.code, decided);
    if (candidates.length > 0 || decided.length > 0) events.push({ event, candidates });
  }
  return {
    graph,
    events,
    outputs: lower(rules, matching, of, graph).outputs,
    slots: lowerers.map(({ slots }) => slots),
    slotCount,
    known,
  };
}

type Event = EventProgram["event"];

class RuleLowerer {
  readonly slots: RuleSlots;
  readonly #parts: readonly CheckedExpr[];
  readonly #leaves: readonly CheckedCheck[];
  #next = 0;

  constructor(
    readonly graph: Graph,
    readonly plain: ConditionLowerer,
    { condition }: CheckedRule,
    readonly order: LeafOrder,
    first: number,
  ) {
    this.#parts = partsOf(condition);
    this.#leaves = leavesOf(condition);
    let begin = 0;
    const parts = this.#parts.map((part) => {
      const end = begin + leavesOf(part).length;
      const range = { begin, end };
      begin = end;
      return range;
    });
    const exclusions = this.#parts.flatMap(({ kind }, at) =>
      order === "written" && kind === "not" ? [at] : []
    );
    this.slots = { first, leaves: this.#leaves.length, parts, exclusions };
  }

  lower(event: Event): PredicateNode {
    this.#next = this.slots.first;
    const firstPart = this.slots.first + this.slots.leaves;
    const parts = this.#parts.map((part, index) => this.#leaf(firstPart + index, this.#lower(part, event)));
    if (this.order === "compiled") return and(this.graph, parts);
    return inOrder(this.graph, "and", [...this.#exclusions(firstPart + parts.length, event), ...parts]);
  }

  /** Always true; on the way the exclusion that is all that keeps the rule from matching is counted. What is said twice counts once. */
  #exclusions(firstSlot: number, event: Event): PredicateNode[] {
    const { graph, plain, slots: { exclusions } } = this;
    const parts = this.#parts.map((part) => plain.lower(part, event));
    const alone = exclusions.flatMap((at, index) => {
      const node = and(graph, parts.map((part) => part === parts[at] ? not(graph, part) : part));
      return node === graph.false ? [] : [graph.leaf(firstSlot + index, node)];
    });
    return alone.length === 0 ? [] : [inOrder(graph, "or", [...alone, graph.true])];
  }

  /** What the type of the event decides by a value. That it lacks one (no fd, no such parameter) says nothing of a check. */
  *known(event: Event): Iterable<KnownLeaf> {
    for (const [index, leaf] of this.#leaves.entries()) {
      if (leaf.left.kind !== "field" || !dependsOnType(leaf.left)) continue;
      const value = knownValue(leaf.left, event);
      if (value === undefined || value.kind === "missing") continue;
      const node = this.plain.lower(leaf, event);
      if (node.kind === "constant") yield { slot: this.slots.first + index, answer: node.value };
    }
  }

  #lower(expr: CheckedExpr, event: Event): PredicateNode {
    switch (expr.kind) {
      case "check":
        return this.#leaf(this.#next++, this.plain.lower(expr, event));
      case "not":
        return not(this.graph, this.#lower(expr.operand, event));
      default: {
        const operands = expr.operands.map((operand) => this.#lower(operand, event));
        if (this.order === "written") return inOrder(this.graph, expr.kind, operands);
        return (expr.kind === "and" ? and : or)(this.graph, operands);
      }
    }
  }

  #leaf(slot: number, node: PredicateNode): PredicateNode {
    return this.order === "compiled" && node.kind === "constant" ? node : this.graph.leaf(slot, node);
  }
}

/** What has to hold together, whatever macro it is in. */
export function partsOf(expr: CheckedExpr): readonly CheckedExpr[] {
  return expr.kind === "and" ? expr.operands.flatMap(partsOf) : [expr];
}

/** The checks of a condition in the order of its text. */
export function leavesOf(expr: CheckedExpr): readonly CheckedCheck[] {
  switch (expr.kind) {
    case "check":
      return [expr];
    case "not":
      return leavesOf(expr.operand);
    default:
      return expr.operands.flatMap(leavesOf);
  }
}
