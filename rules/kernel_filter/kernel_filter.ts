// The push-down: what the probe may leave out, because no rule can match it and nobody asks for the state it makes.
// In: the program that the code of the rules is made from, and the rules' names. Out: data (plan.ts), which may be wider than
// the rules and never narrower. Elsewhere: how the probe uses it (probe/lib/filter.bpf.h), the same decision for tests
// (model.ts), where it is shown (cli/commands/list.ts).

import type { Program } from "../lower/lower.ts";
import { callFilters, isOfRules } from "./call_filter.ts";
import { fdDemands, timeDemand } from "./fd_demand.ts";
import { FD_KINDS } from "./fd_kinds.ts";
import { filePaths } from "./file_paths.ts";
import { mayHold } from "./may_hold.ts";
import { openClauses, saysNothing } from "./open_clauses.ts";
import {
  ALL_KINDS,
  type KernelFilter,
  type OpenFilter,
  type PathKey,
  type PathPart,
  tableKey,
} from "./plan.ts";
import { wholeCalls } from "./whole_calls.ts";

/** Opens that are tested before they are reported. */
const TESTED: ReadonlySet<string> = new Set(["open", "openat"]);
/** What the probe's table has room for. */
export const MAX_KEYS = 4096;

export function kernelFilter(program: Program, names: readonly string[]): KernelFilter {
  const allAsked = timeDemand(program, names);
  if (allAsked !== undefined) return { allAsked };
  const paths = filePaths(program);
  const { asked: demands, told, directories } = fdDemands(program, names, paths);
  const filesAskedBy = demands.get("file") ?? [];
  const byPath = filesAskedBy.length === 0 && [...paths.values()].some((parts) => parts.length > 0);
  // what files are known is known to the end: no other fd has come in their place without a word
  const unasked = new Set(FD_KINDS.filter((kind) => !demands.has(kind) && !(byPath && kind === "file")));
  const calls = callFilters(program, unasked, told, names, byPath ? paths : new Map());
  const onFcntl = program.events.find(({ event }) => event.name === "fcntl")?.candidates[0];
  return {
    ...filesAskedBy.length === 0
      ? {
        opens: {
          ...openFilter(program, names, [...paths.values()].flat()),
          directories: directories.length === 0,
        },
      }
      : { filesAsked: filesAskedBy[0]!, filesAskedBy },
    kindsAsked: new Map([...demands].map(([kind, [first]]) => [kind, first!])),
    kindsAskedBy: demands,
    kindsTold: told,
    ...directories.length === 0 ? {} : { directoriesAskedBy: directories },
    calls,
    wholeCalls: wholeCalls(program, calls, names, (event) => isOfRules(event) && !TESTED.has(event.name)),
    ...onFcntl === undefined
      ? {}
      : { fcntlAsked: { rule: names[onFcntl.rule]!, event: "fcntl", asks: "evt.type" } },
  };
}

/** @param wanted of these files other events are needed, however they are opened */
function openFilter(
  { graph, events }: Program,
  names: readonly string[],
  wanted: readonly PathPart[],
): Omit<OpenFilter, "directories"> {
  const keys = new Map<bigint, { part: PathPart; name: number; resolved: number }>();
  let [anyPath, resolved, failed] = [0, 0, 0];
  let failedUnclean = false;
  let anyPathRule: string | undefined;
  for (const { event, candidates } of events) {
    if (!TESTED.has(event.name)) continue;
    const facts = { event, failed: true } as const;
    for (const { rule, condition } of candidates) {
      for (const { kinds } of openClauses(graph, condition, facts)) failed |= kinds;
      failedUnclean ||= mayHold(condition, true, facts);
      for (const clause of openClauses(graph, condition)) {
        const { kinds, name, resolved: ofResolved } = clause;
        if (saysNothing(clause) || name === "any" || ofResolved === "any") {
          anyPath |= kinds;
          anyPathRule ??= names[rule];
          continue;
        }
        if (ofResolved.length > 0) resolved |= kinds;
        for (const part of name) entryOf(keys, part).name |= kinds;
        for (const part of ofResolved) entryOf(keys, part).resolved |= kinds;
      }
    }
  }
  for (const part of wanted) entryOf(keys, part).name |= ALL_KINDS;
  const list: PathKey[] = [...keys.values()];
  const fits = list.length <= MAX_KEYS;
  return {
    anyPath: fits ? anyPath : ALL_KINDS,
    ...anyPathRule === undefined ? {} : { anyPathRule },
    keys: fits ? list : [],
    resolved: fits ? resolved : 0,
    failed,
    failedUnclean,
  };
}

function entryOf(keys: Map<bigint, { part: PathPart; name: number; resolved: number }>, part: PathPart) {
  const key = tableKey(part);
  let entry = keys.get(key);
  if (entry === undefined) keys.set(key, entry = { part, name: 0, resolved: 0 });
  return entry;
}
