// Why a rule did or did not match, as plain data: what people read (explanation_text.ts) and `--json` prints.
// In: the rule, its reports and counters. Out: an Explanation.
// Elsewhere: the run that reports (explain_rule.ts).

import { type CompiledExplanation, type ConditionTree, placeOf, type TreeLeaf } from "../../rules/mod.ts";
import { eventByCode } from "./event_names.ts";
import type { Attempt } from "./attempt.ts";
import { fewestFlips, type Flip, holds } from "./flips.ts";

/** One part of the condition on one event. */
export type ExplainedPart =
  | { readonly kind: "and" | "or" | "not"; readonly holds: boolean; readonly parts: readonly ExplainedPart[] }
  | {
    readonly kind: "macro" | "exception";
    readonly name: string;
    readonly holds: boolean;
    readonly parts: readonly ExplainedPart[];
  }
  | {
    readonly kind: "check";
    readonly text: string;
    readonly holds: boolean;
    /** where it is written */
    readonly file: string;
    readonly line: number;
    /** what it looked at; null: the event has no such value */
    readonly values: Readonly<Record<string, string | null>>;
  };

export interface ExplainedAttempt {
  readonly event: number;
  readonly time_ns: string;
  readonly about: Readonly<Record<string, string | null>>;
  readonly distance: number;
  /** the rule that takes the event before this one */
  readonly taken_by?: string;
  readonly condition: ExplainedPart;
}

/** Events that the same checks kept from matching. */
export interface NearMiss {
  readonly distance: number;
  /** among those that were looked at in detail */
  readonly events: number;
  /** others that came as near were not */
  readonly or_more: boolean;
  readonly checks: readonly MissedCheck[];
  readonly nearest: ExplainedAttempt;
}

export interface MissedCheck {
  readonly text: string;
  /** false: it holds, and the rule excludes that */
  readonly wanted: boolean;
  readonly macros: readonly string[];
  readonly exception?: string;
  readonly file: string;
  readonly line: number;
  /** what it looked at, most frequent first */
  readonly seen: readonly {
    readonly values: Readonly<Record<string, string | null>>;
    readonly events: number;
  }[];
}

export interface Explanation {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly source: string;
  /** why it does not run at all, or not as it is written */
  readonly notes: readonly string[];
  readonly events: {
    readonly total: number;
    /** those that the rule looks at */
    readonly looked_at: number;
    /** these by type; 0 for those that it can match and that did not come */
    readonly of_types: Readonly<Record<string, number>>;
  };
  /** one event was asked for */
  readonly is_one: boolean;
  readonly matches: number;
  /** matches that an earlier rule takes, among those that were looked at in detail */
  readonly taken: readonly { readonly rule: string; readonly events: number }[];
  /** events with all that the rule asks for, and something that it excludes: by `not` or an exception */
  readonly excluded: number;
  readonly excluded_by: readonly NearMiss[];
  /** how many other events came within so many checks; [0] are the matches */
  readonly by_distance: readonly number[];
  /** of those that came nearest without matching */
  readonly near: readonly NearMiss[];
  /** the matches, or the one event that was asked for */
  readonly shown: readonly ExplainedAttempt[];
}

export interface Findings {
  readonly compiled: CompiledExplanation;
  readonly tree: ConditionTree;
  readonly attempts: readonly Attempt[];
  /** by distance, then by type */
  readonly counts: readonly number[];
  /** those that rules see */
  readonly events: number;
  readonly notes: readonly string[];
  readonly rule: Pick<Explanation, "rule" | "source"> & { readonly span: TreeLeaf["span"] };
  /** whether an event was asked for */
  readonly isOne: boolean;
}

const SHOWN_MATCHES = 3;
const SHOWN_MISSES = 5;
const SHOWN_VALUES = 5;

