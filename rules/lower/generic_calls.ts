// Which calls without an event of their own the rules can match: what the probe has to report as catch-all event.
// In: the residual conditions on that event. Out: Falco's numbers of the calls, or undefined for "any of them".

import { syscallByName } from "../../schema/mod.ts";
import { latin1, type PredicateNode, type TestNode } from "./ir.ts";
import { GENERIC_CODE, GENERIC_NAMES } from "./events.ts";
import type { Program } from "./lower.ts";

type Names = ReadonlySet<string>;

export function genericSyscalls({ events }: Program): ReadonlySet<number> | undefined {
  const candidates = events.find(({ event }) => event.code === GENERIC_CODE)?.candidates ?? [];
  const numbers = new Set<number>();
  for (const { condition } of candidates) {
    const names = namesOf(condition);
    if (names === undefined) return undefined;
    for (const name of names) {
      const sc = syscallByName(name)?.sc;
      if (sc !== undefined && GENERIC_NAMES.has(name)) numbers.add(sc);
    }
  }
  return numbers;
}

/** Names of calls outside of which the predicate is false; undefined when it does not ask for the name. */
function namesOf(node: PredicateNode): Names | undefined {
  switch (node.kind) {
    case "test":
      return testedNames(node);
    case "and": {
      const known = node.operands.flatMap((operand) => namesOf(operand) ?? []);
      return known.length === 0 ? undefined : known.reduce((a, b) => a.intersection(b));
    }
    case "or": {
      const known = node.operands.map(namesOf);
      return known.reduce((a, b) => a === undefined || b === undefined ? undefined : a.union(b));
    }
    default:
      return undefined;
  }
}

function testedNames({ fn, left, right }: TestNode): Names | undefined {
  if (left.kind !== "field" || (left.fn !== "evt_type" && left.fn !== "syscall_type")) return undefined;
  if (fn === "str_eq" && right.kind === "text") return new Set([latin1(right.bytes)]);
  return fn === "str_in" && right.kind === "texts" ? new Set(right.items.map(latin1)) : undefined;
}
