// Exceptions that can never apply: what they except does not match the rule in the first place.
// In: a rule with exceptions. Out: a warning for each of their values that contradicts the rule's own condition.
// Elsewhere: values that another one of the exception covers (redundant_exception.ts).

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { splitCondition } from "./exception_rows.ts";
import { conjunction, type FactFinder } from "./facts.ts";
import type { LintedRule } from "./linted_rule.ts";
import { listed, shownCause } from "./wording.ts";

export function unreachableExceptions(rule: LintedRule, facts: FactFinder): Diagnostic[] {
  const { own: condition, exceptions } = splitCondition(rule) ?? {};
  if (condition === undefined || exceptions === undefined) return [];
  const own = facts.of(condition);
  if (own.never !== undefined) return [];
  return exceptions.flatMap(({ exception, rows }) =>
    rows.flatMap((row, index) => {
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
        makeDiagnostic(
          "unreachable-exception",
          span,
          `this exception of \`${rule.info.name}\` never applies`,
          {
            notes: [`The rule does not match then anyway: ${listed(words)} exclude each other.`],
            hint: "remove it, or correct the value",
            labels: never.causes.slice(0, 1).map(({ check }) => ({
              span: check.span,
              message: "excluded by this",
            })),
          },
        ),
      ];
    })
  );
}
