// Which fields the events of a source can have: system calls have no audit records, and audit records no processes.
// In: a field and the source of the rule that uses it. Out: nothing, or why it cannot be used there.

import type { FieldDef } from "../../schema/mod.ts";
import type { DiagnosticCode } from "../findings/registry.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../text/span.ts";

/** Event sources that rules can be written for. */
export const SOURCES = ["syscall", "k8s_audit"] as const;

export function isOfSource({ sources }: FieldDef, source: string): boolean {
  return sources.includes("*") || sources.includes(source);
}

/** To Falco such a field does not exist: each source has a catalogue of its own. */
export function foreignField(
  field: FieldDef,
  source: string,
  span: Span,
  code: DiagnosticCode = "unknown-field",
): Diagnostic | undefined {
  if (isOfSource(field, source)) return undefined;
  const home = field.sources[0] ?? "";
  return makeDiagnostic(code, span, `events of the source \`${source}\` have no field \`${field.name}\``, {
    notes: [`\`${field.name}\` belongs to the source \`${home}\`.`],
    hint: `add \`source: ${home}\` to the rule, or use another field`,
  });
}
