// The values that one check leaves to its field, when it holds and when it does not.
// In: a check. Out: a domain, or nothing where a check says nothing about single values.
// A check on a missing value is false: only what holds negated leaves room for it.

import type { Check } from "../syntax/ast.ts";
import type { CheckedCheck } from "../check/checked.ts";
import { constantsOf, type Subject } from "./subject.ts";
import type { ValueDomain } from "./value_domain.ts";

type Test = (value: string, other: string) => boolean;

const TEXT_TESTS: Partial<Record<CheckedCheck["operator"], Test>> = {
  startswith: (value, other) => value.startsWith(other),
  endswith: (value, other) => value.endsWith(other),
  contains: (value, other) => value.includes(other),
  icontains: (value, other) => lower(value).includes(lower(other)),
  "<": (value, other) => value < other,
  "<=": (value, other) => value <= other,
  ">": (value, other) => value > other,
  ">=": (value, other) => value >= other,
};

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function checkDomain(
  check: Check,
  checked: CheckedCheck,
  subject: Subject,
  negated: boolean,
): ValueDomain | undefined {
  const causes = [{ check, negated }];
  const { operator, modifier } = checked;
  if (operator === "exists") {
    return negated ? { missing: true, only: new Set(), causes } : { missing: false, causes };
  }
  const missing = negated;
  const values = constantsOf(checked);
  if (values === undefined || modifier !== undefined) return missing ? undefined : { missing, causes };
  switch (operator) {
    case "=":
    case "in":
    case "intersects":
      return negated
        ? { missing, except: new Set(values), causes }
        : { missing, only: new Set(values), causes };
    case "!=":
      return negated
        ? { missing, only: new Set(values), causes }
        : { missing, except: new Set(values), causes };
  }
  const other = values[0];
  if (other === undefined || values.length > 1) return missing ? undefined : { missing, causes };
  if (subject.kind === "number") return { missing, ...range(operator, BigInt(other), negated), causes };
  const test = TEXT_TESTS[operator];
  if (test === undefined) return missing ? undefined : { missing, causes };
  const tests = [(value: string) => test(value, other) !== negated];
  return { missing, ...(operator === "startswith" && !negated ? { prefix: other } : {}), tests, causes };
}

function range(operator: CheckedCheck["operator"], value: bigint, negated: boolean) {
  switch (operator) {
    case "<":
      return negated ? { low: value } : { high: value - 1n };
    case "<=":
      return negated ? { low: value + 1n } : { high: value };
    case ">":
      return negated ? { high: value } : { low: value + 1n };
    case ">=":
      return negated ? { high: value - 1n } : { low: value };
    default:
      return {};
  }
}
