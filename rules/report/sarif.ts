// Diagnostics as SARIF 2.1.0, which code hosts and editors show besides the lines that are meant.
// In: findings. Out: one log with one run, as a plain object. Elsewhere: the kinds of findings (rules/findings/).

import { positionAt } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import type { Severity } from "../findings/define.ts";
import { type DiagnosticCode, findingOf } from "../findings/registry.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export function toSarif(diagnostics: readonly Diagnostic[], version: string): Record<string, unknown> {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: { driver: { name: "falco", version, semanticVersion: version, rules: codes.map(ruleOf) } },
      columnKind: "utf16CodeUnits",
      invocations: [{ executionSuccessful: true }],
      results: diagnostics.map((diagnostic) => resultOf(diagnostic, codes)),
    }],
  };
}

function ruleOf(code: DiagnosticCode) {
  const { falco, severity, title, why } = findingOf(code);
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { falcoCode: falco, tags: ["falco-rules"] },
  };
}

function resultOf(
  { code, severity, span, path, message, notes, hint, labels }: Diagnostic,
  codes: DiagnosticCode[],
) {
  const text = [`${message}.`, ...notes, ...(hint === undefined ? [] : [`Hint: ${hint}`])].join(" ");
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text },
    locations: span === undefined && path === undefined ? [] : [
      span === undefined ? { physicalLocation: { artifactLocation: { uri: uriOf(path!) } } } : placeOf(span),
    ],
    ...(labels.length === 0 ? {} : {
      relatedLocations: labels.map((label, id) => ({
        id,
        ...placeOf(label.span),
        message: { text: label.message },
      })),
    }),
  };
}

function placeOf({ source, start, end }: Span) {
  const from = positionAt(source, start);
  const to = positionAt(source, end);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(source.path) },
      region: {
        startLine: from.line,
        startColumn: from.column,
        endLine: to.line,
        endColumn: to.column,
        snippet: { text: source.text.slice(start, end) },
      },
    },
  };
}

/** A relative path stays relative: the reader knows the root of the sources. */
function uriOf(path: string): string {
  if (path === "-") return "stdin";
  const escaped = path.split("/").map(encodePart).join("/");
  return path.startsWith("/") ? `file://${escaped}` : escaped;
}

/** A name may hold half of a surrogate pair, which no URI can. */
function encodePart(part: string): string {
  return encodeURIComponent(part.toWellFormed());
}
