// Event types: code, name, direction, category, flags, parameters.
// In: event_table.ts. Out: EVENTS by code, look-up by name, the constants of the current versions.
// Elsewhere: names of flag values (schema/flags.ts), which system call makes which event (schema/syscalls.ts).

import { EVENT_TABLE } from "./event_table.ts";
import {
  type EventCategory,
  type EventDef,
  PARAM_FORMATS,
  PARAM_TYPES,
  type ParamDef,
  type ParamFormat,
  type ParamType,
  type ParamVariant,
} from "./types.ts";

export const EVENT_FLAGS = {
  CREATES_FD: 0x1,
  DESTROYS_FD: 0x2,
  USES_FD: 0x4,
  READS_FROM_FD: 0x8,
  WRITES_TO_FD: 0x10,
  MODIFIES_STATE: 0x20,
  UNUSED: 0x40,
  WAITS: 0x80,
  SKIP_PARSER_RESET: 0x100,
  OLD_VERSION: 0x200,
  LARGE_PAYLOAD: 0x800,
  CONVERTER_MANAGED: 0x1000,
} as const;

const FLAG_LETTERS: Readonly<Record<string, number>> = {
  "c": EVENT_FLAGS.CREATES_FD,
  "d": EVENT_FLAGS.DESTROYS_FD,
  "u": EVENT_FLAGS.USES_FD,
  "r": EVENT_FLAGS.READS_FROM_FD,
  "w": EVENT_FLAGS.WRITES_TO_FD,
  "m": EVENT_FLAGS.MODIFIES_STATE,
  "x": EVENT_FLAGS.UNUSED,
  "b": EVENT_FLAGS.WAITS,
  "p": EVENT_FLAGS.SKIP_PARSER_RESET,
  "o": EVENT_FLAGS.OLD_VERSION,
  "l": EVENT_FLAGS.LARGE_PAYLOAD,
  "k": EVENT_FLAGS.CONVERTER_MANAGED,
  "-": 0,
};

/** Low bits of categoryBits. */
export const EVENT_CATEGORIES: Readonly<Record<EventCategory, number>> = {
  unknown: 0,
  other: 1,
  file: 2,
  net: 3,
  ipc: 4,
  memory: 5,
  process: 6,
  sleep: 7,
  system: 8,
  signal: 9,
  user: 10,
  time: 11,
  processing: 12,
  io_read: 32,
  io_write: 33,
  io_other: 34,
  wait: 64,
  scheduler: 128,
  internal: 256,
};

/** High bits of categoryBits: what kind of source makes the event. */
export const EVENT_SOURCES: Readonly<Record<string, number>> = {
  "-": 0,
  syscall: 0x200,
  tracepoint: 0x400,
  plugin: 0x800,
  meta: 0x1000,
  iter: 0x2000,
};

const UNPRINTED_FORMAT: readonly ParamType[] = [
  "charbuf",
  "bytebuf",
  "sockaddr",
  "socktuple",
  "fspath",
  "fsrelpath",
  "charbufarray",
  "charbufpairarray",
];

/** What the first byte of a dyn parameter selects. The position is the value of that byte. */
export const PARAM_VARIANTS: Readonly<Record<string, readonly ParamVariant[]>> = {
  sockopt: [
    { type: "bytebuf", format: "hex" },
    { type: "errno", format: "dec" },
    { type: "uint32", format: "dec" },
    { type: "uint64", format: "dec" },
    { type: "reltime", format: "dec" },
  ],
  ptrace: [{ type: "uint64", format: "hex" }, { type: "sigtype", format: "dec" }],
  bpf: [{ type: "fd", format: "dec" }, { type: "errno", format: "dec" }],
  keyctl: [{ type: "int64", format: "dec" }, { type: "charbuf", format: "na" }],
};

function usualFormat(type: ParamType): ParamFormat {
  if (UNPRINTED_FORMAT.includes(type)) return "na";
  if (type.startsWith("flags")) return "hex";
  return type === "mode" ? "oct" : "dec";
}

