// What kept an event from matching: the fewest checks that would have had to answer otherwise.
// In: the condition as a tree, the answers of its checks. Out: these checks, with the macros and the exception they are in.
// Elsewhere: the answers, and how many checks these are, come from the engine (rules/emit/explanation.ts).

import type { ConditionTree, TreeLeaf } from "../../rules/mod.ts";

export interface Flip {
  readonly leaf: TreeLeaf;
  /** what the check would have had to answer */
  readonly wanted: boolean;
  /** names of macros around it, outermost first */
  readonly macros: readonly string[];
  /** the exception that excludes the event by this check */
  readonly exception?: string;
}

interface Around {
  readonly macros: readonly string[];
  readonly exception?: string;
}

/** Whether a part of the condition holds. */
export function holds(tree: ConditionTree, answers: readonly boolean[]): boolean {
  switch (tree.kind) {
    case "check":
      return answers[tree.leaf]!;
    case "not":
      return !holds(tree.operand, answers);
    case "and":
      return tree.operands.every((operand) => holds(operand, answers));
    case "or":
      return tree.operands.some((operand) => holds(operand, answers));
    default:
      return holds(tree.body, answers);
  }
}

export function fewestFlips(tree: ConditionTree, answers: readonly boolean[]): readonly Flip[] {
  return flips(tree, answers, true, { macros: [] });
}

function flips(
  tree: ConditionTree,
  answers: readonly boolean[],
  wanted: boolean,
  around: Around,
): readonly Flip[] {
  switch (tree.kind) {
    case "check":
      return answers[tree.leaf] === wanted ? [] : [{ leaf: tree, wanted, ...around }];
    case "not":
      return flips(tree.operand, answers, !wanted, around);
    case "macro":
      return flips(tree.body, answers, wanted, { ...around, macros: [...around.macros, tree.name] });
    case "exception":
      return flips(tree.body, answers, wanted, { ...around, exception: tree.name });
    default: {
      const parts = tree.operands.map((operand) => flips(operand, answers, wanted, around));
      if ((tree.kind === "and") === wanted) return parts.flat();
      return parts.reduce((least, part) => part.length < least.length ? part : least);
    }
  }
}
