// What to use instead of a deprecated field.
// In: the field, and the check that it is in, if it does. Out: a finding.

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { fieldByName, type FieldDef } from "../../schema/mod.ts";
import type { Span } from "../text/span.ts";
import type { Check } from "../syntax/ast.ts";

export function deprecatedField(field: FieldDef, span: Span, check?: Check): Diagnostic {
  const hint = field.name === "evt.dir" ? hintForDirection(check) : hintFor(field.name);
  return makeDiagnostic("deprecated", span, `\`${field.name}\` is deprecated`, {
    notes: [field.summary],
    hint,
  });
}

/** Events of entries are gone: what a rule asks of them has no answer, what it asks of returns holds anyway. */
function hintForDirection(check: Check | undefined): string {
  const right = check?.right;
  const isEntry = check !== undefined && ["=", "==", "in"].includes(check.operator) &&
    (right?.kind === "value" ? right.text === ">" : right?.kind === "list" && right.items.every(isEntryMark));
  return isEntry
    ? "remove it: calls are reported once, at their return, and this check misses nearly all of them"
    : "remove it: calls are reported once, at their return";
}

function isEntryMark({ text }: { readonly text: string }): boolean {
  return text === ">";
}

/** What Falco once had from the Kubernetes API has its own fields now. */
function hintFor(name: string): string {
  const newer = name.replace(/^k8s\./, "k8smeta.").replace(/\.id$/, ".uid");
  return newer !== name && fieldByName(newer) !== undefined
    ? `use \`${newer}\`, which metadata.kubernetes.enabled fills`
    : "remove it: no event has it any more";
}
