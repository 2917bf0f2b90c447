// Checks that several rules of an event begin with together, such as those of the macros open_read and open_write: the event's
// function asks for them once, at its start, and keeps the answer.
// In: the candidates of one event. Out: groups of guards. Elsewhere: what a guard is (guards.ts), the code (emit.ts).

import type { PredicateNode } from "../lower/ir.ts";
import type { GuardedCandidate } from "./guards.ts";

/** A single check costs no more than to look up its answer. */
const FEWEST_CHECKS = 2;
/** Each group is asked for by every event of the type. */
const MOST_GROUPS = 4;

/** Groups that two rules or more begin with, those of most rules first. */
export function sharedGuards(candidates: readonly GuardedCandidate[]): readonly (readonly PredicateNode[])[] {
  const groups = new Map<string, { readonly guards: readonly PredicateNode[]; rules: number }>();
  for (const { guards } of candidates) {
    for (let length = FEWEST_CHECKS; length <= guards.length; length++) {
      const beginning = guards.slice(0, length);
      const key = beginning.map(({ id }) => id).join();
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { guards: beginning, rules: 1 });
      else group.rules++;
    }
  }
  const shared = [...groups.values()].filter(({ rules }) => rules > 1);
  // of the groups that begin with the same check the one of most rules, and the longest of those
  shared.sort((a, b) => b.rules - a.rules || b.guards.length - a.guards.length);
  const chosen: (readonly PredicateNode[])[] = [];
  for (const { guards } of shared) {
    const first = guards[0]!;
    if (chosen.length < MOST_GROUPS && !chosen.some(([other]) => other === first)) chosen.push(guards);
  }
  return chosen;
}

/** Whether all checks of a group are among the guards of a rule. */
export function hasAll(guards: readonly PredicateNode[], group: readonly PredicateNode[]): boolean {
  return group.every((check) => guards.includes(check));
}
