// What is told to a user about their rules: one value per finding, and the list that collects them.
// In: findings of every stage. Out: Diagnostic values in the order of the files.
// Elsewhere: the table of codes (codes.ts), printing (render.ts).

import type { Span } from "../span.ts";
import { codeInfo, type DiagnosticCode, type Severity } from "./codes.ts";

export interface Label {
  readonly span: Span;
  readonly message: string;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** none when the file as a whole is meant */
  readonly span?: Span;
  /** the file, where there is no span */
  readonly path?: string;
  /** one line: what is wrong */
  readonly message: string;
  /** why, each a sentence */
  readonly notes: readonly string[];
  /** what to do about it */
  readonly hint?: string;
  /** other places that belong to it */
  readonly labels: readonly Label[];
}

export interface DiagnosticExtras {
  readonly notes?: readonly string[];
  readonly hint?: string | undefined;
  readonly labels?: readonly Label[];
  readonly severity?: Severity;
}

export function makeDiagnostic(
  code: DiagnosticCode,
  at: Span | string,
  message: string,
  extras: DiagnosticExtras = {},
): Diagnostic {
  return {
    code,
    severity: extras.severity ?? codeInfo(code).severity,
    ...(typeof at === "string" ? { path: at } : { span: at }),
    message,
    notes: extras.notes ?? [],
    ...(extras.hint === undefined ? {} : { hint: extras.hint }),
    labels: extras.labels ?? [],
  };
}

/** Collects diagnostics. The same finding in a macro that many rules use is kept once. */
export class Report {
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<Diagnostic>();

  add(code: DiagnosticCode, at: Span | string, message: string, extras: DiagnosticExtras = {}): void {
    this.take(makeDiagnostic(code, at, message, extras));
  }

  take(diagnostic: Diagnostic): void {
    if (this.#seen.has(diagnostic)) return;
    this.#seen.add(diagnostic);
    this.#found.push(diagnostic);
  }

  /** By file in the order given, then by place, errors of the whole file first. */
  sorted(paths: readonly string[]): Diagnostic[] {
    const rank = new Map<string, number>();
    for (const path of paths) if (!rank.has(path)) rank.set(path, rank.size);
    const key = (d: Diagnostic) => rank.get(d.span?.source.path ?? d.path ?? "") ?? rank.size;
    return this.#found
      .map((diagnostic, at) => ({
        diagnostic,
        at,
        file: key(diagnostic),
        start: diagnostic.span?.start ?? -1,
      }))
      .sort((a, b) => a.file - b.file || a.start - b.start || a.at - b.at)
      .map((entry) => entry.diagnostic);
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
