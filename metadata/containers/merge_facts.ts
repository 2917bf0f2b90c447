// Facts of one container from several moments and sources.
// In: what was known, and what has come. Out: both together.
// Elsewhere: whose word comes first (fact_ledger.ts).

import type { ContainerFacts } from "./container_facts.ts";

export interface KnownFacts {
  readonly facts: ContainerFacts;
  /** the engine has been asked and told everything */
  readonly isWhole: boolean;
}

/**
 * Of one source: a whole answer replaces another one; an event or a list, which tell only a part, add what was missing and
 * never take anything away.
 */
export function mergeFacts(old: KnownFacts | undefined, next: KnownFacts): KnownFacts {
  if (old === undefined || old.facts.full_id !== next.facts.full_id) return next;
  if (next.isWhole && old.isWhole) return next;
  // a runtime says of a pod's sandbox less than of its containers, and less than containerd itself
  if (next.isWhole) return { facts: overlay(next.facts, old.facts, isMissing), isWhole: true };
  const [above, below] = old.isWhole ? [old.facts, next.facts] : [next.facts, old.facts];
  return { facts: overlay(above, below, isEmpty), isWhole: old.isWhole };
}

/** Of several sources: what the first one lacks. Where it has told everything, no and zero are answers, too. */
export function fillFacts(first: ContainerFacts, other: ContainerFacts, isWhole: boolean): ContainerFacts {
  return overlay(first, other, isWhole ? isMissing : isEmpty);
}

function overlay(
  above: ContainerFacts,
  below: ContainerFacts,
  lacks: (value: unknown) => boolean,
): ContainerFacts {
  const said = Object.entries(above).filter(([, value]) => !lacks(value));
  return { ...below, ...Object.fromEntries(said) };
}

function isEmpty(value: unknown): boolean {
  return value === 0 || value === false || isMissing(value);
}

function isMissing(value: unknown): boolean {
  if (value === null || value === "" || value === -1) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