export function explanationOf(found: Findings): Explanation {
  const { compiled, attempts, counts, events, notes, rule, isOne } = found;
  const ofTypes = new Map<string, number>();
  for (const { code, counter } of compiled.typeCounters) {
    const name = eventByCode(code);
    ofTypes.set(name, (ofTypes.get(name) ?? 0) + (counts[counter] ?? 0));
  }
  const lookedAt = compiled.typeCounters.reduce((sum, { counter }) => sum + (counts[counter] ?? 0), 0);
  const matched = attempts.filter(({ distance }) => distance === 0);
  const taken = new Map<string, number>();
  for (const attempt of matched) {
    const name = takenBy(attempt, compiled);
    if (name !== undefined) taken.set(name, (taken.get(name) ?? 0) + 1);
  }
  const { excludedCounter } = compiled;
  const byDistance = counts.slice(0, excludedCounter);
  const last = byDistance.findLastIndex((count) => count > 0);
  const missed = attempts.filter(({ distance, isExcluded }) => distance > 0 && !isExcluded);
  const nearest = Math.min(...missed.map(({ distance }) => distance));
  return {
    rule: rule.rule,
    ...placeOf(rule.span),
    source: rule.source,
    notes,
    events: {
      total: events,
      looked_at: lookedAt,
      of_types: Object.fromEntries([...ofTypes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    },
    is_one: isOne,
    matches: counts[0] ?? 0,
    taken: [...taken].map(([rule, events]) => ({ rule, events })),
    excluded: counts[excludedCounter] ?? 0,
    excluded_by: isOne
      ? []
      : nearMisses(attempts.filter((one) => one.isExcluded), counts[excludedCounter] ?? 0, found),
    by_distance: byDistance.slice(0, last + 1),
    near: isOne
      ? []
      : nearMisses(missed.filter(({ distance }) => distance === nearest), byDistance[nearest] ?? 0, found),
    shown: (isOne ? attempts : matched).slice(0, SHOWN_MATCHES).map((attempt) => shown(attempt, found)),
  };
}

/** @param total how many events were like these, also those that were not looked at in detail */
function nearMisses(attempts: readonly Attempt[], total: number, found: Findings): NearMiss[] {
  const groups = new Map<string, { flips: readonly Flip[]; attempts: Attempt[] }>();
  for (const attempt of attempts) {
    const flips = fewestFlips(found.tree, attempt.answers);
    const key = flips.map(({ leaf }) => leaf.leaf).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { flips, attempts: [attempt] });
    else group.attempts.push(attempt);
  }
  return [...groups.values()]
    .sort((a, b) => b.attempts.length - a.attempts.length)
    .slice(0, SHOWN_MISSES)
    .map((group) => ({
      distance: group.flips.length,
      events: group.attempts.length,
      or_more: attempts.length < total,
      checks: group.flips.map((flip) => missedCheck(flip, group.attempts, found)),
      nearest: shown(group.attempts[0]!, found),
    }));
}

function missedCheck(
  { leaf, wanted, macros, exception }: Flip,
  attempts: readonly Attempt[],
  { compiled }: Findings,
): MissedCheck {
  const seen = new Map<string, { values: Record<string, string | null>; events: number }>();
  for (const attempt of attempts) {
    const values = valuesOf(attempt, compiled.looksAt[leaf.leaf]!, compiled);
    const key = JSON.stringify(values);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { values, events: 1 });
    else known.events++;
  }
  return {
    text: leaf.text,
    wanted,
    macros,
    ...exception === undefined ? {} : { exception },
    ...placeOf(leaf.span),
    seen: [...seen.values()].sort((a, b) => b.events - a.events).slice(0, SHOWN_VALUES),
  };
}

function shown(attempt: Attempt, { compiled, tree }: Findings): ExplainedAttempt {
  const taken = attempt.distance === 0 ? takenBy(attempt, compiled) : undefined;
  return {
    event: Number(attempt.event),
    time_ns: String(attempt.timeNs),
    about: valuesOf(attempt, compiled.about, compiled),
    distance: attempt.distance,
    ...taken === undefined ? {} : { taken_by: taken },
    condition: partOf(tree, attempt, compiled),
  };
}

function partOf(tree: ConditionTree, attempt: Attempt, compiled: CompiledExplanation): ExplainedPart {
  const isTrue = holds(tree, attempt.answers);
  switch (tree.kind) {
    case "check":
      return {
        kind: "check",
        text: tree.text,
        holds: isTrue,
        ...placeOf(tree.span),
        values: valuesOf(attempt, compiled.looksAt[tree.leaf]!, compiled),
      };
    case "not":
      return { kind: "not", holds: isTrue, parts: [partOf(tree.operand, attempt, compiled)] };
    case "macro":
    case "exception":
      return {
        kind: tree.kind,
        name: tree.name,
        holds: isTrue,
        parts: [partOf(tree.body, attempt, compiled)],
      };
    default:
      return {
        kind: tree.kind,
        holds: isTrue,
        parts: tree.operands.map((operand) => partOf(operand, attempt, compiled)),
      };
  }
}

function takenBy({ taken }: Attempt, { earlier }: CompiledExplanation): string | undefined {
  return earlier[taken.indexOf(true)]?.name;
}

/** Of ancestors, those that there are. */
function valuesOf(
  { values }: Attempt,
  positions: readonly number[],
  compiled: CompiledExplanation,
): Record<string, string | null> {
  const all = positions.map((at) => [compiled.values[at]!.key, values[at] ?? null] as const);
  const isLine = positions.length > 2;
  return Object.fromEntries(isLine ? all.filter(([, value], index) => value !== null || index === 0) : all);
}
