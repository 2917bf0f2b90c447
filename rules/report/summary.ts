// What a check of rules files came to, as numbers and as one line.
// In: the outcome of a load. Out: a Summary; a sentence. Elsewhere: the findings themselves.

import type { Diagnostic } from "../diagnostics/diagnostic.ts";

export interface Summary {
  readonly files: number;
  readonly rules: number;
  readonly macros: number;
  readonly lists: number;
  readonly errors: number;
  readonly warnings: number;
  /** warnings that were switched off, by comment or by flag */
  readonly ignored: number;
}

export function summarize(
  diagnostics: readonly Diagnostic[],
  counts: Omit<Summary, "errors" | "warnings">,
): Summary {
  const of = (severity: string) => diagnostics.filter((found) => found.severity === severity).length;
  const { files, rules, macros, lists, ignored } = counts;
  return { files, rules, macros, lists, errors: of("error"), warnings: of("warning"), ignored };
}

/** `2 errors and 1 warning in 3 files (41 rules, 12 macros, 8 lists)` */
export function summaryLine({ files, rules, macros, lists, errors, warnings, ignored }: Summary): string {
  const found = errors + warnings === 0
    ? "no errors, no warnings"
    : errors === 0
    ? `no errors, ${count(warnings, "warning")}`
    : warnings === 0
    ? count(errors, "error")
    : `${count(errors, "error")} and ${count(warnings, "warning")}`;
  const what = `${count(rules, "rule")}, ${count(macros, "macro")}, ${count(lists, "list")}`;
  return `${found} in ${count(files, "file")} (${what})${ignored > 0 ? `; ${ignored} ignored` : ""}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
