// Types of events of which the kernel leaves out nothing, or only what has failed, since rules match them by what it cannot decide on.
// In: the program, what is left out of calls. Out: such events with all their rules and what these ask, for `falco check --costs`.
// Not here are events that are always reported (programs that start, users that change) and opens and fds (kernel_filter.ts).

import { type EventDef, FIELDS } from "../../schema/mod.ts";
import type { PredicateNode } from "../lower/ir.ts";
import type { Program } from "../lower/lower.ts";
import { type Field, fieldIn } from "./fd_demand.ts";
import type { CallFilter, Demand, WholeCalls } from "./plan.ts";

/** Fields that are named of a rule. */
const MAX_FIELDS = 3;
/** What the kernel knows of every call. */
const KNOWN = /^evt_(rawres|res|failed|type|dir)$/;
const NAMES = new Map(FIELDS.flatMap(({ fn, name }) => fn === undefined ? [] : [[fn, name] as const]));

/** @param isSeen events of calls that are reported because rules match them, and that are not decided elsewhere */
export function wholeCalls(
  { events }: Program,
  filters: readonly CallFilter[],
  names: readonly string[],
  isSeen: (event: EventDef) => boolean,
): readonly WholeCalls[] {
  const found = new Map<string, WholeCalls>();
  for (const { event, candidates } of events) {
    if (!isSeen(event)) continue;
    const filter = filters.find((one) => one.event === event.name);
    const isPartly = filter !== undefined && filter.kinds.length + filter.clauses.length > 0;
    if (filter?.always || filter?.unknownFiles || isPartly) continue;
    const demands = candidates.map(({ rule, condition }): Demand => ({
      rule: names[rule]!,
      event: event.name,
      asks: fieldsOf(condition, event).join(", "),
    }));
    const butFailed = filter?.failed === true;
    const key = `${butFailed} ${demands.map(({ rule, asks }) => `${rule} ${asks}`).join("\n")}`;
    const known = found.get(key);
    found.set(key, { events: [...known?.events ?? [], event.name], butFailed, demands });
  }
  return [...found.values()];
}

function fieldsOf(condition: PredicateNode, event: EventDef): readonly string[] {
  const fields = new Set<string>();
  fieldIn(condition, (field) => {
    if (!KNOWN.test(field.fn)) fields.add(nameOf(field, event));
    return false;
  });
  if (fields.size === 0) return ["evt.type"];
  return fields.size > MAX_FIELDS ? [...[...fields].slice(0, MAX_FIELDS), "…"] : [...fields];
}

function nameOf({ fn, arg }: Field, { params }: EventDef): string {
  const name = NAMES.get(fn) ?? fn.replaceAll("_", ".");
  return /^evt_(raw)?arg$/.test(fn) && typeof arg === "number" ? `${name}.${params[arg]?.name}` : name;
}
