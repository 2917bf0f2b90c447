// Operators on values: which primitive of the matcher an operator is, by the type of its left side.
// In: two values and an operator. Out: a predicate that is false when a value is missing.

import type { CheckedCheck } from "../check/checked.ts";
import type { Modifier } from "../syntax/ast.ts";
import { type Comparison, type Graph, latin1, type PredicateNode, type ValueNode } from "./ir.ts";
import { and, not, one, or } from "./logic.ts";
import type { Value } from "./operand.ts";
import { bytesIn, compare, netContains, numberIn, pathMatch, present, test } from "./leaves.ts";

type Operator = CheckedCheck["operator"];

/** Operators that look for their right side in the text of the left: primitive of the matcher. */
const TEXT_TESTS: Partial<Record<Operator, string>> = {
  "=": "str_eq",
  "!=": "str_ne",
  contains: "str_contains",
  bcontains: "str_contains",
  icontains: "str_icontains",
  startswith: "str_startswith",
  bstartswith: "str_startswith",
  endswith: "str_endswith",
  glob: "str_glob",
  iglob: "str_iglob",
};

export function comparison(
  graph: Graph,
  operator: Operator,
  modifier: Modifier | undefined,
  left: Value,
  right: readonly Value[],
): PredicateNode {
  if (operator === "exists") return present(graph, left.node);
  if (modifier !== undefined) return modified(graph, operator, modifier, left, right);
  if (operator === "pmatch") {
    return pathMatch(graph, left.node, right.flatMap((value) => trimmedPath(value.node)));
  }
  if (operator === "in" || operator === "intersects") return membership(graph, operator, left, right);
  const only = right[0];
  return only === undefined ? graph.false : scalar(graph, operator, left, only);
}

function modified(
  graph: Graph,
  operator: Operator,
  modifier: Modifier,
  left: Value,
  right: readonly Value[],
): PredicateNode {
  if (right.length === 0) return graph.false;
  const each = right.map((value) => scalar(graph, operator, left, value));
  if (modifier === "allof") return and(graph, each);
  return modifier === "anyof" ? or(graph, each) : one(graph, each);
}

function scalar(graph: Graph, operator: Operator, left: Value, right: Value): PredicateNode {
  switch (left.type) {
    case "number":
    case "double":
      return numeric(graph, operator as Comparison, left, right);
    case "ip":
    case "net":
      return address(graph, operator, left, right);
    default:
      return textual(graph, operator, left, right);
  }
}

function numeric(graph: Graph, operator: Comparison, left: Value, right: Value): PredicateNode {
  const value = right.node.kind === "text" ? parsedNumber(right.node.bytes) : undefined;
  if (right.node.kind === "number") {
    return compare(graph, operator, left.node, graph.number(right.node.value, left.node.form));
  }
  if (value !== undefined) return compare(graph, operator, left.node, graph.number(value, left.node.form));
  return right.type === "number" ? compare(graph, operator, left.node, right.node) : graph.false;
}

/** evt.rawarg can be a number on one event and a text on another: its literals are read as the event has it. */
function parsedNumber(bytes: Uint8Array): bigint | undefined {
  const text = latin1(bytes);
  return /^-?(\d+|0[xX][0-9a-fA-F]+)$/.test(text) && !/^-0x/i.test(text) ? BigInt(text) : undefined;
}

function address(graph: Graph, operator: Operator, left: Value, right: Value): PredicateNode {
  const inside = membership(graph, "in", left, [right]);
  return operator === "!=" ? and(graph, [present(graph, left.node), not(graph, inside)]) : inside;
}

function textual(graph: Graph, operator: Operator, left: Value, right: Value): PredicateNode {
  const subject = left.node;
  const object = asText(graph, right);
  if (operator === "regex") {
    if (object.kind !== "text") return graph.false;
    return test(graph, "str_regex", subject, {
      kind: "dfa",
      pattern: new TextDecoder("utf-8", { ignoreBOM: true }).decode(object.bytes),
    });
  }
  const fn = TEXT_TESTS[operator];
  if (fn === undefined) {
    return guarded(graph, object, test(graph, "str_compare", subject, object, operator as Comparison));
  }
  if (fn === "str_icontains") return guarded(graph, object, test(graph, fn, subject, lowered(graph, object)));
  if (fn === "str_eq" && object.kind === "text") return bytesIn(graph, "str", subject, [object.bytes]);
  return guarded(graph, object, test(graph, fn, subject, object));
}

