// The event types on which a check can hold, and those on which it can fail, as sets of bits.
// In: a check of a rule for system calls. Out: two sets. Elsewhere: what an event's type decides (lower/).

import type { CheckedCheck, CheckedField, CheckedOperand } from "../check/checked.ts";
import { ASYNC_CODE, EVALUATED_EVENTS, GENERIC_CODE, hasFd } from "../lower/events.ts";
import { decide } from "../lower/static_check.ts";
import { knownValue } from "../lower/static_value.ts";
import { decodeText } from "../text/utf8.ts";

export interface EventSets {
  readonly holds: bigint;
  readonly fails: bigint;
}

/** Each of the evaluated event types, by its position among them. */
export const ALL_EVENTS = (1n << BigInt(EVALUATED_EVENTS.length)) - 1n;
const BITS = EVALUATED_EVENTS.map((_, at) => 1n << BigInt(at));
const ANY: EventSets = { holds: ALL_EVENTS, fails: ALL_EVENTS };

const WITH_FD = EVALUATED_EVENTS.reduce(
  (set, event, at) => hasFd(event) ? set | BITS[at]! : set,
  0n,
);

/** Fields of events that are JSON; no system call is. */
const JSON_CLASSES = ["json", "jevt"];

/** Always there: rules compare it with 0 to say "never" and "always". */
const IDIOM = "evt.num";

export class PossibleEvents {
  readonly #known = new WeakMap<CheckedCheck, EventSets>();
  readonly #without = new Map<string, bigint>();

  of(check: CheckedCheck): EventSets {
    let sets = this.#known.get(check);
    if (sets === undefined) this.#known.set(check, sets = eventSets(check));
    return sets;
  }

  /** The types on which a field has no value. */
  without(operand: CheckedField): bigint {
    const { name } = operand.field;
    const key = operand.arg === undefined ? name : `${name}[${operand.arg}]`;
    let set = this.#without.get(key);
    if (set === undefined) {
      set = 0n;
      for (const [at, event] of EVALUATED_EVENTS.entries()) {
        if (knownValue(operand, event)?.kind === "missing") set |= BITS[at]!;
      }
      this.#without.set(key, set);
    }
    return set;
  }
}

function eventSets(check: CheckedCheck): EventSets {
  const { left } = check;
  if (left.kind === "transformer") return { holds: needsFd(left) ? WITH_FD : ALL_EVENTS, fails: ALL_EVENTS };
  if (left.kind !== "field" || left.field.name === IDIOM || left.field.constant !== undefined) return ANY;
  if (JSON_CLASSES.includes(left.field.class)) return { holds: 0n, fails: ALL_EVENTS };
  if (left.field.class === "fd") return { holds: WITH_FD, fails: ALL_EVENTS };
  if (left.field.class !== "evt") return ANY;
  if (left.field.name === "evt.type") {
    const names = namedEvents(check);
    if (names !== undefined) return names;
  }
  let holds = 0n, fails = 0n;
  for (const [at, event] of EVALUATED_EVENTS.entries()) {
    const known = knownValue(left, event);
    const decided = known === undefined ? undefined : decide(known, check);
    if (decided !== false) holds |= BITS[at]!;
    if (decided !== true) fails |= BITS[at]!;
  }
  return { holds, fails };
}

const byName = new Map<string, bigint>();
/** Events whose type is known only when they happen: the catch-all of calls, and events from outside. */
let open = 0n;
for (const [at, event] of EVALUATED_EVENTS.entries()) {
  const bit = BITS[at]!;
  if (event.code === GENERIC_CODE || event.code === ASYNC_CODE) open |= bit;
  else byName.set(event.name, (byName.get(event.name) ?? 0n) | bit);
}

/** `evt.type` compared with names, the most frequent check of all. */
function namedEvents({ operator, modifier, right }: CheckedCheck): EventSets | undefined {
  if (modifier !== undefined || !["=", "in", "intersects", "!="].includes(operator)) return undefined;
  let named = 0n, unsure = 0n;
  for (const operand of right) {
    if (operand.kind !== "text") return undefined;
    const events = byName.get(decodeText(operand.bytes));
    if (events === undefined) unsure = open;
    else named |= events;
  }
  const others = ALL_EVENTS & ~named;
  return operator === "!="
    ? { holds: others, fails: named | unsure }
    : { holds: named | unsure, fails: others };
}

function needsFd(operand: CheckedOperand): boolean {
  if (operand.kind === "transformer") return operand.operands.some(needsFd);
  return operand.kind === "field" && operand.field.class === "fd";
}

/** Names of the events in a set, the first few of them. */
export function eventNames(set: bigint, most: number): string[] {
  const names = new Set<string>();
  for (const [at, event] of EVALUATED_EVENTS.entries()) {
    if ((set & BITS[at]!) !== 0n) names.add(event.name);
    if (names.size >= most) break;
  }
  return [...names];
}
