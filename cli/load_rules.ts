// Rules files → compiled rules; every mistake in them is shown, all at once.
// In: paths and settings. Out: rules ready to run; InvalidRules when one has an error.
// Elsewhere: reading, checking and compiling (rules/), which paths these are (rules_paths.ts).

import { ruleSettings } from "../config/rule_settings.ts";
import { PRIORITIES } from "../rules/checked.ts";
import { type CompiledRules, compileRules } from "../rules/compile.ts";
import { hasErrors } from "../rules/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../rules/diagnostics/render.ts";
import { type LoadResult, loadRules as checkRules } from "../rules/load.ts";
import type { Log } from "../service/log.ts";
import { wantsRuleCosts } from "../service/metrics/wants_rule_costs.ts";
import { InvalidRules, UsageError } from "./failure.ts";
import type { RunPlan } from "./options.ts";
import { readRulesFiles } from "./rules_sources.ts";

/** @param isReload what is said about mistakes goes to the log, which lets no control characters pass */
export function loadRules(plan: RunPlan, log: Log, isReload = false): CompiledRules {
  const { settings, rules: paths } = plan;
  const { rules: all } = isReload ? readRules(plan, (text) => log("warning", text), false) : readRules(plan);
  const enabled = plan.sources.names;
  const rules = all.filter(({ source }) => enabled.includes(source));
  if (rules.length < all.length) {
    const idle = [...new Set(all.map(({ source }) => source))].filter((source) => !enabled.includes(source));
    const left = count(all.length - rules.length, "rule");
    log("info", `${left} for ${idle.join(", ")} do not run: no such event source is enabled`);
  }
  if (rules.length === 0) {
    const files = paths.join(", ");
    throw new UsageError([
      `no rule is left to run: of ${files} all are disabled or less severe than ${settings.priority}`,
    ]);
  }
  const compiled = compileRules(rules, {
    matching: settings.rule_matching,
    costs: wantsRuleCosts(settings),
  });
  const types = count(compiled.eventCodes.length, "event type");
  const others = [...compiled.others.keys()].map((source) => ` and the source ${source}`).join("");
  log("info", `loaded ${count(rules.length, "rule")} for ${types}${others}`);
  return compiled;
}

/**
 * Rules that are checked and not compiled, with their macros and lists: enough to describe them.
 * @param warn takes what is said about rules that load all the same; none: nobody wants to know
 */
export function readRules(
  { settings, rules: paths }: RunPlan,
  warn: ((text: string) => void) | undefined = (text) => console.error(text),
  colour = isColourful(),
): LoadResult {
  const { sources, unreadable } = readRulesFiles(paths);
  const priority = PRIORITIES.find((word) => word.toLowerCase() === settings.priority) ?? "Debug";
  // what is correct and can hardly be meant is for `falco check`: a monitor has to start
  const loaded = checkRules(sources, { priority, lint: false, ...ruleSettings(settings) });
  const found = [...unreadable, ...loaded.diagnostics];
  const text = renderDiagnostics(found, { colour }).trimEnd();
  if (hasErrors(found)) throw new InvalidRules(text);
  if (text !== "") warn?.(text);
  return loaded;
}

function isColourful(): boolean {
  return Deno.stderr.isTerminal() && !Deno.noColor;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
