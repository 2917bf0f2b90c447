// What a match renders: the value of each output field and the primitive that hands it over.
// Rendering happens for any event type that the rule can match, so parameters are looked up by name at run time.

import type { EventDef } from "../../schema/mod.ts";
import type { OutputField } from "../check/checked.ts";
import type { Graph, ValueNode } from "./ir.ts";
import { fieldCost } from "./cost.ts";
import { isElapsedTime, isWrittenTime } from "../check/written_times.ts";
import { operandValue, type Value } from "./operand.ts";

/** One value of an alert; without a node it is always missing. */
export interface OutputValue {
  readonly fn: string;
  readonly node?: ValueNode;
}

/** @param event the only one that the rule can match, when that is so */
export function outputValue(graph: Graph, { operand }: OutputField, event?: EventDef): OutputValue {
  const field = operand.kind === "field" ? operand.field : undefined;
  if (field !== undefined && (isWrittenTime(field) || isElapsedTime(field))) {
    // handed over as nanoseconds; TypeScript writes it as the field's name says
    return { fn: "out_time", node: graph.field("evt_rawtime", "uint", fieldCost(field)) };
  }
  if (operand.kind === "field" && operand.field.name === "evt.rawarg") {
    return { fn: "out_rawarg", node: graph.text(new TextEncoder().encode(String(operand.arg))) };
  }
  const value = operandValue(graph, operand, event);
  if (value === undefined) return { fn: "out_text" };
  if (field?.type === "bool") return { fn: "out_bool", node: value.node };
  if (field?.type === "bytes") return { fn: "out_bytes", node: value.node };
  return { fn: printer(value), node: value.node };
}

function printer({ type, node }: Value): string {
  if (type === "list") return "out_list";
  if (type === "ip" || type === "net") return "out_ip";
  switch (node.form) {
    case "view":
      return "out_text";
    case "double":
      return "out_double";
    case "int":
      return "out_int";
    case "uint":
      return "out_uint";
  }
}
