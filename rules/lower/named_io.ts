// Which calls that move data (read, write and their kin) the rules name: what the probe reports of them, since a rule
// without a type would have all of them reported.
// In: rules and what they became. Out: a row for each event of such a call, with the rules that name it.
// Elsewhere: which calls these are (schema/syscalls.ts), whether they are reported (sources/live/interest.ts).

import { type EventDef, isHighVolumeIo, syscallsOfEvent } from "../../schema/mod.ts";
import type { CheckedCheck, CheckedExpr, CheckedRule } from "../check/checked.ts";
import type { Graph } from "./ir.ts";
import { lowerCheck } from "./check.ts";
import type { Program } from "./lower.ts";

export interface NamedIo {
  readonly code: number;
  /** as rules write it: read, pwrite, sendfile */
  readonly event: string;
  /** names of the rules, in definition order */
  readonly rules: readonly string[];
}

/** By these a condition names an event, or reads or writes as a kind. */
const NAMING_FIELDS: ReadonlySet<string> = new Set([
  ...["evt.type", "syscall.type", "evt.type.is"],
  ...["evt.is_io", "evt.is_io_read", "evt.is_io_write", "evt.io_dir"],
]);

export function namedIo(rules: readonly CheckedRule[], { events, graph }: Program): NamedIo[] {
  const rows: NamedIo[] = [];
  for (const { event, candidates } of events) {
    if (!syscallsOfEvent(event.code).some(({ sc }) => isHighVolumeIo(sc))) continue;
    const naming = candidates.map(({ rule }) => rules[rule]!)
      .filter(({ condition }) => names(condition, event, graph, true));
    if (naming.length > 0) {
      rows.push({ code: event.code, event: event.name, rules: naming.map(({ name }) => name) });
    }
  }
  return rows;
}

/** @param isWanted false below `not`: what a rule excludes it does not ask for */
function names(expr: CheckedExpr, event: EventDef, graph: Graph, isWanted: boolean): boolean {
  switch (expr.kind) {
    case "check":
      return isWanted && isNaming(expr) && lowerCheck(graph, expr, event) === graph.true;
    case "not":
      return names(expr.operand, event, graph, !isWanted);
    default:
      return expr.operands.some((operand) => names(operand, event, graph, isWanted));
  }
}

function isNaming({ left, operator }: CheckedCheck): boolean {
  return left.kind === "field" && NAMING_FIELDS.has(left.field.name) &&
    operator !== "!=" && operator !== "exists";
}
