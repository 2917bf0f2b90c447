// What a condition says of a parameter of which the probe knows the value, or all bits that it can have.
// In: a comparison or test of the matcher, what is known of the parameter. Out: whether it holds; undefined where both can be.
// Elsewhere: conditions as a whole (may_hold.ts), a text that is known (known_text.ts), which arguments give which values (raw_arguments.ts).

import { flagTable, SIGNAL_NAMES } from "../../schema/mod.ts";
import { compareValues } from "../lower/compare_values.ts";
import type { CompareNode, TestNode, ValueNode } from "../lower/ir.ts";
import { holdsOf, literalsOf } from "./known_text.ts";
import type { RawArgument } from "./raw_arguments.ts";

export interface KnownArgument {
  readonly argument: RawArgument;
  /** `other`: a number that has no name and that no condition names; `within`: flags, any of these and no other */
  readonly known: { readonly value: number } | "other" | { readonly within: number };
}

/** Whether it is the parameter, as text (`evt.arg`) or as a number (`evt.rawarg`). */
export function isArgument(
  value: ValueNode,
  { position }: RawArgument,
  fn: "evt_arg" | "evt_rawarg",
): boolean {
  return value.kind === "field" && value.fn === fn && value.arg === position;
}

export function ofKnownComparison(
  node: CompareNode,
  { argument, known }: KnownArgument,
): boolean | undefined {
  const { left, right, operator } = node;
  if (!isArgument(left, argument, "evt_rawarg") || right.kind !== "number") return undefined;
  // numbers without a sign are compared as such, and a negative one is then the largest
  if (right.value < 0n) return undefined;
  if (known === "other") return operator === "=" ? false : operator === "!=" ? true : undefined;
  return "value" in known ? compareValues(BigInt(known.value), operator, right.value) : undefined;
}

export function ofKnownTest(test: TestNode, { argument, known }: KnownArgument): boolean | undefined {
  const { left, right, fn } = test;
  if (isArgument(left, argument, "evt_rawarg")) {
    if (fn !== "num_in" || right.kind !== "numbers" || (known !== "other" && "within" in known)) {
      return undefined;
    }
    return known === "other" ? false : right.items.includes(BigInt(known.value));
  }
  const items = isArgument(left, argument, "evt_arg") ? literalsOf(test) : undefined;
  if (items === undefined) return undefined;
  if (known === "other") return ofNumber(fn, items);
  if ("value" in known) return holdsOf(test, textOf(argument, known.value));
  const names = namesWithin(argument, known.within).map((name) =>
    fn === "str_icontains" ? name.toLowerCase() : name
  );
  const canHold = items.some((item) =>
    isNumberLike(item) || item.split("|").every((part) => names.some((name) => name.includes(part)))
  );
  return canHold || !POSITIVE.has(fn) ? undefined : false;
}

/** Tests that hold only if the text has one of the literals in it. */
const POSITIVE: ReadonlySet<string> = new Set([
  "str_eq",
  "str_in",
  "str_contains",
  "str_icontains",
  "str_startswith",
  "str_endswith",
]);

/** As the matcher shows it (assembly/render/param.ts). */
export function textOf({ param }: RawArgument, value: number): string {
  const name = param.type === "sigtype"
    ? SIGNAL_NAMES[value] ?? ""
    : entries(param.flagTable).filter(([, one]) => one === value).map(([name]) => name).join("|");
  if (name !== "") return name;
  return param.format === "hex" && param.flagTable === undefined
    ? value.toString(16).toUpperCase()
    : String(signed(param.type, value));
}

/** 32 bits are printed with their sign, whatever they mean, but for flags. */
function signed(type: string, value: number): number {
  return type === "uint32" || type === "int32" ? value | 0 : value;
}

/** Names that a parameter can show whose bits are all among these. */
function namesWithin({ param }: RawArgument, within: number): readonly string[] {
  return entries(param.flagTable).filter(([, bits]) => (bits & ~within) === 0).map(([name]) => name);
}

function entries(table: string | undefined): readonly (readonly [string, number])[] {
  return table === undefined ? [] : flagTable(table)?.entries ?? [];
}

/** Values without a name are shown as numbers. */
function isNumberLike(text: string): boolean {
  return /^-?[0-9a-fA-F]*$/.test(text);
}

/** What is shown is a number, and none that the condition has as a whole text. */
function ofNumber(fn: string, items: readonly string[]): boolean | undefined {
  const isWhole = fn === "str_eq" || fn === "str_in";
  if (isWhole || (POSITIVE.has(fn) && !items.some(isNumberLike))) return false;
  return fn === "str_ne" ? true : undefined;
}
