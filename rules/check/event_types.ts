// How many event types a condition can match, evaluated by its checks of evt.type alone: the ground of a warning.
// In: a checked condition. Out: the types, or their number. Elsewhere: the exact types that a rule is compiled for (lower/).
//
// Falco's rule of thumb: a check of evt.type stands for its events, any other check for all of them; `and` cuts,
// `or` joins, `not` is pushed down to the checks and leaves those alone that are not about evt.type. Since 0.45 events are
// known to be counted from 1: `evt.num = 0`, which stands for "never" in many rules files, is none.

import { EVENT_COUNT, EVENTS, SYSCALLS } from "../../schema/mod.ts";
import { decodeText } from "../text/utf8.ts";
import type { CheckedCheck, CheckedExpr } from "./checked.ts";

/** Rules on more types than this cost noticeably. */
export const MANY_EVENT_TYPES = 100;

const ALL = (1n << BigInt(EVENT_COUNT)) - 1n;
/** Entry and return of the calls that have no event of their own. */
const GENERIC = 0b11n;

const byName = new Map<string, bigint>();
for (const event of EVENTS) {
  byName.set(event.name, (byName.get(event.name) ?? 0n) | (1n << BigInt(event.code)));
}
for (const call of SYSCALLS) {
  if (call.exitEvent === 1) byName.set(call.name, (byName.get(call.name) ?? 0n) | GENERIC);
}

export function countEventTypes(condition: CheckedExpr): number {
  return eventTypesOf(condition).toString(2).replaceAll("0", "").length;
}

/** Bit by bit: that of a type's code. */
export function eventTypesOf(condition: CheckedExpr): bigint {
  return codesOf(condition, false);
}

function codesOf(expr: CheckedExpr, negated: boolean): bigint {
  switch (expr.kind) {
    case "not":
      return codesOf(expr.operand, !negated);
    case "check":
      return codesOfCheck(expr, negated);
    case "and":
    case "or": {
      const cut = (expr.kind === "and") !== negated;
      let codes = cut ? ALL : 0n;
      for (const operand of expr.operands) {
        const inner = codesOf(operand, negated);
        codes = cut ? codes & inner : codes | inner;
      }
      return codes;
    }
  }
}

function codesOfCheck(check: CheckedCheck, negated: boolean): bigint {
  const { left, operator, modifier, right } = check;
  if (left.kind === "field" && left.field.name === "evt.num") {
    const holds = holdsForEveryNumber(check);
    return holds === undefined || holds !== negated ? ALL : 0n;
  }
  if (left.kind !== "field" || (left.field.name !== "evt.type" && left.field.name !== "syscall.type")) {
    return ALL;
  }
  if (operator === "exists") return negated ? 0n : ALL;
  if (modifier !== undefined || (operator !== "=" && operator !== "!=" && operator !== "in")) return ALL;
  let codes = 0n;
  for (const operand of right) {
    if (operand.kind !== "text") return ALL;
    codes |= byName.get(decodeText(operand.bytes)) ?? 0n;
  }
  return (operator === "!=") !== negated ? ALL & ~codes : codes;
}

/** Of a check of evt.num, which is 1 or more: for all of them, for none (false), or it depends. */
function holdsForEveryNumber({ operator, modifier, right }: CheckedCheck): boolean | undefined {
  const numbers = right.map((operand) =>
    operand.kind === "number" ? BigInt.asUintN(64, operand.value) : undefined
  );
  if (modifier !== undefined || numbers.includes(undefined)) return undefined;
  if (operator === "in") return numbers.every((number) => number === 0n) ? false : undefined;
  const [number = 0n] = numbers;
  switch (operator) {
    case "=":
      return number === 0n ? false : undefined;
    case "!=":
      return number === 0n ? true : undefined;
    case "<":
      return number <= 1n ? false : undefined;
    case "<=":
      return number === 0n ? false : undefined;
    case ">":
      return number === 0n ? true : undefined;
    case ">=":
      return number <= 1n ? true : undefined;
    default:
      return undefined;
  }
}
