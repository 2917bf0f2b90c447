// What is to be said about the fields of a check, whatever they are compared with: foreign and deprecated ones, those without a
// value, and what is never true.
// In: one side of a check. Out: findings. Elsewhere: unknown fields (operands.ts), values (check.ts).

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Check, TransformerUse } from "../syntax/ast.ts";
import { type FieldCatalogue, hasNoExtractor } from "./catalogue.ts";
import { deprecatedField } from "./deprecated_field.ts";
import { foreignField } from "./field_sources.ts";
import { bindOperand, fieldsOf } from "./operands.ts";
import { isWrittenTime } from "./written_times.ts";

export function fieldFindings(
  use: Check["left"],
  fields: FieldCatalogue,
  source: string,
  check: Check,
): Diagnostic[] {
  const findings = use.kind === "transformer" ? listTransformer(use, fields) : [];
  for (const field of fieldsOf(use)) {
    const bound = bindOperand(field, fields);
    if ("problem" in bound || bound.operand.kind !== "field") continue;
    const def = bound.operand.field;
    const foreign = foreignField(def, source, field.span);
    if (foreign !== undefined) {
      findings.push(foreign);
    } else if (def.deprecated) {
      findings.push(deprecatedField(def, field.span, check));
    } else if (isWrittenTime(def)) {
      findings.push(
        makeDiagnostic(
          "never-true",
          field.span,
          `\`${def.name}\` is only available in outputs: a check on it is false`,
          { hint: "compare `evt.rawtime`, the nanoseconds since 1970, or `evt.rawtime.s`" },
        ),
      );
    } else if (hasNoExtractor(def)) {
      findings.push(
        makeDiagnostic("field-without-value", field.span, `\`${def.name}\` never has a value`, {
          notes: ["Checks on it are false; outputs print <NA>."],
        }),
      );
    }
  }
  return findings;
}

/** A transformer of texts has nothing to say about a list. */
function listTransformer(use: TransformerUse, fields: FieldCatalogue): Diagnostic[] {
  const bound = bindOperand(use, fields);
  if ("problem" in bound || !bound.list) return [];
  return [
    makeDiagnostic(
      "never-true",
      use.span,
      `\`${use.name}(…)\` gives a list and has no value: a check on it is false`,
      { hint: "compare the list itself with `in` or `intersects`" },
    ),
  ];
}
