// One rules file, read: stages 2 and 3 of loading rules. What other files say does not matter, so the result is kept while
// the file does not change.
// In: a source, what may still be read, what became of an earlier text. Out: its items and findings.
// Elsewhere: YAML (yaml/read.ts), items (items.ts), which of them stay the same objects (entries.ts), what files together say
// (collect.ts).

import type { MovedRange } from "../diagnostics/moved.ts";
import { Report } from "../diagnostics/diagnostic.ts";
import type { Source } from "../text/span.ts";
import type { Budget, Spent } from "../yaml/budget.ts";
import { readYaml } from "../yaml/read.ts";
import { type RawItem, readItems } from "./items.ts";
import { type Entry, readEntries } from "./entries.ts";

export interface RulesFile {
  readonly source: Source;
  readonly items: readonly RawItem[];
  readonly findings: Report;
  /** part of it cannot be read: what seems to be missing may be there */
  readonly damaged: boolean;
  readonly spent: Spent;
  /** its items one by one, where each stands for itself */
  readonly entries: readonly Entry[];
}

/** @param before the file with an earlier text: entries that are the same stay the very same objects */
export function readRulesFile(source: Source, budget: Budget, before?: RulesFile): RulesFile {
  const findings = new Report();
  const unspent = budget.left;
  const yaml = readYaml(source, findings, budget);
  const entries = readEntries(source, yaml, budget, before?.entries ?? []);
  const items = entries?.flatMap((entry) => entry.items) ?? readItems(yaml.documents, findings, budget);
  for (const entry of entries ?? []) findings.join(entry.findings);
  const spent = budget.spentSince(unspent);
  return { source, items, findings, damaged: yaml.damaged, spent, entries: entries ?? [] };
}

/** Where entries are now that were read from earlier texts. */
export function movedIn({ source, entries }: RulesFile): MovedRange[] {
  return entries.filter(({ from }) => from.source !== source).map(({ from, start }) => ({
    from,
    to: { source, start, end: start + from.end - from.start },
  }));
}
