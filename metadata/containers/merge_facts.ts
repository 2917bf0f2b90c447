// Facts of one container from several sources and moments.
// In: what was known, and what has come. Out: both together. A whole answer replaces; an event or a list, which tell
// only a part, add what was missing and never take anything away.

import type { ContainerFacts } from "./container_facts.ts";

export interface KnownFacts {
  readonly facts: ContainerFacts;
  /** the engine has been asked and told everything */
  readonly isWhole: boolean;
}

export function mergeFacts(old: KnownFacts | undefined, next: KnownFacts): KnownFacts {
  if (old === undefined || old.facts.full_id !== next.facts.full_id) return next;
  if (next.isWhole) return next;
  const [above, below] = old.isWhole ? [old.facts, next.facts] : [next.facts, old.facts];
  const said = Object.entries(above).filter(([, value]) => !isEmpty(value));
  return { facts: { ...below, ...Object.fromEntries(said) }, isWhole: old.isWhole };
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "" || value === 0 || value === -1 || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
