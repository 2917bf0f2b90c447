// Counters of checks, as people ask for them: by rule and check.
// In: the plan of a module and a copy of its counters. Out: how often each check was true and false.
// Elsewhere: what counts (leaf_counters.ts).

import type { LeafPlan } from "./leaf_counters.ts";

export interface Answers {
  readonly whenTrue: number;
  readonly whenFalse: number;
}

/** Of one rule. */
export interface LeafCounts {
  /** by check, in the order of the condition's text */
  readonly leaves: readonly Answers[];
  /** by operand of the outermost `and`: a false one has ended the evaluation */
  readonly parts: readonly Answers[];
  /** by exclusion: how often it was all that kept the rule from matching */
  readonly excludedAlone: readonly number[];
}

/** By rule. @param words as many as the plan says; those of several modules of one plan may be added up */
export function leafCounts(plan: LeafPlan, words: BigUint64Array): readonly LeafCounts[] {
  const counts = Array.from(words.subarray(0, plan.slots * 2), Number);
  plan.known.forEach((known, group) => {
    const calls = Number(words[plan.slots * 2 + group]!);
    for (const { slot, answer } of known) counts[slot * 2 + Number(answer)]! += calls;
  });
  const answers = (slot: number): Answers => ({
    whenFalse: counts[slot * 2]!,
    whenTrue: counts[slot * 2 + 1]!,
  });
  return plan.rules.map(({ first, leaves, parts, exclusions }) => ({
    leaves: Array.from({ length: leaves }, (_, index) => answers(first + index)),
    parts: parts.map((_, index) => answers(first + leaves + index)),
    excludedAlone: exclusions.map((_, index) => answers(first + leaves + parts.length + index).whenTrue),
  }));
}
