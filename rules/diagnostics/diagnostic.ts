// What is told to a user about their rules: one value per finding, and the list that collects them.
// In: findings of every stage. Out: Diagnostic values in the order of the files.
// Elsewhere: the kinds of findings (rules/findings/), printing (rules/report/render.ts).

import type { Fix } from "./fix.ts";
import type { Span } from "../text/span.ts";
import type { Severity } from "../findings/define.ts";
import { type DiagnosticCode, findingOf } from "../findings/registry.ts";

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
  /** the key or the source that it is about, where that is not what the span shows */
  readonly about?: string;
  /** other places that belong to it */
  readonly labels: readonly Label[];
  /** how the text would have to change, where the hint does not say it word for word */
  readonly fixes?: readonly Fix[];
}

export interface DiagnosticExtras {
  readonly notes?: readonly string[];
  readonly hint?: string | undefined;
  readonly about?: string;
  readonly labels?: readonly Label[];
  readonly severity?: Severity;
  readonly fixes?: readonly Fix[];
}

export function makeDiagnostic(
  code: DiagnosticCode,
  at: Span | string,
  message: string,
  extras: DiagnosticExtras = {},
): Diagnostic {
  return {
    code,
    severity: extras.severity ?? findingOf(code).severity,
    ...(typeof at === "string" ? { path: at } : { span: at }),
    message,
    notes: extras.notes ?? [],
    ...(extras.hint === undefined ? {} : { hint: extras.hint }),
    ...(extras.about === undefined ? {} : { about: extras.about }),
    labels: extras.labels ?? [],
    ...(extras.fixes === undefined || extras.fixes.length === 0 ? {} : { fixes: extras.fixes }),
  };
}

/** Nobody reads more; the memory of a hostile file is bounded. */
const MAX_FINDINGS = 5000;

/** Collects diagnostics. The same finding in a macro that many rules use is kept once. */
export class Report {
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<Diagnostic>();
  #dropped = 0;
  #droppedError = false;

  add(code: DiagnosticCode, at: Span | string, message: string, extras: DiagnosticExtras = {}): void {
    this.take(makeDiagnostic(code, at, message, extras));
  }

  take(diagnostic: Diagnostic): void {
    if (this.#seen.has(diagnostic)) return;
    if (this.#found.length >= MAX_FINDINGS) {
      this.#dropped++;
      this.#droppedError ||= diagnostic.severity === "error";
      return;
    }
    this.#seen.add(diagnostic);
    this.#found.push(diagnostic);
  }

  /** Takes all that another has collected. */
  join(other: Report): void {
    for (const diagnostic of other.#found) this.take(diagnostic);
    this.#dropped += other.#dropped;
    this.#droppedError ||= other.#droppedError;
  }

  /** Puts another finding in place of each. */
  replace(by: (diagnostic: Diagnostic) => Diagnostic): void {
    for (const [at, diagnostic] of this.#found.entries()) this.#found[at] = by(diagnostic);
  }

  /** By file in the order given, then by place, errors of the whole file first. */
  sorted(paths: readonly string[]): Diagnostic[] {
    const rank = new Map<string, number>();
    const key = (d: Diagnostic) => d.span?.source.path ?? d.path ?? "";
    // settings come after the files
    for (const path of [...paths, ...this.#found.map(key)]) if (!rank.has(path)) rank.set(path, rank.size);
    const sorted = this.#found
      .map((diagnostic, at) => ({
        diagnostic,
        at,
        file: rank.get(key(diagnostic))!,
        start: diagnostic.span?.start ?? -1,
      }))
      .sort((a, b) => a.file - b.file || a.start - b.start || a.at - b.at)
      .map((entry) => entry.diagnostic);
    if (this.#dropped > 0) {
      const severity = this.#droppedError ? "error" : "warning";
      const message = `${this.#dropped} more findings are not shown`;
      sorted.push(makeDiagnostic("too-many-findings", paths[0] ?? "", message, { severity }));
    }
    return sorted;
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
