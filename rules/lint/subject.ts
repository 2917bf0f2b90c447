// What a check asks about, when that is one value of an event: several checks on it can be put together.
// In: a check. Out: its left side with a key that is equal for equal subjects, or nothing.
// Elsewhere: putting checks together (value_domain.ts, facts.ts).

import type { Check } from "../syntax/ast.ts";
import type { CheckedCheck, CheckedOperand, CheckedValue } from "../check/checked.ts";
import { printOperand } from "../syntax/print_operand.ts";
import { characters } from "../text/utf8.ts";

export interface Subject {
  readonly key: string;
  readonly kind: "text" | "number";
}

/** Fields that are another value at each look, or that rules compare with on purpose so that nothing or all matches. */
const UNSTEADY = ["util.cnt", "evt.num"];

export function subjectOf(check: Check, { left }: CheckedCheck): Subject | undefined {
  if (!isSteady(left)) return undefined;
  if (left.kind === "transformer") {
    return { key: printOperand(check.left), kind: left.name === "len" ? "number" : "text" };
  }
  if (left.kind !== "field") return undefined;
  const kind = kindOf(left.type ?? left.field.type);
  return kind === undefined ? undefined : { key: printOperand(check.left), kind };
}

/** One value: not a list, not either end of a connection, not any of the ancestors. */
function isSteady(operand: CheckedOperand): boolean {
  if (operand.kind === "transformer") return operand.operands.every(isSteady);
  if (operand.kind !== "field") return true;
  const { field, arg } = operand;
  return !field.list && field.constant === undefined && field.either === undefined &&
    !UNSTEADY.includes(field.name) &&
    !(field.anyAncestor === true && arg === undefined);
}

function kindOf(type: string): Subject["kind"] | undefined {
  switch (type) {
    case "string":
      return "text";
    case "int":
    case "uint":
    case "port":
    case "bool":
    case "abstime":
    case "reltime":
      return "number";
    default:
      return undefined;
  }
}

/** More values than this are not looked at one by one. */
const MAX_VALUES = 1000;

/** Rules are compared with each other: each check is asked many times. */
const known = new WeakMap<CheckedCheck, readonly string[] | undefined>();

/** The constants on the right; nothing when there are others, or too many. */
export function constantsOf(check: CheckedCheck): readonly string[] | undefined {
  if (known.has(check)) return known.get(check);
  const values = readConstants(check);
  known.set(check, values);
  return values;
}

function readConstants({ right }: CheckedCheck): readonly string[] | undefined {
  if (right.length > MAX_VALUES) return undefined;
  const values: string[] = [];
  for (const operand of right) {
    const value = constantOf(operand as CheckedValue);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** A text as one character for each byte, a number in decimal digits. */
function constantOf(operand: CheckedOperand): string | undefined {
  switch (operand.kind) {
    case "text":
      return characters(operand.bytes);
    case "number":
      return String(operand.value);
    case "bool":
      return operand.value ? "1" : "0";
    default:
      return undefined;
  }
}
