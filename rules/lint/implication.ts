// Whether one condition can hold only when another does: `proc.name = a` implies `proc.name in (a, b)`.
// In: two conditions. Out: true when it is certain; false says nothing.
// Elsewhere: rules in the shadow of others, which this is for (shadowing.ts).

import type { CheckedCheck, CheckedExpr, CheckedOperand } from "../check/checked.ts";
import { constantsOf } from "./subject.ts";

/** Steps for all the rules of a load: conditions can be made on which this takes for ever. */
const MAX_STEPS = 300_000;

type Test = (value: string, part: string) => boolean;

/** Operators that look for their right side in a text. */
const TESTS: Partial<Record<CheckedCheck["operator"], Test>> = {
  startswith: (value, part) => value.startsWith(part),
  endswith: (value, part) => value.endsWith(part),
  contains: (value, part) => value.includes(part),
};

export class Implication {
  steps = 0;

  /** Equal expressions have equal numbers. */
  constructor(readonly numberOf: (expr: CheckedExpr) => number) {}

  get isSpent(): boolean {
    return this.steps > MAX_STEPS;
  }

  /** Counts what was found out before. False where that would have been too many steps. */
  spend(steps: number): boolean {
    if (this.steps + steps > MAX_STEPS) return false;
    this.steps += steps;
    return true;
  }

  holds(known: CheckedExpr, wanted: CheckedExpr): boolean {
    if (++this.steps > MAX_STEPS) return false;
    if (known === wanted || this.numberOf(known) === this.numberOf(wanted)) return true;
    if (known.kind === "or") return known.operands.every((operand) => this.holds(operand, wanted));
    if (wanted.kind === "and") return wanted.operands.every((operand) => this.holds(known, operand));
    if (wanted.kind === "or" && wanted.operands.some((operand) => this.holds(known, operand))) return true;
    if (known.kind === "and") return known.operands.some((operand) => this.holds(operand, wanted));
    if (known.kind === "not") return wanted.kind === "not" && this.holds(wanted.operand, known.operand);
    if (known.kind !== "check") return false;
    if (wanted.kind === "not") return wanted.operand.kind === "check" && excludes(known, wanted.operand);
    return wanted.kind === "check" && impliesCheck(known, wanted);
  }
}

/** Whether a check can hold only when another does. */
export function impliesCheck(known: CheckedCheck, wanted: CheckedCheck): boolean {
  if (!isSameSubject(known, wanted) || wanted.modifier !== undefined) return false;
  // a check that holds has found a value
  if (wanted.operator === "exists") return isSingle(known.left);
  if (known.modifier !== undefined) return false;
  const has = constantsOf(known), wants = constantsOf(wanted);
  if (has === undefined || wants === undefined || has.length === 0 || wants.length === 0) return false;
  const among = isEquality(known);
  if (isEquality(wanted)) {
    if (isList(known.left) && known.operator !== wanted.operator) return false;
    const set = new Set(wants);
    return among && has.every((value) => set.has(value));
  }
  if (wanted.operator === "!=") return excludesValues(known, has, wants);
  const test = TESTS[wanted.operator], part = wants[0]!;
  if (test === undefined || isList(known.left)) return false;
  if (among) return has.every((value) => test(value, part));
  const same = known.operator === wanted.operator;
  return TESTS[known.operator] !== undefined && (same || wanted.operator === "contains") &&
    test(has[0]!, part);
}

/** Whether `known` and `other` cannot hold of the same value. */
function excludes(known: CheckedCheck, other: CheckedCheck): boolean {
  if (!isSameSubject(known, other) || known.modifier !== undefined || other.modifier !== undefined) {
    return false;
  }
  if (!isEquality(other)) return false;
  const has = constantsOf(known), values = constantsOf(other);
  return has !== undefined && values !== undefined && excludesValues(known, has, values);
}

function excludesValues(known: CheckedCheck, has: readonly string[], values: readonly string[]): boolean {
  if (!isSingle(known.left) || !isEquality(known) || has.length === 0) return false;
  const set = new Set(values);
  return has.every((value) => !set.has(value));
}

function isEquality({ operator }: CheckedCheck): boolean {
  return operator === "=" || operator === "in" || operator === "intersects";
}

function isSameSubject(a: CheckedCheck, b: CheckedCheck): boolean {
  return a.left.kind === "field" && b.left.kind === "field" && a.left.field === b.left.field &&
    a.left.arg === b.left.arg && a.left.field.name !== "util.cnt";
}

function isList(operand: CheckedOperand): boolean {
  return operand.kind === "field" && operand.field.list;
}

/** One value, not one of several. */
function isSingle(operand: CheckedOperand): boolean {
  return operand.kind === "field" && !operand.field.list && operand.field.either === undefined &&
    !(operand.field.anyAncestor === true && operand.arg === undefined);
}
