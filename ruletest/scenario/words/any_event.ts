// Any event by its name: words fill its parameters in their order, `name=value` those that are named.
// In: an event type and arguments. Out: one event. Elsewhere: what is not written (event_defaults.ts).

import {
  CURRENT_EVENTS,
  EVENT_CODE,
  type EventDef,
  EVENTS,
  ownParam,
  type ParamDef,
  syscallByName,
} from "../../../schema/mod.ts";
import { number } from "../bytes.ts";
import { emitEvent, isDirectoryFd, resultParam } from "../event_defaults.ts";
import type { ParamValue } from "../params.ts";
import type { Action } from "../step.ts";
import { type Arg, namedParams, tooMany, valueOfParam, type WordArgs } from "./word.ts";

/** Where the order of the parameters is not that in which people think of them. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(["open", "openat", "openat2"].map((name) => [name, ["name", "flags"]])),
  ptrace: ["request", "pid"],
  ...Object.fromEntries(
    ["read", "pread", "readv", "preadv", "write", "pwrite", "writev", "pwritev", "send", "recv"]
      .map((name) => [name, ["fd", "data"]]),
  ),
};

/** What `openat FILE read` says; other words are flags by their names. */
const OPEN_WORDS: Readonly<Record<string, string>> = {
  read: "O_RDONLY",
  write: "O_WRONLY",
  readwrite: "O_RDWR",
  create: "O_CREAT|O_F_CREATED",
  truncate: "O_TRUNC",
  append: "O_APPEND",
  directory: "O_DIRECTORY",
};
export const OPEN_WORD_NAMES = Object.keys(OPEN_WORDS);
const ACCESS = /\bO_(RDONLY|WRONLY|RDWR)\b/;

/** The exit of a call, an event that has no exit, or a call without an event of its own. */
export function eventOf(name: string): EventDef | undefined {
  const found = CURRENT_EVENTS.filter((event) => event.name === name);
  const event = found.find(({ direction }) => direction === "exit") ?? found[0];
  if (event !== undefined) return event.name === "syscall" ? undefined : withOwnParam(event);
  return syscallByName(name) === undefined ? undefined : EVENTS[EVENT_CODE["GENERIC_X"]!];
}

/** What falco's probe tells beyond Falco's table: the file that a path led to. */
function withOwnParam(event: EventDef): EventDef {
  const own = ownParam(event.code);
  return own === undefined ? event : { ...event, params: [...event.params, own] };
}

/** The order in which words are taken. */
export function positionalParams(event: EventDef): readonly ParamDef[] {
  const order = ORDER[event.name];
  if (order !== undefined) return order.map((name) => event.params.find((param) => param.name === name)!);
  const result = resultParam(event);
  return event.params.filter((param) => param !== result && !isDirectoryFd(event, param));
}

export function readAnyEvent(args: WordArgs, event: EventDef): Action | undefined {
  if (event.code === EVENT_CODE["GENERIC_X"]) return genericCall(args, event);
  const { named, result } = args;
  const given = namedParams({
    ...args,
    named: new Map([...named].map(([name, arg]) => [name, openWords(event, name, arg)])),
  }, event);
  for (const [name, arg] of paired(args, event)) {
    const value = given.has(name) ? undefined : valueOfParam(args, event, name, openWords(event, name, arg));
    if (value !== undefined) given.set(name, value);
  }
  const returned = resultParam(event);
  if (result !== undefined && returned === undefined) {
    args.reader.fail("invalid-test", result.span, `\`${args.word}\` returns nothing`);
  } else if (result !== undefined) {
    const value = valueOfParam(args, event, returned!.name, result);
    if (value !== undefined) given.set(returned!.name, value);
  }
  if (isOpen(event) && !given.has("flags")) given.set("flags", number(4, 1));
  return (scene, actor) => emitEvent(scene, actor, event, given);
}

/** What is left over belongs to the last parameter when that can be several words. */
function paired(args: WordArgs, event: EventDef): [string, Arg][] {
  const params = positionalParams(event);
  const last = params.at(-1);
  const isOpenEnded = last !== undefined && /flags|mode|bytebuf|array/.test(last.type);
  if (!isOpenEnded) tooMany(args, params.length, formOf(event));
  return params.flatMap((param, at): [string, Arg][] => {
    const first = args.positional[at];
    if (first === undefined) return [];
    const rest = isOpenEnded && param === last ? args.positional.slice(at) : [first];
    const texts = param.type === "bytebuf"
      ? [rest.flatMap((arg) => arg.texts).join(" ")]
      : rest.flatMap((arg) => arg.texts);
    return [[param.name, { texts, span: first.span }]];
  });
}

export function formOf(event: EventDef): string {
  const words = positionalParams(event).map(({ name }) => name.toUpperCase());
  return [event.name, ...words].join(" ");
}

function genericCall(args: WordArgs, event: EventDef): Action {
  tooMany(args, 0, args.word);
  const call = syscallByName(args.word)!;
  const given = new Map<string, ParamValue>([
    ["ID", number(2, call.sc)],
    ["nativeID", number(2, call.x86_64 ?? 0)],
  ]);
  return (scene, actor) => emitEvent(scene, actor, event, given);
}

function isOpen({ name }: EventDef): boolean {
  return name === "open" || name === "openat" || name === "openat2";
}

function openWords(event: EventDef, name: string, arg: Arg): Arg {
  if (!isOpen(event) || name !== "flags") return arg;
  const texts = arg.texts.map((text) => OPEN_WORDS[text] ?? text);
  if (texts.some((text) => ACCESS.test(text) || /^\d|^0x/.test(text))) return { ...arg, texts };
  const writes = texts.some((text) => /O_(CREAT|TRUNC|APPEND)/.test(text));
  return { ...arg, texts: [...texts, writes ? "O_WRONLY" : "O_RDONLY"] };
}