/** The primitives look at the left side for a missing value; a computed right side is asked first. */
function guarded(graph: Graph, object: ValueNode, predicate: PredicateNode): PredicateNode {
  return object.kind === "text" ? predicate : and(graph, [present(graph, object), predicate]);
}

function asText(graph: Graph, { node }: Value): ValueNode {
  return node.kind === "number" ? graph.text(new TextEncoder().encode(String(node.value))) : node;
}

/** The needle of icontains is lower case: ASCII letters only, as strcasestr in the C locale. */
function lowered(graph: Graph, object: ValueNode): ValueNode {
  if (object.kind !== "text") return graph.call("text_lower", "view", [object], 10);
  return graph.text(object.bytes.map((byte) => byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}

/** A list field: `in` wants every element in the set, `intersects` one of them. */
function membership(
  graph: Graph,
  operator: "in" | "intersects",
  left: Value,
  right: readonly Value[],
): PredicateNode {
  const subject = left.node;
  const constants = right.map((value) => value.node);
  const texts = constants.flatMap((node) => node.kind === "text" ? [node.bytes] : []);
  const computed = right.filter(({ node }) => node.kind !== "text" && node.kind !== "number");
  switch (left.type) {
    case "list":
      if (texts.length === 0) return graph.false;
      return test(graph, operator === "in" ? "list_in" : "list_intersects", subject, {
        kind: "texts",
        items: texts,
      });
    case "number": {
      const numbers = constants.flatMap((node) =>
        node.kind === "number" ? [node.value] : node.kind === "text" ? parsedNumber(node.bytes) ?? [] : []
      );
      return or(graph, [
        numberIn(graph, subject, numbers),
        ...computed.map((value) => numeric(graph, "=", left, value)),
      ]);
    }
    case "double":
      return or(graph, right.map((value) => numeric(graph, "=", left, value)));
    case "ip":
    case "net":
      return or(graph, [
        ...addressIn(graph, subject, right),
        ...computed.map((value) => sameAddress(graph, left, value)),
      ]);
    default:
      return or(graph, [
        bytesIn(graph, "str", subject, right.flatMap((value) => literalBytes(graph, value))),
        ...computed.map((value) => textual(graph, "=", left, value)),
      ]);
  }
}

function literalBytes(graph: Graph, value: Value): Uint8Array[] {
  if (value.node.kind !== "text" && value.node.kind !== "number") return [];
  const text = asText(graph, value);
  return text.kind === "text" ? [text.bytes] : [];
}

/** Single addresses go into a set, networks into a list. */
function addressIn(graph: Graph, subject: ValueNode, right: readonly Value[]): PredicateNode[] {
  const addresses: Uint8Array[] = [];
  const nets: { bytes: Uint8Array; prefixBits: number }[] = [];
  for (const { node, type, prefixBits } of right) {
    if (node.kind !== "text") continue;
    if (type === "net" && prefixBits !== undefined && prefixBits < 8 * node.bytes.length) {
      nets.push({ bytes: node.bytes, prefixBits });
    } else addresses.push(node.bytes);
  }
  return [bytesIn(graph, "ip", subject, addresses), netContains(graph, subject, nets)];
}

function sameAddress(graph: Graph, left: Value, right: Value): PredicateNode {
  return guarded(graph, right.node, test(graph, "ip_eq", left.node, right.node));
}

/** pmatch compares whole path components; a slash at the end says nothing. */
function trimmedPath(node: ValueNode): Uint8Array[] {
  if (node.kind !== "text") return [];
  let end = node.bytes.length;
  while (end > 1 && node.bytes[end - 1] === 0x2f) end--;
  return [node.bytes.subarray(0, end)];
}
