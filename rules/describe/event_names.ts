// The names of the events that a condition can be true for, as Falco tells them.
// In: a condition without macros, the rule's source. Out: names, sorted.
// Elsewhere: the event types that a rule is compiled for, which are known better (lower/).
//
// Falco's rule: a check of evt.type stands for its events, any other check for all of them; `and` cuts, `or` joins,
// `not` is pushed down to the checks. Events from outside the stream are always among them.

import { EVENTS, SYSCALLS } from "../../schema/mod.ts";
import type { Check, Expr } from "../syntax/ast.ts";
import { sorted } from "./sorted.ts";

const GENERIC_EVENT = 1;

/**
 * Falco works out events and system calls side by side, and joins their names. It shows in one place: the call accept4 once made
 * an event named accept.
 */
const CALLS_OF_NAME: Readonly<Record<string, readonly string[]>> = {
  accept: ["call accept", "call accept4"],
  accept4: ["call accept4"],
};
const NAMES_OF_CALL: Readonly<Record<string, readonly string[]>> = {
  "call accept": ["accept"],
  "call accept4": ["accept", "accept4"],
};

/** Events, those without a name included (NA), the calls that share the generic one, and the calls from above. */
const ALL: ReadonlySet<string> = new Set([
  ...EVENTS.map((event) => event.name).filter((name) => name !== "syscall"),
  ...SYSCALLS.filter((call) => call.exitEvent === GENERIC_EVENT && call.sc !== 0).map((call) => call.name),
  ...Object.keys(NAMES_OF_CALL),
]);
const ALWAYS = "asyncevent";

/** `source` is none for a macro: only a rule has one. */
export function eventNamesOf(condition: Expr | undefined, source?: string): string[] {
  if (source !== undefined && source !== "syscall") return [ALWAYS, "pluginevent"];
  if (condition === undefined) return [];
  const names = [...namesOf(condition, false)].flatMap((name) => NAMES_OF_CALL[name] ?? [name]);
  return sorted([...names, ALWAYS]);
}

/** By node, as it is and negated: what comes from one macro is one node wherever it stands. */
const known = [new WeakMap<Expr, ReadonlySet<string>>(), new WeakMap<Expr, ReadonlySet<string>>()] as const;

function namesOf(expr: Expr, negated: boolean): ReadonlySet<string> {
  const done = known[negated ? 1 : 0];
  let names = done.get(expr);
  if (names === undefined) done.set(expr, names = findNames(expr, negated));
  return names;
}

function findNames(expr: Expr, negated: boolean): ReadonlySet<string> {
  switch (expr.kind) {
    case "not":
      return namesOf(expr.operand, !negated);
    case "macro":
    case "unread":
      return ALL;
    case "check":
      return namesOfCheck(expr, negated);
    case "and":
    case "or": {
      const cut = (expr.kind === "and") !== negated;
      let names: ReadonlySet<string> = cut ? ALL : new Set();
      for (const operand of expr.operands) {
        const inner = namesOf(operand, negated);
        if (cut) names = inner === ALL ? names : names.intersection(inner);
        else names = inner === ALL ? ALL : names.union(inner);
      }
      return names;
    }
  }
}

function namesOfCheck(check: Check, negated: boolean): ReadonlySet<string> {
  const { left, operator, modifier, right } = check;
  const decided = decidedByNumber(check);
  if (decided !== undefined) return decided !== negated ? ALL : new Set();
  if (left.kind !== "field" || (left.name !== "evt.type" && left.name !== "syscall.type")) return ALL;
  if (operator === "exists") return negated ? new Set() : ALL;
  if (modifier !== undefined || !["=", "==", "!=", "in"].includes(operator)) return ALL;
  if (right?.kind !== "value" && right?.kind !== "list") return ALL;
  const values = right.kind === "list" ? right.items : [right];
  const written = values.flatMap(({ text }) => [text, ...CALLS_OF_NAME[text] ?? []]);
  const names = new Set(written).intersection(ALL);
  return (operator === "!=") !== negated ? ALL.difference(names) : names;
}

/** Events are counted from 1, so `evt.num = 0` never holds: rules write it to switch something off. */
function decidedByNumber({ left, operator, modifier, right }: Check): boolean | undefined {
  if (left.kind !== "field" || left.name !== "evt.num" || left.arg !== undefined || modifier !== undefined) {
    return undefined;
  }
  if (right?.kind === "list") {
    return operator === "in" && right.items.every(({ text }) => numberOf(text) === 0) ? false : undefined;
  }
  const number = right?.kind === "value" ? numberOf(right.text) : undefined;
  if (number === undefined) return undefined;
  switch (operator) {
    case "=":
    case "==":
    case "<=":
      return number === 0 ? false : undefined;
    case "!=":
    case ">":
      return number === 0 ? true : undefined;
    case "<":
      return number <= 1 ? false : undefined;
    case ">=":
      return number <= 1 ? true : undefined;
    default:
      return undefined;
  }
}

/** Negative numbers wrap around and decide nothing. */
function numberOf(text: string): number | undefined {
  return /^\+?(\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : undefined;
}
