// `falco list SUBJECT [NAME…]`: the catalogue and the loaded rules, for people; with --json for programs.
// In: subject, names or patterns, flags. Out: text on standard output.
// Elsewhere: each subject (cli/list/list_fields.ts, cli/list/list_events.ts …), Falco's own listings (cli/print_forms.ts).

import { didYouMean, UsageError } from "../../base/mod.ts";
import { planRun, readRules, type RunOptions } from "../../service/loading/mod.ts";
import { askCounts } from "../list/filter_counts.ts";
import { listConfig } from "../list/list_config.ts";
import { listEventTypes } from "../list/list_events.ts";
import { listFieldCatalogue } from "../list/list_fields.ts";
import { listFilters } from "../list/list_filters.ts";
import { listLists } from "../list/list_lists.ts";
import { listMacros } from "../list/list_macros.ts";
import type { ListRequest } from "../list/list_request.ts";
import { listRules } from "../list/list_rules.ts";
import type { Subject } from "../list/subjects.ts";
import { stdoutPage } from "../terminal/page.ts";
import { printText } from "../terminal/print_text.ts";

export interface ListOptions extends RunOptions {
  readonly json?: true;
}

const LISTS: Readonly<Record<Subject, (request: ListRequest) => string>> = {
  fields: listFieldCatalogue,
  events: listEventTypes,
  rules: listRules,
  macros: listMacros,
  lists: listLists,
  filters: listFilters,
  config: listConfig,
};

export async function list(subject: string, patterns: string[], options: ListOptions): Promise<number> {
  const text = listSubject(subject, {
    patterns,
    json: options.json === true,
    page: stdoutPage(),
    loaded: () => readRules(planRun(options), undefined),
    counts: subject === "filters" ? await askCounts(planRun(options).settings) : undefined,
  });
  await printText(`${text}\n`);
  return 0;
}

export function listSubject(subject: string, request: ListRequest): string {
  if (Object.hasOwn(LISTS, subject)) return LISTS[subject as Subject](request);
  const subjects = Object.keys(LISTS);
  const hint = didYouMean(subject, subjects) ?? `there are ${subjects.join(", ")}`;
  throw new UsageError([`list ${subject}: nothing of this name can be listed; ${hint}`]);
}
