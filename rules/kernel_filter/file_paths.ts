// Events about an open file that no rule can match unless the file's path has some part: those on files whose path has none of
// the parts need not be reported, and the opens of such files neither. In: the program. Out: for each such event the parts.
// What is known of a file is the path by which it was opened, so the parts are found as for opens (open_clauses.ts).
// Elsewhere: which calls the probe can decide so (call_table.ts), what it remembers (probe/lib/file_mark.bpf.h).

import type { PredicateNode } from "../lower/ir.ts";
import type { Program } from "../lower/lower.ts";
import { CALLS_ON_FDS } from "./call_table.ts";
import { OPENED_FILE } from "./fd_kinds.ts";
import { mayHold } from "./may_hold.ts";
import { openClauses } from "./open_clauses.ts";
import { type PathParts, union } from "./path_parts.ts";
import type { PathPart } from "./plan.ts";

/** By the name of the event; none: no rule matches it on a file. */
export type FilePaths = ReadonlyMap<string, readonly PathPart[]>;

export function filePaths({ graph, events }: Program): FilePaths {
  const found = new Map<string, readonly PathPart[]>();
  for (const { event, candidates } of events) {
    if (!isDecided(event.name)) continue;
    const parts = union(candidates.map(({ condition }) => {
      const isAboutFiles = mayHold(condition, true, { event, fd: OPENED_FILE });
      return isAboutFiles ? partsOf(graph, condition) : [];
    }));
    if (parts !== "any") found.set(event.name, parts);
  }
  return found;
}

/** A close is decided with the open; of other calls the probe has to find the file. */
function isDecided(name: string): boolean {
  const call = CALLS_ON_FDS.get(name);
  return name === "close" || (call?.fd === "argument" && call.kinds.includes("file"));
}

/** The name of an fd does not say how the file was opened, nor what its path leads to. */
function partsOf(graph: Program["graph"], condition: PredicateNode): PathParts {
  return union(openClauses(graph, condition).map(({ name, resolved }) => union([name, resolved])));
}
