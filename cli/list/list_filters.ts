// `falco list filters`: what the kernel's side leaves out with the loaded rules, and which rule keeps it from more; what it has
// left out so far, where a falco runs that can be asked. In: loaded rules. Out: text or JSON, a row for each kind of event.
// Elsewhere: how it is found (rules/kernel_filter), how it is asked (filter_counts.ts).

import { compileRules, type Demand, type KernelFilter } from "../../rules/mod.ts";
import type { ListRequest } from "./list_request.ts";
import type { FilterCounts } from "./filter_counts.ts";
import { type Cell, columns, heading, type Page } from "../terminal/page.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Row {
  readonly events: string;
  readonly isFiltered: boolean;
  readonly text: string;
}

export function listFilters({ json, page, loaded: load, counts }: ListRequest): string {
  const { rules } = load();
  const { kernelFilter } = compileRules(rules, { matching: "first" });
  const rows = rowsOf(kernelFilter);
  if (json) {
    return jsonText(rows.map(({ events, isFiltered, text }) => {
      const types = events.split(", ");
      const known = counts && Object.fromEntries([...counts].filter(([type]) => types.includes(type)));
      return { events: types, filtered: isFiltered, reason: text, ...known && { counts: known } };
    }));
  }
  const told = columns(
    page,
    rows.map(({ events, isFiltered, text }): Cell[] => [
      { text: events, style: "name" },
      isFiltered ? { text: "filtered" } : { text: "all reported", style: "bad" },
      { text },
    ]),
    2,
  );
  return counts === undefined ? told : `${told}\n\n${countsText(page, counts)}`;
}

function countsText(page: Page, counts: ReadonlyMap<string, FilterCounts>): string {
  if (counts.size === 0) return "  The falco that runs has left out nothing so far.";
  const rows = [...counts].map(([type, { seen, passed, dropped }]): Cell[] => [
    { text: type, style: "name" },
    { text: `${seen} seen` },
    { text: `${passed} reported` },
    { text: `${dropped} left out` },
  ]);
  return `${heading(page, "The falco that runs", "since it was started")}\n${columns(page, rows, 3)}`;
}

function rowsOf({ opens, filesAsked, fcntlAsked, allAsked }: KernelFilter): Row[] {
  const all = (events: string, { rule, event, asks }: Demand): Row => ({
    events,
    isFiltered: false,
    text: `because of the rule "${rule}" (${asks} of ${event})`,
  });
  if (allAsked !== undefined) return [all("open, openat, close, dup, fcntl", allAsked)];
  const files: Row[] = filesAsked !== undefined ? [all("open, openat, close, dup", filesAsked)] : [
    {
      events: "open, openat",
      isFiltered: true,
      text: "in the kernel on how the file is opened and " + pathsOf(opens!),
    },
    { events: "close, dup", isFiltered: true, text: "in the kernel: those of files that were left out" },
  ];
  return [
    ...files,
    fcntlAsked !== undefined
      ? all("fcntl", fcntlAsked)
      : { events: "fcntl", isFiltered: true, text: "in the kernel: commands that change nothing" },
  ];
}

function pathsOf(opens: NonNullable<KernelFilter["opens"]>): string {
  const parts = `${opens.keys.length} parts of paths`;
  const resolved = opens.resolved === 0 ? "" : ", as given and as the kernel resolved them";
  const any = opens.anyPathRule === undefined
    ? ""
    : `; of some kinds all are reported because of the rule "${opens.anyPathRule}"`;
  return parts + resolved + any;
}
