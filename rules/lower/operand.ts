// Fields, transformers and literals become values of the IR.
// In: a checked operand and the event. Out: a value and its type, or nothing where the event cannot have it.

import { type EventDef, fieldByName, type FieldDef } from "../../schema/mod.ts";
import type { CheckedField, CheckedOperand, CheckedTransformer, CheckedValue } from "../check/checked.ts";
import type { Form, Graph, ValueNode } from "./ir.ts";
import { isWrittenTime } from "../check/written_times.ts";
import { fieldCost, transformCost } from "./cost.ts";
import { paramForm } from "./events.ts";
import { knownValue, paramPosition } from "./static_value.ts";

/** How a value is compared. */
export type ValueType = "text" | "number" | "double" | "ip" | "net" | "list";

export interface Value {
  readonly type: ValueType;
  readonly node: ValueNode;
  /** of a network */
  readonly prefixBits?: number;
}

const encoder = new TextEncoder();

/** How a field's value travels and compares. A list field with an argument is a list of one element. */
export function shapeOf({ type, list }: FieldDef): { form: Form; type: ValueType } {
  if (list) return { form: "view", type: "list" };
  switch (type) {
    case "int":
      return { form: "int", type: "number" };
    case "uint":
    case "bool":
    case "port":
    case "abstime":
    case "reltime":
      return { form: "uint", type: "number" };
    case "double":
      return { form: "double", type: "double" };
    case "ip":
    case "net":
      return { form: "view", type };
    default:
      return { form: "view", type: "text" };
  }
}

/** Whether the field, used like this in a condition, stands for every ancestor. */
export function isAnyAncestor({ field, arg }: CheckedField): boolean {
  return arg === undefined && field.anyAncestor === true;
}

/**
 * The field's value on this event; undefined when it cannot have one.
 * Without an event (in outputs for system calls) a parameter is looked up by its name at run time.
 */
function fieldValue(graph: Graph, use: CheckedField, event?: EventDef): Value | undefined {
  const { field, arg } = use;
  if (field.constant !== undefined) return { type: "text", node: graph.text(encoder.encode(field.constant)) };
  // written times exist in outputs alone: the matcher has them as numbers (output.ts)
  if (field.fn === undefined || isWrittenTime(field)) return undefined;
  const type = shapeOf(field).type;
  if (event === undefined) {
    if (field.fromJson === true) return undefined;
    // the type of a raw parameter depends on the event: only a whole output can print it (output.ts)
    return field.type === "dyn" ? undefined : { type, node: plainField(graph, use) };
  }
  const known = knownValue(use, event);
  if (known?.kind === "missing") return undefined;
  if (known?.kind === "value" && typeof known.value === "bigint") {
    return { type, node: graph.number(known.value, "uint") };
  }
  const cost = fieldCost(field);
  const position = paramPosition(event, arg) ?? 0;
  if (field.name === "evt.arg") return { type: "text", node: graph.field(field.fn, "view", cost, position) };
  if (field.name === "evt.rawarg") {
    const form = paramForm(event.params[position]!.type);
    return {
      type: form === "view" ? "text" : "number",
      node: graph.field(field.fn, form, cost, position),
    };
  }
  return { type, node: plainField(graph, use) };
}

/** A field whose extractor does not depend on the event. */
function plainField(graph: Graph, { field, arg }: CheckedField): ValueNode {
  const { form } = shapeOf(field);
  const cost = fieldCost(field);
  const fn = field.fn ?? "";
  if (arg === undefined) return graph.field(field.fnWhole ?? fn, form, cost);
  if (typeof arg === "number") return graph.field(fn, form, cost, arg);
  return graph.field(field.fnNamed ?? fn, form, cost, encoder.encode(arg));
}

/** Fields whose condition holds for one of the two ends of a connection. */
export function endpoints(field: FieldDef): readonly CheckedField[] | undefined {
  return field.either?.map((name) => {
    const end = fieldByName(name);
    if (end === undefined) {
      throw new Error(`Cannot compile ${field.name}: the catalogue lacks its part ${name}`);
    }
    return { kind: "field", field: end };
  });
}

