// What each rule costs, as plain data: what people read (profile_text.ts, profile_page.ts) and `--json` prints.
// In: counters of two runs over the same events, or over one after the other. Out: a Profile.
// Elsewhere: the runs (profile_rules.ts), what to do about it (advice.ts).

import type { RuleCost } from "../../engine/mod.ts";
import { type CheckedRule, type LeafCounts, placeOf } from "../../rules/mod.ts";
import type { Captured } from "./capture.ts";
import type { PartText } from "./rule_parts.ts";

export interface ProfiledPart extends PartText {
  /** how often it was looked at, and was true */
  readonly evaluated: number;
  readonly held: number;
  /** how often it ended the evaluation of the rule: of 1 */
  readonly ended: number;
}

export interface ProfiledRule {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly evaluations: number;
  readonly matches: number;
  /** looked at too seldom to tell how long it takes: what there was ran code that had never run before */
  readonly is_seldom: boolean;
  /** of all evaluations, estimated from those that were timed, without rendering alerts */
  readonly nanoseconds: number;
  /** for each event that falco takes, whether the rule looks at it or not */
  readonly ns_per_event: number;
  readonly ns_per_evaluation: number;
  /** of the time that all rules take: of 1 */
  readonly share: number;
  /** in the order of the condition; those that the event's type decides are never looked at */
  readonly parts: readonly ProfiledPart[];
  readonly captures: Captured;
}

export interface Advice {
  readonly rule: string;
  readonly kind: "capture" | "types";
  readonly text: string;
  /** of all events: those that falco would not have to take */
  readonly events?: number;
  /** time of the rule on these events, as it is and changed: both measured */
  readonly before_ns?: number;
  readonly after_ns?: number;
}

export interface Profile {
  /** the recording; absent: this host */
  readonly trace?: string;
  /** how long was measured on this host */
  readonly seconds?: number;
  readonly events: number;
  readonly nanoseconds: number;
  readonly ns_per_event: number;
  /** those that cost most first */
  readonly rules: readonly ProfiledRule[];
  readonly advice: readonly Advice[];
  readonly notes: readonly string[];
}

export interface RuleFacts {
  readonly rule: CheckedRule;
  readonly cost?: RuleCost;
  readonly counts?: LeafCounts;
  readonly parts: readonly PartText[];
  readonly captures: Captured;
}

/** Fewer evaluations tell nothing about time. */
const FEW = 64;

export function profiledRules(facts: readonly RuleFacts[], events: number): readonly ProfiledRule[] {
  const all = facts.reduce((sum, { cost }) => sum + timeOf(cost), 0);
  return facts.map(({ rule, cost, counts, parts, captures }): ProfiledRule => {
    const evaluations = Number(cost?.evaluations ?? 0n);
    const nanoseconds = timeOf(cost);
    const entered = counts === undefined ? 0 : Math.max(0, ...counts.parts.map(looks));
    return {
      rule: rule.name,
      ...placeOf(rule.span),
      evaluations,
      matches: Number(cost?.matches ?? 0n),
      is_seldom: evaluations < FEW,
      nanoseconds: Math.round(nanoseconds),
      ns_per_event: rounded(nanoseconds / Math.max(1, events)),
      ns_per_evaluation: rounded(nanoseconds / Math.max(1, evaluations)),
      share: rounded(nanoseconds / Math.max(1, all), 4),
      parts: parts.map((part, index) => {
        const { whenTrue = 0, whenFalse = 0 } = counts?.parts[index] ?? {};
        return {
          ...part,
          evaluated: whenTrue + whenFalse,
          held: whenTrue,
          ended: rounded(whenFalse / Math.max(1, entered), 4),
        };
      }),
      captures,
    };
  }).sort((a, b) => b.nanoseconds - a.nanoseconds || b.evaluations - a.evaluations);
}

function timeOf(cost: RuleCost | undefined): number {
  return cost === undefined || Number(cost.evaluations) < FEW ? 0 : cost.nanoseconds;
}

function looks({ whenTrue, whenFalse }: LeafCounts["parts"][number]): number {
  return whenTrue + whenFalse;
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
