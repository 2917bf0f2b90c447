// Checks on values that the event's type decides, evaluated by the compiler.
// In: what is known of the left side, the operator, constant right sides. Out: true, false, or undefined when
// it must be left to run time.

import type { CheckedCheck, CheckedValue } from "../check/checked.ts";
import { compareValues } from "./compare_values.ts";
import type { Known } from "./static_value.ts";

const decoder = new TextDecoder();

function literal(value: CheckedValue): string | bigint | undefined {
  switch (value.kind) {
    case "text":
      return decoder.decode(value.bytes);
    case "number":
      return value.value;
    case "bool":
      return value.value ? 1n : 0n;
    default:
      return undefined;
  }
}

function literals(check: CheckedCheck): (string | bigint)[] | undefined {
  const values: (string | bigint)[] = [];
  for (const operand of check.right) {
    if (operand.kind === "field" || operand.kind === "transformer") return undefined;
    const value = literal(operand);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** Decides the check, or returns undefined. */
export function decide(known: Known, check: CheckedCheck): boolean | undefined {
  if (known.kind === "missing") return false;
  if (check.operator === "exists") return true;
  if (check.modifier !== undefined) return undefined;
  const right = literals(check);
  if (right === undefined) return undefined;
  switch (known.kind) {
    case "value":
      return decideValue(known.value, check.operator, right);
    case "among":
      return decideAmong(known.values, check.operator, right);
    case "positive":
      return decidePositive(check.operator, right);
  }
}

function decideValue(
  value: string | bigint,
  operator: CheckedCheck["operator"],
  right: readonly (string | bigint)[],
): boolean | undefined {
  if (operator === "in" || operator === "intersects") return right.includes(value);
  const other = right[0];
  if (right.length !== 1 || other === undefined || typeof other !== typeof value) return undefined;
  const compared = compareValues(value, operator, other);
  if (compared !== undefined) return compared;
  if (typeof value === "bigint" || typeof other === "bigint") return undefined;
  switch (operator) {
    case "startswith":
      return value.startsWith(other);
    case "endswith":
      return value.endsWith(other);
    case "contains":
      return value.includes(other);
    case "icontains":
      return value.toLowerCase().includes(other.toLowerCase());
    default:
      return undefined;
  }
}

function decideAmong(
  values: ReadonlySet<string>,
  operator: CheckedCheck["operator"],
  right: readonly (string | bigint)[],
): boolean | undefined {
  const possible = right.some((item) => typeof item === "string" && values.has(item));
  if (possible) return undefined;
  if (operator === "=" || operator === "in" || operator === "intersects") return false;
  return operator === "!=" ? true : undefined;
}

/** A number that is there and at least 1, as evt.num: rules write `evt.num = 0` for "never". */
function decidePositive(
  operator: CheckedCheck["operator"],
  right: readonly (string | bigint)[],
): boolean | undefined {
  const other = right[0];
  if (operator === "in" && right.every((item) => item === 0n)) return false;
  if (right.length !== 1 || typeof other !== "bigint" || other < 0n) return undefined;
  switch (operator) {
    case "=":
      return other === 0n ? false : undefined;
    case "!=":
      return other === 0n ? true : undefined;
    case "<":
      return other <= 1n ? false : undefined;
    case "<=":
      return other === 0n ? false : undefined;
    case ">":
      return other === 0n ? true : undefined;
    case ">=":
      return other <= 1n ? true : undefined;
    default:
      return undefined;
  }
}