const UNARY: Readonly<Record<string, string>> = {
  tolower: "text_lower",
  toupper: "text_upper",
  basename: "text_basename",
  b64: "text_b64_decode",
};

function transformerValue(
  graph: Graph,
  { name, operands, arg }: CheckedTransformer,
  event?: EventDef,
): Value | undefined {
  const values: Value[] = [];
  for (const operand of operands) {
    const value = operandValue(graph, operand, event);
    if (value === undefined) return undefined;
    values.push(value);
  }
  const call = (fn: string, args: readonly ValueNode[], form: Form = "view"): ValueNode =>
    graph.call(fn, form, args, transformCost(fn));
  const nodes = values.map((value) => value.node);
  const first = nodes[0];
  if (first === undefined) return undefined;
  switch (name) {
    case "len":
      return {
        type: "number",
        node: call(values[0]!.type === "list" ? "list_len" : "text_len", [first], "uint"),
      };
    case "concat":
      return {
        type: "text",
        node: nodes.slice(1).reduce((joined, node) => call("text_concat2", [joined, node]), first),
      };
    case "join":
      return { type: "text", node: joined(graph, first, values.slice(1)) };
    case "getopt": {
      const [args, options] = [listOf(graph, values.slice(0, -1)), nodes.at(-1)!];
      if (arg === undefined) return { type: "list", node: call("list_getopt", [args, options]) };
      return { type: "text", node: call("text_getopt", [args, options, graph.text(encoder.encode(arg))]) };
    }
    default:
      // the primitives change one text; what they would make of a list is nothing that anybody wants
      return values[0]!.type === "list" ? undefined : { type: "text", node: call(UNARY[name]!, [first]) };
  }
}

/** `join(separator, list)`, or of several values that stand in parentheses. */
function joined(graph: Graph, separator: ValueNode, values: readonly Value[]): ValueNode {
  const call = (fn: string, args: readonly ValueNode[]): ValueNode =>
    graph.call(fn, "view", args, transformCost(fn));
  const [first, ...rest] = values;
  if (first === undefined) return graph.text(new Uint8Array(0));
  if (first.type === "list") return call("list_join", [separator, first.node]);
  return rest.reduce(
    (text, value) => call("text_concat2", [call("text_concat2", [text, separator]), printed(graph, value)]),
    printed(graph, first),
  );
}

/** Values that stand in parentheses, as one list; or the list that is in their place. */
function listOf(graph: Graph, values: readonly Value[]): ValueNode {
  const call = (fn: string, args: readonly ValueNode[]): ValueNode =>
    graph.call(fn, "view", args, transformCost(fn));
  if (values[0]?.type === "list") return values[0].node;
  return values.reduce(
    (list, value) => call("list_add", [list, printed(graph, value)]),
    call("list_empty", []),
  );
}

/** A number as text: what is in parentheses is a list of texts. */
function printed(graph: Graph, { type, node }: Value): ValueNode {
  if (type !== "number") return node;
  return graph.call(
    node.form === "int" ? "text_int" : "text_uint",
    "view",
    [node],
    transformCost("text_int"),
  );
}

function literalValue(graph: Graph, value: CheckedValue): Value {
  switch (value.kind) {
    case "text":
      return { type: "text", node: graph.text(value.bytes) };
    case "number":
      return { type: "number", node: graph.number(value.value, "int") };
    case "bool":
      return { type: "number", node: graph.number(value.value ? 1n : 0n, "uint") };
    case "ip":
      return { type: "ip", node: graph.text(value.bytes) };
    case "net":
      return { type: "net", node: graph.text(value.bytes), prefixBits: value.prefixBits };
  }
}

export function operandValue(graph: Graph, operand: CheckedOperand, event?: EventDef): Value | undefined {
  switch (operand.kind) {
    case "field":
      return fieldValue(graph, operand, event);
    case "transformer":
      return transformerValue(graph, operand, event);
    default:
      return literalValue(graph, operand);
  }
}
