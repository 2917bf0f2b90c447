// Reads the compact tables in which the files next to this one list their fields.
// In: class and text. Out: FieldDef values.
//
//   name | attributes | summary | example
//
// attributes, in any order:
//   str bytes ip net port dyn bool f64 i16 i32 i64 u32 u64 abstime reltime     type (one of them, required)
//   fn, fn=NAME                the matcher has an extractor; the usual name is the field's with _ for .
//   json                       has an extractor that reads the JSON of an event, outside of the matcher
//   named                      a second extractor takes the argument as text
//   arg!KIND, arg?KIND         a required or an optional argument; index ancestor name event fd time, or X/name
//   c1 … c4                    cost, 1 when not given
//   any                        in a condition without its argument it stands for any ancestor
//   own                        Falco does not have it
//   list filter print hidden deprecated nx (no transformer) nr (not on the right side)
//   hex padded na              format, decimal when not given; na: null in JSON
//   either=A,B                 holds when it holds for A or for B
//   on=EVENTS                  where it can have a value, `syscall` when not given
//   anysource                  also for events that are not system calls
//   source=NAME                for events of this source alone

import type { FieldArgKind, FieldClass, FieldDef, FieldEvents, FieldType, ParamFormat } from "../types.ts";

const TYPES: Readonly<Record<string, readonly [FieldType, number]>> = {
  str: ["string", 0],
  bytes: ["bytes", 0],
  ip: ["ip", 0],
  net: ["net", 0],
  port: ["port", 16],
  dyn: ["dyn", 0],
  bool: ["bool", 32],
  f64: ["double", 64],
  i16: ["int", 16],
  i32: ["int", 32],
  i64: ["int", 64],
  u32: ["uint", 32],
  u64: ["uint", 64],
  abstime: ["abstime", 64],
  reltime: ["reltime", 64],
};

const MARKS: Readonly<Record<string, Partial<FieldDef>>> = {
  json: { fromJson: true },
  list: { list: true },
  filter: { filterOnly: true },
  print: { printOnly: true },
  hidden: { hidden: true },
  any: { anyAncestor: true },
  own: { own: true },
  deprecated: { deprecated: true },
  nx: { noTransform: true },
  nr: { noRightSide: true },
  hex: { format: "hex" as ParamFormat },
  padded: { format: "padded dec" as ParamFormat },
  na: { format: "na" as ParamFormat },
  anysource: { sources: ["*"] },
  c1: { cost: 1 },
  c2: { cost: 2 },
  c3: { cost: 3 },
  c4: { cost: 4 },
};

function argument(word: string, name: string, hasFn: boolean): Partial<FieldDef> {
  const optional = word[3] === "?";
  const kind = word.slice(4).replace("/", " or ") as FieldArgKind;
  const stem = name.replaceAll(".", "_");
  return {
    arg: optional ? "optional" : "required",
    argKind: kind,
    ...(hasFn && optional ? { fnWhole: `${stem}_all` } : {}),
  };
}

function parseField(line: string, fieldClass: FieldClass): FieldDef {
  const [name = "", attributes = "", summary = "", example] = line.split("|").map((cell) => cell.trim());
  const words = attributes.split(/\s+/);
  const hasFn = words.some((word) => word === "fn" || word === "json" || word.startsWith("fn="));
  let field: Partial<FieldDef> = words.includes("json") ? { fn: name.replaceAll(".", "_") } : {};
  for (const word of words) {
    const [key = "", value = ""] = word.split("=");
    if (TYPES[word]) field = { ...field, type: TYPES[word][0], bits: TYPES[word][1] };
    else if (MARKS[word]) field = { ...field, ...MARKS[word] };
    else if (word === "named") field = { ...field, fnNamed: `${name.replaceAll(".", "_")}_named` };
    else if (word.startsWith("arg!") || word.startsWith("arg?")) {
      field = { ...field, ...argument(word, name, hasFn) };
    } else if (key === "fn") field = { ...field, fn: value || name.replaceAll(".", "_") };
    else if (key === "either") field = { ...field, either: value.split(",") };
    else if (key === "source") field = { ...field, sources: [value] };
    else if (key === "on") field = { ...field, eventTypes: value as FieldEvents };
    else throw new Error(`Cannot read the field table: attribute "${word}" of "${name}" is not known`);
  }
  if (field.type === undefined || field.bits === undefined || summary === "") {
    throw new Error(`Cannot read the field table: "${name}" lacks a type or a summary`);
  }
  return {
    list: false,
    arg: "none",
    sources: ["syscall"],
    cost: 1,
    eventTypes: "syscall",
    ...field,
    name,
    class: fieldClass,
    type: field.type,
    bits: field.bits,
    summary,
    ...(example === undefined ? {} : { example }),
  };
}

export function parseFields(fieldClass: FieldClass, table: string): readonly FieldDef[] {
  return table.trim().split("\n").map((line) => parseField(line, fieldClass));
}
