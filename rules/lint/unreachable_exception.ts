// Exceptions that can never apply: what they except does not match the rule in the first place.
// In: a rule with exceptions. Out: a warning for each of their values that contradicts the rule's own condition.
// Elsewhere: the form of exceptions (items/exceptions.ts), which become `(condition) and not (…) and not (…)`.

import type { Expr } from "../syntax/ast.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { conjunction, type FactFinder } from "./facts.ts";
import type { LintedRule } from "./linted_rule.ts";
import { listed, shownCause } from "./wording.ts";

export function unreachableExceptions({ info, expr }: LintedRule, facts: FactFinder): Diagnostic[] {
  const used = info.exceptions.filter(({ values }) => values.length > 0);
  if (used.length === 0 || expr.kind !== "and" || expr.operands.length !== used.length + 1) return [];
  const [condition, ...negations] = expr.operands;
  const own = facts.of(condition!);
  if (own.never !== undefined) return [];
  return used.flatMap((exception, at) => {
    const negation = negations[at]!;
    if (negation.kind !== "not") return [];
    const rows: readonly Expr[] = negation.operand.kind === "or" && exception.fields.list
      ? negation.operand.operands
      : [negation.operand];
    return rows.flatMap((row, index) => {
      const { never } = conjunction([own, facts.of(row)]);
      if (never === undefined || never.reason === "list") return [];
      const place = rows.length > 1
        ? exception.values[index]
        : exception.values.length === 1
        ? exception.values[0]
        : undefined;
      const span = place?.span ?? exception.span;
      const words = never.causes.map(shownCause);
      return [
        makeDiagnostic("unreachable-exception", span, `this exception of \`${info.name}\` never applies`, {
          notes: [`The rule does not match then anyway: ${listed(words)} exclude each other.`],
          hint: "remove it, or correct the value",
          labels: never.causes.slice(0, 1).map(({ check }) => ({
            span: check.span,
            message: "excluded by this",
          })),
        }),
      ];
    });
  });
}
