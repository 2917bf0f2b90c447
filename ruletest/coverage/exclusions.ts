// What a rule excludes: each `not …` among what has to hold together, exceptions included.
// In: the condition as a tree. Out: one entry for each of `RuleSlots.exclusions` (rules/lower/lower_leaves.ts), in the same
// order.

import { conditionText, type ConditionTree } from "../../rules/mod.ts";
import { type FixedChecks, isConstant } from "./fixed.ts";

export interface Exclusion {
  /** as it stands behind `not` */
  readonly text: string;
  /** macros that it is in, outermost first */
  readonly within: readonly string[];
  /** it cannot exclude anything: a list is empty, a placeholder has no meaning yet, something else has decided it before */
  readonly isFixed: boolean;
}

/** @param eventTypes those that the rule can match */
export function exclusionsOf(
  tree: ConditionTree,
  eventTypes: bigint,
  fixed: FixedChecks,
  within: readonly string[] = [],
): readonly Exclusion[] {
  switch (tree.kind) {
    case "and":
      return tree.operands.flatMap((operand) => exclusionsOf(operand, eventTypes, fixed, within));
    case "macro":
    case "exception":
      return exclusionsOf(tree.body, eventTypes, fixed, [...within, `${tree.kind} ${tree.name}`]);
    case "not":
      return [{
        text: conditionText(tree.operand),
        within,
        isFixed: isConstant(tree, eventTypes) || checksOf(tree).every((check) => fixed.has(check)),
      }];
    default:
      return [];
  }
}

/** By number. */
function checksOf(tree: ConditionTree): readonly number[] {
  switch (tree.kind) {
    case "check":
      return [tree.leaf];
    case "not":
      return checksOf(tree.operand);
    case "macro":
    case "exception":
      return checksOf(tree.body);
    default:
      return tree.operands.flatMap(checksOf);
  }
}
