// Which operators a type of field has.
// In: operator, modifier, type. Out: nothing, or what is wrong. Elsewhere: what the operators do (lower/, assembly/).

import type { FieldType } from "../../schema/mod.ts";
import type { Modifier, Operator } from "../syntax/ast.ts";

type PlainOperator = Exclude<Operator, "==">;

const EQUAL: readonly PlainOperator[] = ["=", "!=", "in", "intersects"];
const ORDER: readonly PlainOperator[] = ["<", "<=", ">", ">="];
const TEXT: readonly PlainOperator[] = [
  "contains",
  "icontains",
  "startswith",
  "endswith",
  "glob",
  "iglob",
  "regex",
  "pmatch",
];
const BYTES: readonly PlainOperator[] = ["contains", "startswith", "endswith", "bcontains", "bstartswith"];

const BY_TYPE: Readonly<Record<FieldType, readonly PlainOperator[]>> = {
  string: [...EQUAL, ...ORDER, ...TEXT],
  bytes: [...EQUAL, ...BYTES],
  int: [...EQUAL, ...ORDER],
  uint: [...EQUAL, ...ORDER],
  double: [...EQUAL, ...ORDER],
  port: [...EQUAL, ...ORDER],
  abstime: [...EQUAL, ...ORDER],
  reltime: [...EQUAL, ...ORDER],
  bool: EQUAL,
  ip: EQUAL,
  net: EQUAL,
  dyn: [],
};

export const TYPE_NAMES: Readonly<Record<FieldType, string>> = {
  string: "text",
  bytes: "bytes",
  int: "a number",
  uint: "a number",
  double: "a number",
  port: "a port",
  abstime: "a time",
  reltime: "a duration",
  bool: "true or false",
  ip: "an IP address",
  net: "a network",
  dyn: "of no fixed type",
};

/** What a type allows, for messages; `exists` goes with all. */
export function operatorsOf(type: FieldType, list: boolean): readonly string[] {
  return list ? ["in", "intersects", "exists"] : [...BY_TYPE[type], "exists"];
}

export function operatorProblem(
  operator: PlainOperator,
  modifier: Modifier | undefined,
  type: FieldType,
  list: boolean,
): string | undefined {
  if (operator === "exists") return undefined;
  const shown = modifier === undefined ? operator : `${operator} ${modifier}`;
  if (list) {
    if (modifier === undefined && (operator === "in" || operator === "intersects")) return undefined;
    return `\`${shown}\` cannot be used with a list`;
  }
  if (!BY_TYPE[type].includes(operator)) {
    return `\`${shown}\` cannot be used with what is ${TYPE_NAMES[type]}`;
  }
  return undefined;
}
