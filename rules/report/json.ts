// Diagnostics as a JSON document for programs: `falco check --format json`.
// In: findings and what was read. Out: a plain object; its shape is a promise, described in docs/diagnostics.md.
// Elsewhere: text for people (render.ts), SARIF (sarif.ts), what `falco -V` prints (falco_form.ts).

import { positionAt } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { fixesOf } from "../fixes/fixes_of.ts";
import { findingOf } from "../findings/registry.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Summary } from "./summary.ts";

export function toJson(diagnostics: readonly Diagnostic[], summary: Summary): Record<string, unknown> {
  return { format: 1, summary, diagnostics: diagnostics.map(diagnosticJson) };
}

export function diagnosticJson(diagnostic: Diagnostic) {
  const { code, severity, span, path, message, notes, hint, labels } = diagnostic;
  return {
    id: code,
    falco_code: findingOf(code).falco,
    severity,
    title: findingOf(code).title,
    message,
    notes,
    ...(hint === undefined ? {} : { hint }),
    ...(span === undefined ? { file: path } : placeOf(span)),
    related: labels.map((label) => ({ message: label.message, ...placeOf(label.span) })),
    fixes: fixesOf(diagnostic).map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map((edit) => ({ ...placeOf(edit.span), text: edit.text })),
    })),
  };
}

/** Lines and columns are counted from 1, the end is the first character that does not belong to it any more. */
function placeOf({ source, start, end }: Span) {
  const from = positionAt(source, start);
  const to = positionAt(source, end);
  return {
    file: source.path,
    line: from.line,
    column: from.column,
    end_line: to.line,
    end_column: to.column,
  };
}
