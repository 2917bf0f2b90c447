// Rules files → compiled rules.
// In: paths and settings. Out: rules ready to run. What is wrong in the files ends a command with all mistakes at once
// (InvalidRules); a service goes on without it and gets each fault in words.
// Elsewhere: reading, checking and compiling (rules/), which paths these are (rules_paths.ts).

import { type Fault, faults, ruleSettings, unmatchedSettings } from "../../config/mod.ts";
import { InvalidRules, PRIORITIES, UsageError } from "../../base/mod.ts";
import {
  type CompiledRules,
  compileRules,
  type Diagnostic,
  hasErrors,
  type LoadOptions,
  type LoadResult,
  loadRules as checkRules,
  loadSoundRules,
  renderDiagnostics,
  whereIs,
} from "../../rules/mod.ts";
import type { Log } from "../logging/log.ts";
import { wantsRuleCosts } from "./wants_rule_costs.ts";
import type { RunPlan } from "./plan_run.ts";
import { readRulesFiles } from "./rules_sources.ts";

export interface LoadWays {
  /** what is said goes to the log, which lets no control characters pass */
  readonly isReload?: boolean;
  /** mistakes cost what they are in, and nothing else */
  readonly tolerates?: boolean;
  /** a run without any rule is a mistake */
  readonly needsRules?: boolean;
  /** throws what cannot be put up with, before anything else is said */
  readonly accept?: (faults: readonly Fault[]) => void;
}

export interface LoadedRules {
  readonly rules: CompiledRules;
  readonly faults: readonly Fault[];
}

export function loadRules(plan: RunPlan, log: Log, ways: LoadWays = {}): LoadedRules {
  const { settings, rules: paths } = plan;
  const enabled = plan.sources.names;
  const { sources, unreadable } = readRulesFiles(paths);
  const options: LoadOptions = { ...optionsOf(plan), enabledSources: enabled };
  const sound = ways.tolerates === true
    ? loadSoundRules(sources, options)
    : { loaded: checkRules(sources, options), faults: [] };
  const { loaded } = sound;
  const found = [...unreadable, ...loaded.diagnostics];
  if (ways.tolerates !== true) refuseErrors(found, ways.isReload !== true && isColourful());
  const left = ways.tolerates === true
    ? [...faults("rules_file", unreadable.filter(isError).map(lineOf)), ...faults("rule", sound.faults)]
    : [];
  ways.accept?.(left);

  const warn = (text: string) => ways.isReload === true ? log("warning", text) : console.error(text);
  const { told, otherSources } = sorted(found);
  if (told.length > 0) {
    warn(renderDiagnostics(told, { colour: ways.isReload !== true && isColourful() }).trimEnd());
  }
  tellOtherSources(loaded, otherSources, plan, log);
  for (const warning of unmatchedSettings(settings, loaded.definitions.rules)) log("warning", warning);

  const { rules } = loaded;
  if (rules.length === 0) {
    const files = paths.length === 0 ? "there are no rules files" : `of ${paths.join(", ")}`;
    const why =
      `${files} all are disabled, less severe than ${settings.priority} or of sources that are not enabled`;
    if (ways.needsRules === true) throw new UsageError([`no rule is left to run: ${why}`]);
    log(
      "warning",
      `no rule is enabled: falco runs and reports nothing (${paths.length === 0 ? files : why})`,
    );
  }
  const compiled = compileRules(rules, {
    matching: settings.rule_matching,
    costs: wantsRuleCosts(settings),
  });
  const types = count(compiled.eventCodes.length, "event type");
  const others = [...compiled.others.keys()].map((source) => ` and the source ${source}`).join("");
  log("info", `loaded ${count(rules.length, "rule")} for ${types}${others}`);
  return { rules: compiled, faults: left };
}

/**
 * Rules that are checked and not compiled, with their macros and lists: enough to describe them.
 * @param warn takes what is said about rules that load all the same; none: nobody wants to know
 */
export function readRules(
  plan: RunPlan,
  warn: ((text: string) => void) | undefined = (text) => console.error(text),
): LoadResult {
  const { sources, unreadable } = readRulesFiles(plan.rules);
  const loaded = checkRules(sources, optionsOf(plan));
  const found = [...unreadable, ...loaded.diagnostics];
  refuseErrors(found, isColourful());
  const text = renderDiagnostics(found, { colour: isColourful() }).trimEnd();
  if (text !== "") warn?.(text);
  return loaded;
}

/** Rules that are checked, and all that is wrong with them: for those who want to know why a rule is not there. */
export function examineRules(plan: RunPlan): LoadResult & { readonly found: readonly Diagnostic[] } {
  const { sources, unreadable } = readRulesFiles(plan.rules);
  const loaded = checkRules(sources, optionsOf(plan));
  return { ...loaded, found: [...unreadable, ...loaded.diagnostics] };
}

function optionsOf({ settings }: RunPlan): LoadOptions {
  const priority = PRIORITIES.find((word) => word.toLowerCase() === settings.priority) ?? "Debug";
  // what is correct and can hardly be meant is for `falco check`: a monitor has to start
  return { priority, lint: false, ...ruleSettings(settings) };
}

function refuseErrors(found: readonly Diagnostic[], colour: boolean): void {
  if (hasErrors(found)) throw new InvalidRules(renderDiagnostics(found, { colour }).trimEnd());
}

/** Errors are told as faults, and rules of other sources in a line each. */
function sorted(found: readonly Diagnostic[]) {
  const isOther = ({ code }: Diagnostic) => code === "unknown-source";
  return {
    told: found.filter((one) => !isError(one) && !isOther(one)),
    otherSources: found.filter(isOther),
  };
}

/** Of a source that a flag or the engine's kind has switched off, how many there are is enough. */
function tellOtherSources(
  { definitions }: LoadResult,
  found: readonly Diagnostic[],
  { sources: { names, known } }: RunPlan,
  log: Log,
): void {
  const off = [...definitions.rules.values()].map(({ source }) => source)
    .filter((source) => known.includes(source) && !names.includes(source));
  if (off.length > 0) {
    const sources = [...new Set(off)].join(", ");
    log("info", `${count(off.length, "rule")} for ${sources} do not run: no such event source is enabled`);
  }
  const spans = new Set(
    [...definitions.rules.values()].flatMap(({ source, span }) => known.includes(source) ? [span] : []),
  );
  for (const one of found) {
    if (one.span === undefined || !spans.has(one.span)) {
      log("warning", `${lineOf(one)} (LOAD_UNKNOWN_SOURCE)`);
    }
  }
}

function lineOf({ span, message, hint }: Diagnostic): string {
  const text = hint === undefined ? message : `${message}; ${hint}`;
  return span === undefined ? text : `${whereIs(span)}: ${text}`;
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function isColourful(): boolean {
  return Deno.stderr.isTerminal() && !Deno.noColor;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
