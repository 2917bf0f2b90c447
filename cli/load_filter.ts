// The filter of a command line → code that the engine runs like a rule.
// In: the words of the filter, a format, rules files whose macros and lists it may use. Out: one compiled rule;
// InvalidRules when there is a mistake.
// Elsewhere: reading and checking (rules/filter.ts).

import { type CompiledRules, compileRules } from "../rules/compile.ts";
import { hasErrors, makeDiagnostic } from "../rules/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../rules/diagnostics/render.ts";
import { loadFilter as checkFilter } from "../rules/filter.ts";
import { readSource } from "../rules/source.ts";
import type { Source } from "../rules/span.ts";
import { InvalidRules } from "./failure.ts";

export interface Filter {
  readonly words: readonly string[];
  /** what is printed of a match; nothing when absent */
  readonly format?: string;
  /** the format is not the user's: what could be better about it is not for them */
  readonly ownFormat?: boolean;
  readonly rules: readonly string[];
}

export function loadFilter({ words, format = "", ownFormat = false, rules }: Filter): CompiledRules {
  const definitions: Source[] = [];
  const unreadable = [];
  for (const path of rules) {
    const result = readSource(path);
    if ("source" in result) definitions.push(result.source);
    else unreadable.push(makeDiagnostic("file-unreadable", path, `cannot read ${path}: ${result.reason}`));
  }
  const filter = words.join(" ");
  const { rule, diagnostics } = checkFilter({ format, definitions, ...(filter === "" ? {} : { filter }) });
  const found = [
    ...unreadable,
    ...diagnostics.filter(({ severity, span }) =>
      severity === "error" || !ownFormat || span?.source.text !== format
    ),
  ];
  const text = renderDiagnostics(found, { colour: Deno.stderr.isTerminal() && !Deno.noColor }).trimEnd();
  if (hasErrors(found) || rule === undefined) throw new InvalidRules(text);
  if (text !== "") console.error(text);
  return compileRules([rule], { matching: "all" });
}
