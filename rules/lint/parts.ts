// What is found in the parts of a condition, from the inside out; remembered for each part, since rules share many by their macros.
// In: a condition without macros, what to look for in one part. Out: all that is found, as often as the part is used.

import type { Memory } from "../memory.ts";
import type { Expr } from "../syntax/ast.ts";

export function foundInParts<T>(
  memory: Memory,
  what: string,
  expr: Expr,
  inputs: readonly unknown[],
  look: (part: Expr) => readonly T[],
): readonly T[] {
  const inside = (part: Expr): readonly T[] => {
    const parts = part.kind === "not" ? [part.operand] : "operands" in part ? part.operands : undefined;
    if (parts !== undefined) {
      return memory.recall(what, part, inputs, () => {
        const found: T[] = [];
        for (const inner of parts) found.push(...inside(inner));
        found.push(...look(part));
        return found;
      });
    }
    const found = look(part);
    // a check is soon looked at again, and mostly there is nothing: only what is found has to stay the same object
    return found.length === 0 ? found : memory.recall(what, part, inputs, () => found);
  };
  return inside(expr);
}
