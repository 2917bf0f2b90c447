// Which names a user means by a word: `proc.*` by its shape, `proc.name` exactly, `name` as a part.
// In: patterns and names. Out: the names that are meant. Elsewhere: rules by wildcards of the configuration
// (rules/items/selection.ts).

import { didYouMean, UsageError } from "../../base/mod.ts";

export interface Selection<T> {
  readonly chosen: readonly T[];
  /** exactly one name was asked for, in full: there is room for all about it */
  readonly single: boolean;
}

/** No pattern chooses all. A pattern that chooses nothing is a mistake. */
export function selectNamed<T extends { readonly name: string }>(
  all: readonly T[],
  patterns: readonly string[],
  what: string,
): Selection<T> {
  if (patterns.length === 0) return { chosen: all, single: false };
  const chosen = new Set<T>();
  const problems: string[] = [];
  for (const pattern of patterns) {
    const found = matching(all, pattern);
    for (const item of found) chosen.add(item);
    if (found.length > 0) continue;
    const hint = didYouMean(pattern, all.map((item) => item.name));
    problems.push(`no ${what} is called ${pattern}` + (hint === undefined ? "" : `; ${hint}`));
  }
  if (problems.length > 0) throw new UsageError(problems);
  const [first] = chosen;
  const single = patterns.length === 1 && chosen.size === 1 && same(first!.name, patterns[0]!);
  return { chosen: all.filter((item) => chosen.has(item)), single };
}

function matching<T extends { readonly name: string }>(all: readonly T[], pattern: string): readonly T[] {
  if (/[*?]/.test(pattern)) {
    const shape = shapeOf(pattern);
    return all.filter((item) => shape.test(item.name));
  }
  const exact = all.filter((item) => same(item.name, pattern));
  if (exact.length > 0) return exact;
  return all.filter((item) => item.name.toLowerCase().includes(pattern.toLowerCase()));
}

/** Runs of stars count as one: they would make the search slow and mean the same. */
function shapeOf(pattern: string): RegExp {
  const parts = pattern.replace(/\*+/g, "*").replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${parts.replaceAll("*", ".*").replaceAll("?", ".")}$`, "is");
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
