// Exceptions that have no values yet: their fields are in no condition, and have to exist all the same.
// In: exceptions of a rule. Out: a finding for each field that does not. Elsewhere: exceptions with values, whose
// fields are checked as part of the condition (check/check.ts).

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { ExceptionInfo } from "../items/exceptions.ts";
import type { Environment } from "../check/environment.ts";
import { foreignField } from "../check/field_sources.ts";
import { bindOperand, fieldsOf } from "../check/operands.ts";
import { parseOperandAt } from "../syntax/parser.ts";
import { short } from "../yaml/decode.ts";

export function checkIdleFields(
  exceptions: readonly ExceptionInfo[],
  env: Environment,
  source: string,
): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const { fields, values } of exceptions) {
    if (values.length > 0) continue;
    for (const text of fields.texts) {
      const parsed = parseOperandAt(text, 0);
      if (parsed === undefined || parsed.end !== text.text.length) {
        findings.push(makeDiagnostic("unknown-field", text.whole, `\`${short(text.text)}\` is not a field`));
        continue;
      }
      const bound = bindOperand(parsed.operand, env.fields);
      if ("problem" in bound) findings.push(bound.problem);
      for (const use of fieldsOf(parsed.operand)) {
        const field = bindOperand(use, env.fields);
        if ("problem" in field || field.operand.kind !== "field") continue;
        const foreign = foreignField(field.operand.field, source, use.span);
        if (foreign !== undefined) findings.push(foreign);
      }
    }
  }
  return findings;
}
