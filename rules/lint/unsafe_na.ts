// `<NA>` compared as if it were a value: outputs print it for what is missing, and no field ever has it.
// In: checks. Out: Falco's warning about them, for the fields for which it gives it: those of audit records and JSON.

import type { Check } from "../syntax/ast.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { printOperand } from "../syntax/print_operand.ts";

const EQUALITY = ["=", "==", "!=", "in", "intersects", "pmatch"];

export function unsafeNaCheck({ left, operator, right }: Check): Diagnostic | undefined {
  if (left.kind !== "field" || !/^(ka|jevt|json)\./.test(left.name) || !EQUALITY.includes(operator)) {
    return undefined;
  }
  const values = right?.kind === "list" ? right.items : right?.kind === "value" ? [right] : [];
  const value = values.find(({ text }) => text === "<NA>");
  if (value === undefined) return undefined;
  const field = printOperand(left);
  return makeDiagnostic("unsafe-na-check", value.span, `\`${field}\` is never \`<NA>\``, {
    notes: ["Outputs print <NA> for a missing value, and every check of a missing value is false."],
    hint: `write \`${field} exists\` or \`not ${field} exists\``,
  });
}
