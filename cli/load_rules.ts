// Rules files → compiled rules; every mistake in them is shown, all at once.
// In: paths and settings. Out: rules ready to run; InvalidRules when one has an error.
// Elsewhere: reading, checking and compiling (rules/), which paths these are (rules_paths.ts).

import { PRIORITIES } from "../rules/checked.ts";
import { type CompiledRules, compileRules } from "../rules/compile.ts";
import { type Diagnostic, hasErrors, makeDiagnostic } from "../rules/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../rules/diagnostics/render.ts";
import { loadRules as checkRules } from "../rules/load.ts";
import { readSource } from "../rules/source.ts";
import type { Source } from "../rules/span.ts";
import type { Log } from "../service/log.ts";
import { InvalidRules, UsageError } from "./failure.ts";
import type { RunPlan } from "./options.ts";

export function loadRules({ settings, rules: paths }: RunPlan, log: Log): CompiledRules {
  const sources: Source[] = [];
  const unreadable: Diagnostic[] = [];
  for (const path of paths) {
    const result = readSource(path);
    if ("source" in result) sources.push(result.source);
    else unreadable.push(makeDiagnostic("file-unreadable", path, `cannot read ${path}: ${result.reason}`));
  }
  const priority = PRIORITIES.find((word) => word.toLowerCase() === settings.priority) ?? "Debug";
  const { rules, diagnostics } = checkRules(sources, { priority });
  const found = [...unreadable, ...diagnostics];
  const text = renderDiagnostics(found, { colour: Deno.stderr.isTerminal() && !Deno.noColor }).trimEnd();
  if (hasErrors(found)) throw new InvalidRules(text);
  if (text !== "") console.error(text);
  if (rules.length === 0) {
    throw new UsageError([
      `no rule is left to run: of ${paths.join(", ")} all are disabled or less severe than ${priority}`,
    ]);
  }
  const compiled = compileRules(rules, { matching: settings.rule_matching });
  log("info", `loaded ${count(rules.length, "rule")} for ${count(compiled.eventCodes.length, "event type")}`);
  return compiled;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
