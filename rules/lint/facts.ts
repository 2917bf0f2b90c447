// What is known of an event on which a condition holds: its possible types, and the possible values of its fields.
// In: a condition without macros. Out: facts, or why it can never hold.
// Elsewhere: single checks (possible_events.ts, check_domain.ts), what is told about it (never_true.ts …).
//
// Facts are found from the checks up, for each node once, whatever the number of rules that share it.

import type { Check, Expr } from "../syntax/ast.ts";
import type { CheckedCheck, CheckedField } from "../check/checked.ts";
import { checkDomain } from "./check_domain.ts";
import { ALL_EVENTS, PossibleEvents } from "./possible_events.ts";
import { subjectOf } from "./subject.ts";
import { type Cause, isEmpty, join, meet, type ValueDomain } from "./value_domain.ts";

export interface Facts {
  readonly events: bigint;
  /** the check that said most about the event's type */
  readonly eventsBy?: Cause;
  readonly values: ReadonlyMap<string, ValueDomain>;
  readonly never?: Never;
}

/** Why a condition can never hold. */
export interface Never {
  /** `values`: nothing is left of a field; `events`: no event is left; `list`: nothing is in an empty list */
  readonly reason: "values" | "events" | "list";
  /** the field, for `values` */
  readonly subject?: string;
  /** in the order of the condition */
  readonly causes: readonly Cause[];
}

/** Fields that are followed through one condition. */
const MAX_SUBJECTS = 64;

const NOTHING: ReadonlyMap<string, ValueDomain> = new Map();

export class FactFinder {
  readonly #events = new PossibleEvents();
  readonly #holding = new WeakMap<Expr, Facts>();
  readonly #failing = new WeakMap<Expr, Facts>();

  constructor(readonly checkedOf: (check: Check) => CheckedCheck | undefined, readonly source: string) {}

  /** `negated`: what is known when the condition does not hold. */
  of(expr: Expr, negated = false): Facts {
    const known = negated ? this.#failing : this.#holding;
    let facts = known.get(expr);
    if (facts === undefined) known.set(expr, facts = this.#find(expr, negated));
    return facts;
  }

  #find(expr: Expr, negated: boolean): Facts {
    switch (expr.kind) {
      case "check":
        return this.#check(expr, negated);
      case "macro":
      case "unread":
        return { events: ALL_EVENTS, values: NOTHING };
      case "not":
        return this.of(expr.operand, !negated);
      case "and":
      case "or": {
        const facts = expr.operands.map((operand) => this.of(operand, negated));
        return (expr.kind === "and") !== negated ? conjunction(facts) : alternatives(facts);
      }
    }
  }

  /** The types on which a check can hold; all of them where events have no types. */
  eventsOf(check: Check): bigint {
    const checked = this.checkedOf(check);
    return checked === undefined || this.source !== "syscall" ? ALL_EVENTS : this.#events.of(checked).holds;
  }

  /** The types on which a field has no value. */
  eventsWithout(field: CheckedField): bigint {
    return this.#events.without(field);
  }

  #check(check: Check, negated: boolean): Facts {
    const checked = this.checkedOf(check);
    if (checked === undefined) return { events: ALL_EVENTS, values: NOTHING };
    const { operator, right } = checked;
    if (right.length === 0 && operator !== "exists" && !negated) {
      return { events: 0n, values: NOTHING, never: { reason: "list", causes: [{ check, negated }] } };
    }
    let events = ALL_EVENTS;
    if (this.source === "syscall") {
      const sets = this.#events.of(checked);
      events = negated ? sets.fails : sets.holds;
      if (events === 0n) {
        return { events, values: NOTHING, never: { reason: "events", causes: [{ check, negated }] } };
      }
    }
    const subject = subjectOf(check, checked);
    const domain = subject === undefined ? undefined : checkDomain(check, checked, subject, negated);
    return {
      events,
      ...(events === ALL_EVENTS ? {} : { eventsBy: { check, negated } }),
      values: domain === undefined ? NOTHING : new Map([[subject!.key, domain]]),
    };
  }
}

/** What is known when all of them hold. */
export function conjunction(parts: readonly Facts[]): Facts {
  let events = ALL_EVENTS;
  let eventsBy: Cause | undefined;
  const values = new Map<string, ValueDomain>();
  for (const part of parts) {
    if (part.never !== undefined) return part;
    for (const [key, domain] of part.values) {
      const before = values.get(key);
      if (before === undefined && values.size >= MAX_SUBJECTS) continue;
      const both = before === undefined ? domain : meet(before, domain);
      if (isEmpty(both)) {
        return {
          events: 0n,
          values: NOTHING,
          never: { reason: "values", subject: key, causes: both.causes },
        };
      }
      values.set(key, both);
    }
    const left = events & part.events;
    if (left === 0n) {
      const causes = [eventsBy, part.eventsBy].filter((cause) => cause !== undefined);
      return { events: 0n, values: NOTHING, never: { reason: "events", causes } };
    }
    if (left !== events) eventsBy = part.eventsBy ?? eventsBy;
    events = left;
  }
  return { events, ...(eventsBy === undefined ? {} : { eventsBy }), values };
}

/** What is known when one of them holds. */
function alternatives(parts: readonly Facts[]): Facts {
  const possible = parts.filter((part) => part.never === undefined);
  const [first, ...rest] = possible;
  if (first === undefined) return parts[0] ?? { events: ALL_EVENTS, values: NOTHING };
  let { events } = first;
  let values = first.values;
  for (const part of rest) {
    events |= part.events;
    if (values.size === 0) continue;
    const common = new Map<string, ValueDomain>();
    for (const [key, domain] of values) {
      const other = part.values.get(key);
      if (other !== undefined) common.set(key, join(domain, other));
    }
    values = common;
  }
  const by = events === ALL_EVENTS ? undefined : first.eventsBy;
  return { events, ...(by === undefined ? {} : { eventsBy: by }), values };
}
