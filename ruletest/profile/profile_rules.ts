// Measures rules: on a recording, or on this host for some seconds.
// In: loaded rules, settings. Out: a Profile.
// Elsewhere: what is counted (rules/emit/costs.ts, rules/emit/leaf_counters.ts), the runs (service/run/observe.ts).
//
// One kind of run times the rules as they are, another counts what each part of them answers. On a recording all see the same
// events; on this host one follows the other, and of the second only proportions are used.

import { pause, UsageError } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import type { RuleCost } from "../../engine/mod.ts";
import {
  type CheckedExpr,
  type CheckedRule,
  type CompileOptions,
  compileRules,
  conditionTree,
  leafCounts,
  type LoadResult,
} from "../../rules/mod.ts";
import { observe, type Observed } from "../../service/mod.ts";
import { eventByCode } from "../explain/event_names.ts";
import { adviceFor, type Measured } from "./advice.ts";
import { captureOf } from "./capture.ts";
import { type Profile, profiledRules } from "./profile.ts";
import { partTexts } from "./rule_parts.ts";

export interface ProfileOptions {
  readonly loaded: LoadResult;
  readonly settings: Settings;
  readonly log: Parameters<typeof observe>[0]["log"];
  readonly trace?: string;
  /** on this host; both runs together */
  readonly durationMs: number;
}

/** How often a recording is measured. */
const TIMED_RUNS = 3;

export async function profileRules(options: ProfileOptions): Promise<Profile> {
  const { loaded, settings, trace, durationMs } = options;
  const rules = loaded.rules.filter(({ source }) => source === "syscall");
  if (rules.length === 0) throw new UsageError(["no rule about system calls is left to measure"]);
  const matching = settings.rule_matching;
  const matchedTypes = new Map<string, Set<string>>();
  const run = (measured: readonly CheckedRule[], counting: Omit<CompileOptions, "matching">) => {
    const compiled = compileRules(measured, { matching, ...counting });
    const seen = observe({
      ...options,
      rules: compiled,
      isMonitored: true,
      ...trace === undefined ? { during: () => pause(durationMs / 2, AbortSignal.any([])) } : {},
      onAlerts: (alerts) => {
        for (const { rule, eventType } of alerts) {
          const { name } = compiled.rules[rule]!;
          const types = matchedTypes.get(name) ?? new Set();
          matchedTypes.set(name, types.add(eventByCode(eventType)));
        }
      },
    });
    return { compiled, seen };
  };
  const time = async (measured: readonly CheckedRule[]): Promise<Observed> => {
    const runs: Observed[] = [];
    for (let i = 0; i < (trace === undefined ? 1 : TIMED_RUNS); i++) {
      runs.push(await run(measured, { costs: "often" }).seen);
    }
    return { ...runs[0]!, ruleCosts: middleCosts(runs.map(({ ruleCosts }) => ruleCosts)) };
  };
  const timed = await time(rules);
  const counted = run(rules, { leaves: "compiled" });
  const answered = await counted.seen;
  const counts = leafCounts(counted.compiled.leaves!, answered.leafWords);
  const captures = captureOf(rules, timed.events);
  const events = eventsOf(timed);
  const stateOnly = timed.counters["EVENTS_STATE_ONLY"] ?? 0n;
  const profiled = profiledRules(
    rules.map((rule, index) => ({
      rule,
      ...optional("cost", timed.ruleCosts.find((cost) => cost.rule === index)),
      ...optional("counts", counts[index]),
      parts: partTexts(conditionTree(loaded, rule)),
      captures: captures[index]!,
    })),
    events,
  );
  const measure = async (changed: CheckedRule, condition: CheckedExpr): Promise<Measured> => {
    const others = rules.map((rule) => rule === changed ? { ...rule, condition } : rule);
    const { ruleCosts } = await time(others);
    const cost = ruleCosts.find(({ rule }) => rule === rules.indexOf(changed));
    return { nanoseconds: cost?.nanoseconds ?? 0, evaluations: Number(cost?.evaluations ?? 0n) };
  };
  const nanoseconds = profiled.reduce((sum, rule) => sum + rule.nanoseconds, 0);
  return {
    ...trace === undefined ? { seconds: durationMs / 1000 } : { trace },
    events,
    nanoseconds,
    ns_per_event: Number((nanoseconds / Math.max(1, events)).toFixed(2)),
    rules: profiled,
    advice: await adviceFor({
      rules: profiled,
      checked: rules,
      events: Number(timed.counters["EVENTS"] ?? 0n),
      matchedTypes,
      ...trace === undefined ? {} : { measure },
    }),
    notes: [
      ...loaded.rules.length > rules.length ? [notMeasured(loaded.rules.length - rules.length)] : [],
      ...stateOnly === 0n ? [] : [
        `${stateOnly} more events only tell of processes and files: no rule sees them, and what is captured counts them`,
      ],
      ...timed.losses,
    ],
  };
}

/** Of each rule the run in the middle: now and then something else takes the processor. */
function middleCosts(runs: readonly (readonly RuleCost[])[]): readonly RuleCost[] {
  return runs[0]!.map((cost) => {
    const all = runs.map((run) => run.find(({ rule }) => rule === cost.rule)?.nanoseconds ?? 0);
    return { ...cost, nanoseconds: all.sort((a, b) => a - b)[all.length >> 1]! };
  });
}

function eventsOf({ counters }: Observed): number {
  const { EVENTS = 0n, EVENTS_STATE_ONLY = 0n } = counters;
  return Number(EVENTS - EVENTS_STATE_ONLY);
}

/** A value that is not there is no key. */
function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : { [key]: value } as { [P in K]: V };
}

function notMeasured(count: number): string {
  return count === 1
    ? "one rule of another source is not measured"
    : `${count} rules of other sources are not measured`;
}
