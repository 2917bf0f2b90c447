// A part of a condition on one line, as its author thinks of it.
// In: a tree. Out: text: macros and exceptions by their names, lists as the tree has them.
// Elsewhere: making the tree (condition_tree.ts), a condition as Falco reads it (syntax/print_condition.ts).

import type { ConditionTree } from "./condition_tree.ts";

export function conditionText(tree: ConditionTree): string {
  switch (tree.kind) {
    case "check":
      return tree.text;
    case "not":
      return `not ${conditionText(tree.operand)}`;
    case "macro":
      return tree.name;
    case "exception":
      return `exception ${tree.name}`;
    default:
      return `(${tree.operands.map(conditionText).join(` ${tree.kind} `)})`;
  }
}
