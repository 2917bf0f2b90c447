// The filter of a command line → code that the engine runs like a rule.
// In: the words of the filter, a format, rules files whose macros and lists it may use, settings. Out: one compiled
// rule; InvalidRules when there is a mistake.
// Elsewhere: reading and checking (rules/filter.ts).

import { ruleSettings } from "../../config/mod.ts";
import {
  type CompiledRules,
  compileRules,
  environmentOf,
  hasErrors,
  makeSource,
  renderDiagnostics,
  RuleSet,
} from "../../rules/mod.ts";
import { InvalidRules } from "../../base/mod.ts";
import type { RunPlan } from "./plan_run.ts";
import { readRulesFiles } from "./rules_sources.ts";

export interface Filter {
  readonly words: readonly string[];
  /** what is printed of a match; nothing when absent */
  readonly format?: string;
  /** the format is not the user's: what could be better about it is not for them */
  readonly ownFormat?: boolean;
  readonly plan: RunPlan;
}

export function loadFilter({ words, format = "", ownFormat = false, plan }: Filter): CompiledRules {
  const { sources, unreadable } = readRulesFiles(plan.rules);
  const filter = words.join(" ");
  const condition = filter === "" ? undefined : makeSource("FILTER", filter);
  const set = RuleSet.of(sources, environmentOf(ruleSettings(plan.settings)));
  const { rule, diagnostics } = set.filter(condition, makeSource("FORMAT", format));
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
