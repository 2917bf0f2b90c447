// A second meaning of conditions, slow and plain: walks the checked expression and asks for every field by its
// name. Only tests have it; the product has generated code and nothing else.

import { EVENTS } from "../../schema/events.ts";
import { fieldByName } from "../../schema/fields.ts";
import type {
  CheckedCheck,
  CheckedExpr,
  CheckedField,
  CheckedOperand,
  CheckedRule,
} from "../../rules/check/checked.ts";
import type { Value } from "./fake_matcher.ts";
import { baseName, glob, inNet, lowerAscii, pathPrefix, textCompare, upperAscii } from "./slow_primitives.ts";

export interface FakeEvent {
  readonly code: number;
  /** by field as written: `proc.name`, `evt.arg.flags`, `evt.rawarg.fd`, `proc.aname[2]` */
  readonly fields: ReadonlyMap<string, string | bigint>;
}

/** Positions of the matching rules. */
export function referenceMatches(
  rules: readonly CheckedRule[],
  event: FakeEvent,
  matching: "first" | "all",
): number[] {
  const matches = [...rules.keys()].filter((rule) => holds(rules[rule]!.condition, event));
  return matching === "first" ? matches.slice(0, 1) : matches;
}

export function holds(expr: CheckedExpr, event: FakeEvent): boolean {
  switch (expr.kind) {
    case "and":
      return expr.operands.every((operand) => holds(operand, event));
    case "or":
      return expr.operands.some((operand) => holds(operand, event));
    case "not":
      return !holds(expr.operand, event);
    case "check":
      return checkHolds(expr, event);
  }
}

function checkHolds(check: CheckedCheck, event: FakeEvent): boolean {
  const { left } = check;
  if (left.kind === "field") {
    const ends = left.field.either?.map((name): CheckedField => ({
      kind: "field",
      field: fieldByName(name)!,
    }));
    if (ends !== undefined) {
      const there = ends.filter((end) => fieldValue(end, event) !== undefined);
      const each = there.map((end) => checkHolds({ ...check, left: end }, event));
      return check.operator === "!=" ? each.length > 0 && each.every(Boolean) : each.some(Boolean);
    }
    if (left.field.anyAncestor && left.arg === undefined) {
      for (let depth = 1;; depth++) {
        const value = fieldValue({ ...left, arg: depth }, event);
        if (value === undefined) return false;
        if (compareAll(check, value, event)) return true;
      }
    }
  }
  const value = operandValue(left, event);
  return value !== undefined && compareAll(check, value, event);
}

/** The value of a field on this event, by what the event's type says and then by the map. */
export function fieldValue({ field, arg }: CheckedField, event: FakeEvent): Value {
  const def = EVENTS[event.code]!;
  if (field.fn === undefined) return undefined;
  if (field.name === "evt.type" && event.code !== 1) return def.name;
  if (field.name === "evt.num") return event.fields.get("evt.num") ?? 1n;
  if (field.name === "evt.is_io_read") return (def.flags & 8) !== 0 ? 1n : 0n;
  if (field.name === "evt.is_io_write") return (def.flags & 16) !== 0 ? 1n : 0n;
  if (field.class === "fd" && (def.flags & 7) === 0) return undefined;
  if (field.name === "evt.arg" || field.name === "evt.rawarg") {
    const index = typeof arg === "number" ? arg : def.params.findIndex((param) => param.name === arg);
    const param = def.params[index];
    return param && event.fields.get(`${field.name}.${param.name}`);
  }
  // a network field compares the address of its end
  const name = field.type === "net" ? field.name.replace("net", "ip") : field.name;
  const written = arg === undefined ? name : `${name}[${arg}]`;
  return event.fields.get(written);
}

function operandValue(operand: CheckedOperand, event: FakeEvent): Value {
  switch (operand.kind) {
    case "field":
      return fieldValue(operand, event);
    case "text":
    case "ip":
    case "net":
      return String.fromCharCode(...operand.bytes);
    case "number":
      return operand.value;
    case "bool":
      return operand.value ? 1n : 0n;
    case "transformer": {
      const values = operand.operands.map((inner) => operandValue(inner, event));
      if (values.includes(undefined)) return undefined;
      const texts = values as string[];
      switch (operand.name) {
        case "tolower":
          return lowerAscii(texts[0]!);
        case "toupper":
          return upperAscii(texts[0]!);
        case "basename":
          return baseName(texts[0]!);
        case "len":
          return BigInt(texts[0]!.length);
        case "concat":
          return texts.join("");
        case "join":
          return texts.slice(1).join(texts[0]);
        default:
          throw new Error(`the reference has no ${operand.name}`);
      }
    }
  }
}

function compareAll(check: CheckedCheck, value: string | bigint, event: FakeEvent): boolean {
  const { operator, modifier, right } = check;
  if (operator === "exists") return true;
  const each = (): boolean[] => right.map((operand) => compareOne(operator, value, operand, event));
  if (modifier !== undefined) {
    const count = each().filter(Boolean).length;
    if (modifier === "oneof") return count === 1;
    return right.length > 0 && (modifier === "anyof" ? count > 0 : count === right.length);
  }
  if (operator === "in" || operator === "intersects") {
    return right.some((operand) => compareOne("=", value, operand, event));
  }
  if (operator === "pmatch") return each().some(Boolean);
  return right.length === 1 && each()[0]!;
}

function compareOne(
  operator: CheckedCheck["operator"],
  value: string | bigint,
  operand: CheckedOperand,
  event: FakeEvent,
): boolean {
  const other = operandValue(operand, event);
  if (other === undefined) return false;
  if (operand.kind === "net") {
    const inside = inNet(value as string, other as string, operand.prefixBits);
    return operator === "!=" ? !inside : inside;
  }
  if (typeof value === "bigint" || typeof other === "bigint") {
    if (typeof value !== typeof other) return false;
    return ordered(operator, value < other ? -1 : value > other ? 1 : 0);
  }
  switch (operator) {
    case "contains":
      return value.includes(other);
    case "icontains":
      return lowerAscii(value).includes(lowerAscii(other));
    case "startswith":
      return value.startsWith(other);
    case "endswith":
      return value.endsWith(other);
    case "glob":
      return glob(other, value);
    case "iglob":
      return glob(lowerAscii(other), lowerAscii(value));
    case "pmatch":
      return pathPrefix(other, value);
    default:
      return ordered(operator, textCompare(value, other));
  }
}

function ordered(operator: CheckedCheck["operator"], order: number): boolean {
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      throw new Error(`the reference has no ${operator}`);
  }
}
