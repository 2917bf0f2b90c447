// One rules file, read: stages 2 and 3 of loading rules. What other files say does not matter, so the result is kept while
// the file does not change.
// In: a source, what may still be read. Out: its items and findings.
// Elsewhere: YAML (yaml/read.ts), items (items.ts), what files together say (collect.ts).

import { Report } from "../diagnostics/diagnostic.ts";
import type { Source } from "../text/span.ts";
import type { Budget, Spent } from "../yaml/budget.ts";
import { readYaml } from "../yaml/read.ts";
import { type RawItem, readItems } from "./items.ts";

export interface RulesFile {
  readonly source: Source;
  readonly items: readonly RawItem[];
  readonly findings: Report;
  /** part of it cannot be read: what seems to be missing may be there */
  readonly damaged: boolean;
  readonly spent: Spent;
}

export function readRulesFile(source: Source, budget: Budget): RulesFile {
  const report = new Report();
  const before = budget.left;
  const { documents, damaged } = readYaml(source, report, budget);
  const items = readItems(documents, report, budget);
  return { source, items, findings: report, damaged, spent: budget.spentSince(before) };
}
