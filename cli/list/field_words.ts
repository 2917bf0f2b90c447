// What the catalogue says about a field, in words for people.
// In: a FieldDef. Out: phrases. Elsewhere: where they are printed (list_fields.ts, docs/fields.md).

import { DOTTED, hasNoExtractor } from "../../rules/mod.ts";
import type { FieldArgKind, FieldDef, FieldEvents, FieldType } from "../../schema/mod.ts";

const TYPES: Readonly<Record<FieldType, string>> = {
  string: "text",
  int: "number",
  uint: "number",
  double: "number",
  bool: "true or false",
  bytes: "bytes",
  ip: "address",
  net: "network",
  port: "port",
  abstime: "time",
  reltime: "duration",
  dyn: "as the parameter",
};

const ARGUMENTS: Readonly<Record<FieldArgKind, readonly [short: string, long: string]>> = {
  "index": ["N", "a position, counted from 0"],
  "name": ["NAME", "a name"],
  "index or name": ["NAME", "a name, or a position counted from 0"],
  "ancestor": ["N", "a number of generations: 0 is the process itself, 1 its parent"],
  "ancestor or name": ["N", "a number of generations (0 is the process itself, 1 its parent), or a name"],
  "fd": ["FD", "the number of an open fd"],
  "event": ["EVENT", "the name of an event type"],
  "time": ["TIME", "a time in nanoseconds since 1970"],
};

const EVENTS: Readonly<Record<FieldEvents, string>> = {
  all: "every event",
  syscall: "every system call",
  fd: "calls that open, close or use an fd",
  io: "calls that read or write data",
  open: "calls that open a file",
  path: "calls that name a path",
  poll: "poll and ppoll",
  async: "events from outside the stream of calls",
};

export function typeWords({ type, list }: FieldDef): string {
  return list ? `list of ${TYPES[type]}s` : TYPES[type];
}

/** The field as it is written: `evt.arg.NAME`, `proc.aname[N]`. */
export function usageOf({ name, arg, argKind }: FieldDef): string {
  if (arg === "none" || argKind === undefined) return name;
  const word = ARGUMENTS[argKind][0];
  return DOTTED.includes(name) ? `${name}.${word}` : `${name}[${word}]`;
}

export function argumentWords({ arg, argKind }: FieldDef): string {
  return arg === "none" || argKind === undefined ? "" : `${arg}: ${ARGUMENTS[argKind][1]}`;
}

export function eventWords({ eventTypes, sources }: FieldDef): string {
  if (!sources.includes("*") && !sources.includes("syscall")) return `events of ${sources.join(", ")}`;
  return EVENTS[eventTypes];
}

/** Limits of use, each a short clause; none for most fields. */
export function limitWords(field: FieldDef): string[] {
  return [
    ...(field.own ? ["not in Falco"] : []),
    ...(field.deprecated ? ["deprecated"] : []),
    ...(field.filterOnly ? ["in conditions only"] : []),
    ...(field.printOnly ? ["in outputs only"] : []),
    ...(field.noTransform && !field.filterOnly ? ["no transformers, no val()"] : []),
    ...(field.noRightSide && !field.noTransform ? ["no val()"] : []),
    ...(!field.deprecated && hasNoExtractor(field) ? ["never has a value"] : []),
  ];
}
