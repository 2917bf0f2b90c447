// Explains one rule: runs its explaining module over events and makes an explanation of what it reports.
// In: loaded rules, the name of one, where events come from. Out: an Explanation, or why there is none.
// Elsewhere: the module (rules/compile_explanation.ts), the run (service/run/observe.ts), the words (explanation_text.ts).

import { didYouMean, PRIORITIES, UsageError } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import {
  type CheckedRule,
  type CompiledExplanation,
  compileExplanation,
  conditionTree,
  type Diagnostic,
  isSevereEnough,
  type LoadResult,
  renderDiagnostics,
} from "../../rules/mod.ts";
import { observe } from "../../service/mod.ts";
import { type Attempt, readAttempt } from "./attempt.ts";
import { type Explanation, explanationOf } from "./explanation.ts";
import { explainJson } from "./explain_json.ts";
import { runCommand } from "./run_command.ts";

export interface ExplainOptions {
  readonly loaded: LoadResult & { readonly found: readonly Diagnostic[] };
  readonly settings: Settings;
  readonly log: Parameters<typeof observe>[0]["log"];
  readonly rule: string;
  /** a recording: `.scap`, or a file of JSON events for rules of other sources */
  readonly trace?: string;
  /** a command whose processes are watched while it runs */
  readonly command?: readonly string[];
  /** this event of the recording alone */
  readonly event?: bigint;
}

/** Events of each distance whose checks are looked at in detail. */
const KEPT = 200;
const SHOWN_NAMES = 5;

export async function explainRule(options: ExplainOptions): Promise<Explanation> {
  const { loaded, settings, event, trace, command } = options;
  const rule = ruleNamed(loaded, options.rule);
  const earlier = settings.rule_matching === "first" ? earlierThan(rule, loaded) : [];
  const compiled = compileExplanation({
    rule,
    earlier,
    kept: event === undefined ? KEPT : 1,
    ...event === undefined ? {} : { event },
    ...command === undefined ? {} : { below: BigInt(Deno.pid) },
  });
  const attempts: Attempt[] = [];
  const take = (alert: Parameters<typeof readAttempt>[0]) => void attempts.push(readAttempt(alert, compiled));
  const notes = [...notesOf(rule, options), ...uncaptured(compiled.code.namedIo, settings)];
  const seen = rule.source === "syscall"
    ? await observeCalls({
      rules: compiled.code,
      settings,
      log: options.log,
      ...trace === undefined ? {} : { trace },
      ...command === undefined ? {} : { during: () => runCommand(command) },
      onAlerts: (alerts) => alerts.forEach(take),
    })
    : await explainJson(rule.source, compiled.code, trace, take);
  if (event !== undefined && attempts.length === 0) {
    throw new UsageError([
      `there is no event ${event} in ${trace} that rules see: entries of calls are none, and the last one may be before it`,
    ]);
  }
  return explanationOf({
    compiled,
    tree: conditionTree(loaded, rule),
    attempts,
    counts: Array.from(seen.leafWords, Number),
    events: seen.events,
    notes: [...notes, ...seen.losses],
    rule: { rule: rule.name, source: rule.source, span: rule.span },
    isOne: event !== undefined,
  });
}

async function observeCalls(options: Parameters<typeof observe>[0]) {
  const seen = await observe(options);
  const { EVENTS = 0n, EVENTS_STATE_ONLY = 0n } = seen.counters;
  return { ...seen, events: Number(EVENTS - EVENTS_STATE_ONLY) };
}

/** @throws UsageError when there is none, or none that can be evaluated */
export function ruleNamed(loaded: ExplainOptions["loaded"], name: string): CheckedRule {
  const { checked, faulty, definitions } = loaded;
  const rule = checked.find((one) => one.name === name) ??
    only(checked.filter((one) => one.name.toLowerCase() === name.toLowerCase()));
  if (rule !== undefined) return rule;
  const info = definitions.rules.get(name);
  if (info === undefined) {
    const kind = definitions.macros.has(name) ? "macro" : definitions.lists.has(name) ? "list" : undefined;
    if (kind !== undefined) throw new UsageError([`\`${name}\` is a ${kind}: name a rule that uses it`]);
    const errors = errorsOf(loaded);
    throw new UsageError([
      `there is no rule \`${name}\`${likely(name, [...definitions.rules.keys()])}` +
      (errors === "" ? "" : `\nIt may be one that cannot be read:\n${errors}`),
    ]);
  }
  throw new UsageError([
    faulty.includes(info)
      ? `the rule \`${name}\` never matches: it is left out, since it or something that it uses has an error\n${
        errorsOf(loaded)
      }`
      : `the rule \`${name}\` never matches: events of its source \`${info.source}\` are not watched; ` +
        `name it in \`sources\` of the settings, such as -o 'sources[]={name: ${info.source}, input: FILE}'`,
  ]);
}

function errorsOf({ found }: ExplainOptions["loaded"]): string {
  return renderDiagnostics(found.filter(({ severity }) => severity === "error"), { colour: false }).trimEnd();
}

function likely(name: string, names: readonly string[]): string {
  const hint = didYouMean(name, names);
  if (hint !== undefined) return `: ${hint}`;
  const parts = names.filter((one) => one.toLowerCase().includes(name.toLowerCase())).slice(0, SHOWN_NAMES);
  return parts.length === 0
    ? "; falco list rules lists them"
    : `; names with these words: ${parts.map((part) => `\`${part}\``).join(", ")}`;
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** Rules that run and are tried before it. */
function earlierThan(rule: CheckedRule, { rules, checked }: LoadResult): readonly CheckedRule[] {
  const names = new Set(checked.slice(0, checked.indexOf(rule)).map(({ name }) => name));
  return rules.filter(({ name, source }) => names.has(name) && source === rule.source);
}

/** Calls that move data, which falco does not capture as it is set: here they are. */
function uncaptured(named: CompiledExplanation["code"]["namedIo"], settings: Settings): string[] {
  if (settings["base_syscalls.all"] || settings["base_syscalls.named_io"] || named.length === 0) return [];
  const names = [...new Set(named.map(({ event }) => event))].join(", ");
  return [
    `When it monitors, falco does not capture ${names}: the setting base_syscalls.named_io is off. Here they are.`,
  ];
}

/** Why it would not run, or not see its events, whatever comes. */
function notesOf(rule: CheckedRule, { loaded, settings }: ExplainOptions): string[] {
  const notes: string[] = [];
  const threshold = PRIORITIES.find((word) => word.toLowerCase() === settings.priority) ?? "Debug";
  if (!loaded.rules.some(({ name }) => name === rule.name)) {
    notes.push(
      isSevereEnough(rule, threshold)
        ? "The rule is disabled: it does not run. What follows is what it would do."
        : `The rule does not run: its priority ${rule.priority} is lower than the setting priority, ${threshold}. ` +
          "What follows is what it would do.",
    );
  }
  return notes;
}
