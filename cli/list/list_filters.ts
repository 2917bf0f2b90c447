// `falco list filters`: what the kernel's side leaves out with the loaded rules, and which rule keeps it from more; what it has
// left out so far, where a falco runs that can be asked. In: loaded rules. Out: text or JSON, a row for each kind of event.
// Elsewhere: how it is found (rules/kernel_filter), how it is asked (filter_counts.ts).

import {
  type CallFilter,
  clauseText,
  compileRules,
  type Demand,
  FD_KINDS,
  type FdKind,
  type KernelFilter,
} from "../../rules/mod.ts";
import type { ListRequest } from "./list_request.ts";
import type { FilterCounts } from "./filter_counts.ts";
import { type Cell, columns, heading, type Page } from "../terminal/page.ts";
import { namesOfKinds } from "./kind_names.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Row {
  readonly events: string;
  /** of which fds */
  readonly what?: string;
  readonly isFiltered: boolean;
  readonly text: string;
}

export function listFilters({ json, page, loaded: load, counts }: ListRequest): string {
  const { rules } = load();
  const { kernelFilter } = compileRules(rules, { matching: "first" });
  const rows = rowsOf(kernelFilter);
  if (json) {
    return jsonText(rows.map(({ events, isFiltered, text, what }) => {
      const types = events.split(", ");
      const known = counts && Object.fromEntries([...counts].filter(([type]) => types.includes(type)));
      return {
        events: types,
        ...what === undefined ? {} : { of: what },
        filtered: isFiltered,
        reason: text,
        ...known && { counts: known },
      };
    }));
  }
  const told = columns(
    page,
    rows.map(({ events, isFiltered, text, what }): Cell[] => [
      { text: events, style: "name" },
      isFiltered ? { text: "filtered" } : { text: "all reported", style: "bad" },
      { text: what === undefined ? text : `of ${what}, ${text}` },
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

function rowsOf(filter: KernelFilter): Row[] {
  const { allAsked, filesAsked, opens } = filter;
  if (allAsked !== undefined) return [reported("every event", allAsked)];
  const files: Row = filesAsked !== undefined
    ? reported("open, openat", filesAsked)
    : filtered("open, openat", "on how the file is opened and " + pathsOf(opens!));
  return [
    files,
    ...directoryRow(filter),
    ...closeRows(filter),
    ...fcntlRow(filter),
    ...callRows(filter),
  ];
}

/** Where they are left out, it is as files are. */
function directoryRow({ opens, directoriesAskedBy: [asked] = [] }: KernelFilter): Row[] {
  if (opens === undefined || asked === undefined) return [];
  return [{ ...reported("open, openat, close", asked), what: "directories" }];
}

function reported(events: string, { rule, event, asks }: Demand): Row {
  return { events, isFiltered: false, text: `because of the rule "${rule}" (${asks} of ${event})` };
}

function filtered(events: string, text: string): Row {
  return { events, isFiltered: true, text: `in the kernel: ${text}` };
}

function closeRows({ kindsAsked = new Map<FdKind, Demand>() }: KernelFilter): Row[] {
  const unasked = FD_KINDS.filter((kind) => !kindsAsked.has(kind));
  const rows = [...Map.groupBy(kindsAsked, ([, { rule }]) => rule).values()].map((asked): Row => ({
    ...reported("close, dup", asked[0]![1]),
    what: namesOfKinds(asked.map(([kind]) => kind)),
  }));
  return unasked.length === 0 ? rows : [
    filtered("close, dup", `those of ${namesOfKinds(unasked)} that were left out`),
    ...rows,
  ];
}

/** With a rule on it, it is a call like others. */
function fcntlRow({ fcntlAsked, calls = [] }: KernelFilter): Row[] {
  if (fcntlAsked === undefined) return [filtered("fcntl", "commands that change nothing")];
  return calls.some(({ event }) => event === "fcntl") ? [] : [reported("fcntl", fcntlAsked)];
}

/** Calls of which the same is left out are one row. */
function callRows({ calls = [], fcntlAsked }: KernelFilter): Row[] {
  const shown = calls.filter(({ event }) => event !== "fcntl" || fcntlAsked !== undefined);
  return [...Map.groupBy(shown, (call) => `${leftOutOf(call)} ${call.rule ?? ""}`).values()].map((group) => {
    const { rule } = group[0]!;
    const rest = rule === undefined ? "" : `; others are reported because of the rule "${rule}"`;
    return filtered(group.map(({ event }) => event).join(", "), leftOutOf(group[0]!) + rest);
  });
}

function leftOutOf({ event, always, failed, kinds, clauses, unknownFiles }: CallFilter): string {
  if (always) return "all of them";
  const files = unknownFiles ? ["files of which the open was left out"] : [];
  const fds = [...files, ...kinds.length === 0 ? [] : [namesOfKinds(kinds)]];
  return [
    ...failed ? ["those that have failed"] : [],
    ...clauses.map((clause) => clauseText(event, clause)),
    ...fds.length === 0 ? [] : [`those on ${fds.join(", ")}`],
  ].join(", and ");
}

function pathsOf(opens: NonNullable<KernelFilter["opens"]>): string {
  const parts = opens.keys.length === 1 ? "1 part of a path" : `${opens.keys.length} parts of paths`;
  const resolved = opens.resolved === 0 ? "" : ", as given and as the kernel resolved them";
  const any = opens.anyPathRule === undefined
    ? ""
    : `; of some kinds all are reported because of the rule "${opens.anyPathRule}"`;
  return parts + resolved + any;
}
