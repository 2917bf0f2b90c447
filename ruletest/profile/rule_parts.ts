// The parts of a rule that have to hold together, in words: what the counters of a profile are about.
// In: the condition as a tree. Out: a part for each of `RuleSlots.parts` (rules/lower/lower_leaves.ts), in the same order.

import { conditionText, type ConditionTree } from "../../rules/mod.ts";

/** A list or a long alternative is cut. */
const MAX_CHARACTERS = 100;

export interface PartText {
  readonly text: string;
  /** names of macros around it, outermost first */
  readonly macros: readonly string[];
}

export function partTexts(tree: ConditionTree, macros: readonly string[] = []): readonly PartText[] {
  switch (tree.kind) {
    case "and":
      return tree.operands.flatMap((operand) => partTexts(operand, macros));
    case "macro":
      // a macro of several parts is taken apart as the counters take it apart
      return isAnd(tree.body) ? partTexts(tree.body, [...macros, tree.name]) : [{ text: tree.name, macros }];
    case "exception":
      return partTexts(tree.body, [...macros, tree.name]);
    default:
      return [{ text: cut(conditionText(tree)), macros }];
  }
}

function isAnd(tree: ConditionTree): boolean {
  return tree.kind === "and" || ((tree.kind === "macro" || tree.kind === "exception") && isAnd(tree.body));
}

function cut(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}…`;
}