function parseParam(word: string): ParamDef {
  const match = /^([^:]+):(\w+)(?::(\w+))?(?:=(\w+))?(?:@(\d+))?$/.exec(word);
  const type = match?.[2] as ParamType | undefined;
  if (match === null || type === undefined || !PARAM_TYPES.includes(type)) {
    throw new Error(`Cannot read the event table: parameter "${word}" is not name:type`);
  }
  const [, name = "", , writtenFormat, table, dirfd] = match;
  const format = (writtenFormat ?? usualFormat(type)) as ParamFormat;
  if (!PARAM_FORMATS.includes(format)) {
    throw new Error(`Cannot read the event table: format of "${word}" is not known`);
  }
  const base = { name, type, format };
  if (type === "dyn") {
    const variants = PARAM_VARIANTS[table ?? ""];
    if (variants === undefined) {
      throw new Error(`Cannot read the event table: variants of "${word}" are not known`);
    }
    return { ...base, variants, variantSet: table! };
  }
  return {
    ...base,
    ...(table === undefined ? {} : { flagTable: table }),
    ...(dirfd === undefined ? {} : { dirfdParam: Number(dirfd) }),
  };
}

function parseEvent(line: string, position: number): EventDef {
  const [code, name = "", arrow, kind = "", letters = "", ...params] = line.split(" ");
  const [category = "", source = ""] = kind.split("/");
  const low = EVENT_CATEGORIES[category as EventCategory];
  const high = EVENT_SOURCES[source];
  if (Number(code) !== position || low === undefined || high === undefined) {
    throw new Error(`Cannot read the event table: line ${position} begins with "${code} ${name} … ${kind}"`);
  }
  let flags = 0;
  for (const letter of letters) flags |= FLAG_LETTERS[letter] ?? 0;
  return {
    code: position,
    name,
    direction: arrow === ">" ? "enter" : "exit",
    category: category as EventCategory,
    categoryBits: low | high,
    flags,
    params: params.map(parseParam),
  };
}

/** Every event type; the position is the code. */
export const EVENTS: readonly EventDef[] = EVENT_TABLE.trim().split("\n").map(parseEvent);

export const EVENT_COUNT: number = EVENTS.length;

/** Whether events of this type are still made; the others are only found in old traces. */
export function isCurrentEvent(event: EventDef): boolean {
  return (event.flags & (EVENT_FLAGS.OLD_VERSION | EVENT_FLAGS.UNUSED)) === 0;
}

/** The event types that live capture and today's traces contain, in the order of their codes. */
export const CURRENT_EVENTS: readonly EventDef[] = EVENTS.filter(isCurrentEvent);

const current = new Map(CURRENT_EVENTS.map((event) => [`${event.name} ${event.direction}`, event.code]));

/** Code of the current version of an event, if there is one. */
export function eventCode(name: string, direction: "enter" | "exit"): number | undefined {
  return current.get(`${name} ${direction}`);
}

const named = Map.groupBy(EVENTS.filter((event) => event.name !== "NA"), (event) => event.name);

/** All events of a name, old versions included: what `evt.type = name` can be true for, generic calls aside. */
export function eventsNamed(name: string): readonly EventDef[] {
  return named.get(name) ?? [];
}

/** Constant of an event's code: OPENAT_X, PROCEXIT_E; the catch-all `syscall` event is GENERIC_X. */
export function eventConstant(event: EventDef): string {
  const name = event.name === "syscall" ? "GENERIC" : event.name.toUpperCase();
  return `${name}_${event.direction === "enter" ? "E" : "X"}`;
}

/** Codes of the current events by the names of their constants: `EVENT_CODE.OPENAT_X` is 307. */
export const EVENT_CODE: Readonly<Record<string, number>> = Object.fromEntries(
  CURRENT_EVENTS.map((event) => [eventConstant(event), event.code]),
);

/** Position of a parameter in the current version of an event. */
export function paramIndex(code: number, name: string): number | undefined {
  const index = EVENTS[code]?.params.findIndex((param) => param.name === name) ?? -1;
  return index < 0 ? undefined : index;
}
