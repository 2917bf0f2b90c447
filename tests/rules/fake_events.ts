// Joins the fake matcher and the fields of a fake event: which map entry an extractor reads.

import { EVENTS } from "../../schema/events.ts";
import { FIELDS } from "../../schema/fields.ts";
import type { FieldDef } from "../../schema/types.ts";
import type { Extract } from "./fake_matcher.ts";
import { type FakeEvent, fieldValue } from "./reference_evaluator.ts";

const NUMBERS: readonly string[] = ["int", "uint", "bool", "port", "abstime", "reltime", "double"];

const byFn = new Map<string, FieldDef>();
for (const field of FIELDS) {
  for (const fn of [field.fn, field.fnNamed, field.fnWhole]) {
    if (fn !== undefined && !byFn.has(fn)) byFn.set(fn, field);
  }
}

/** Whether an extractor returns numbers. evt.rawarg does by its parameter; the tests use numeric ones. */
export function isNumeric(fn: string): boolean {
  const field = byFn.get(fn);
  return fn.startsWith("evt_rawarg") || (field !== undefined && NUMBERS.includes(field.type) && !field.list);
}

export function extractorOf(event: FakeEvent): Extract {
  return (fn, arg) => {
    if (fn === "evt_rawarg_named") fn = "evt_rawarg";
    const field = byFn.get(fn);
    if (field === undefined) throw new Error(`no field has the extractor ${fn}`);
    if (field.name === "evt.arg" || field.name === "evt.rawarg") {
      const params = EVENTS[event.code]!.params;
      const name = typeof arg === "number" ? params[arg]?.name : arg;
      return event.fields.get(`${field.name}.${name}`);
    }
    return fieldValue({ kind: "field", field, ...(arg === undefined ? {} : { arg }) }, event);
  };
}
