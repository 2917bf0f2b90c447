// The macros that a condition names, and the condition with other conditions in their place.
// In: a parsed condition; what each use means. Out: the uses in their order; a condition without macros.
// Elsewhere: what a macro means (macros.ts).

import type { Expr, MacroUse, Unread } from "../syntax/ast.ts";
import type { JoinedTo } from "./undefined_macro.ts";

export interface Use {
  readonly part: MacroUse | Unread;
  readonly joined?: JoinedTo | undefined;
}

/** Macros in the order of the condition, and what could not be read there. */
export function usesIn(expr: Expr, into: Use[] = [], joined?: JoinedTo): readonly Use[] {
  if (expr.kind === "macro" || expr.kind === "unread") into.push({ part: expr, joined });
  else if (expr.kind === "not") usesIn(expr.operand, into);
  else if (expr.kind !== "check") {
    for (const [at, operand] of expr.operands.entries()) {
      usesIn(operand, into, { kind: expr.kind, before: expr.operands[at - 1] });
    }
  }
  return into;
}

/** A condition with the next meaning in place of each use; what has none is left out. */
export function withMeanings(expr: Expr, next: () => Expr | undefined): Expr | undefined {
  switch (expr.kind) {
    case "check":
      return expr;
    case "macro":
    case "unread":
      return next();
    case "not": {
      const operand = withMeanings(expr.operand, next);
      if (operand === undefined) return undefined;
      return operand === expr.operand ? expr : { ...expr, operand };
    }
    case "and":
    case "or": {
      const operands = expr.operands.map((operand) => withMeanings(operand, next));
      if (operands.every((operand, at) => operand === expr.operands[at])) return expr;
      const known = operands.filter((operand) => operand !== undefined);
      return known.length === 0 ? undefined : { ...expr, operands: known };
    }
  }
}
