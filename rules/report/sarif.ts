// Diagnostics as SARIF 2.1.0, which code hosts and editors show besides the lines that are meant.
// In: findings. Out: one log with one run, as a plain object. Elsewhere: the kinds of findings (rules/findings/).

import { positionAt } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import type { Severity } from "../findings/define.ts";
import { type DiagnosticCode, findingOf } from "../findings/registry.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Fix } from "../diagnostics/fix.ts";
import { fixesOf } from "../fixes/fixes_of.ts";

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

function resultOf(diagnostic: Diagnostic, codes: DiagnosticCode[]) {
  const { code, severity, span, path, message, notes, hint, labels } = diagnostic;
  const fixes = fixesOf(diagnostic);
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
    ...(fixes.length === 0 ? {} : { fixes: fixes.map(fixOf) }),
  };
}

function fixOf({ title, edits }: Fix) {
  const sources = [...new Set(edits.map(({ span }) => span.source))];
  return {
    description: { text: title },
    artifactChanges: sources.map((source) => ({
      artifactLocation: { uri: uriOf(source.path) },
      replacements: edits.filter(({ span }) => span.source === source).map(({ span, text }) => ({
        deletedRegion: regionOf(span),
        insertedContent: { text },
      })),
    })),
  };
}

function placeOf(span: Span) {
  const { source, start, end } = span;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(source.path) },
      region: { ...regionOf(span), snippet: { text: source.text.slice(start, end) } },
    },
  };
}

function regionOf({ source, start, end }: Span) {
  const from = positionAt(source, start);
  const to = positionAt(source, end);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
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
