// What the exceptions of a rule have become in its condition, which is `(condition) and not (…) and not (…)`.
// In: a rule with exceptions. Out: its own condition, and for each exception with values the part that stands for it.
// Elsewhere: how exceptions become text (items/exceptions.ts).

import type { Expr } from "../syntax/ast.ts";
import type { ExceptionInfo } from "../items/exceptions.ts";
import type { LintedRule } from "./linted_rule.ts";

export interface ExceptionRows {
  readonly exception: ExceptionInfo;
  /** one for each of its values; a single one where the exception has one field */
  readonly rows: readonly Expr[];
}

export interface SplitCondition {
  readonly own: Expr;
  readonly exceptions: readonly ExceptionRows[];
}

/** Nothing where the rule has no exceptions that count. */
export function splitCondition({ info, expr }: LintedRule): SplitCondition | undefined {
  const used = info.exceptions.filter(({ values }) => values.length > 0);
  if (used.length === 0 || expr.kind !== "and" || expr.operands.length !== used.length + 1) return undefined;
  const [own, ...negations] = expr.operands;
  const exceptions = used.flatMap((exception, at) => {
    const negation = negations[at]!;
    if (negation.kind !== "not") return [];
    const { operand } = negation;
    return [{
      exception,
      rows: operand.kind === "or" && exception.fields.list ? operand.operands : [operand],
    }];
  });
  return { own: own!, exceptions };
}
