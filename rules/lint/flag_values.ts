// What the text of a parameter can be that holds flags or one of some words: evt.arg.flags, evt.arg.how.
// In: a parameter's name and a comparison. Out: why it never holds, or nothing.
// Elsewhere: the tables (schema/flag_table.ts), how they are written (assembly/render/flags.ts).
//
// A set of flags is written as names joined by `|`. The same name can belong to several events with tables of their own:
// a value is sound that any of them has.

import { didYouMean } from "../../base/mod.ts";
import { flagTable, type ParamDef, SIGNAL_NAMES } from "../../schema/mod.ts";
import type { CheckedCheck } from "../check/checked.ts";
import { EVALUATED_EVENTS } from "../lower/events.ts";
import { short } from "../yaml/decode.ts";

export interface Impossible {
  readonly why: string;
  readonly hint?: string | undefined;
}

interface Words {
  readonly names: readonly string[];
  /** several of them at once, in one text */
  readonly isSet: boolean;
}

/** Flags of a call that opens a file, which always says as well whether it reads or writes. */
const OF_OPENING =
  /^(O_(CREAT|TRUNC|EXCL|APPEND|DIRECTORY|SYNC|DSYNC|LARGEFILE|TMPFILE|F_CREATED)|FD_(UPPER|LOWER)_LAYER)$/;
const ACCESS_MODE = /^O_(RDONLY|WRONLY|RDWR|NONE)$/;

const known = new Map<string, Words | undefined>();

/** The words of a parameter; nothing where it can hold any text. Numbers without a table are written as digits. */
function wordsOf(name: string): Words | undefined {
  if (known.has(name)) return known.get(name);
  const params = EVALUATED_EVENTS.flatMap(({ params }) => params.filter((param) => param.name === name));
  const tables = new Set(params.flatMap(({ flagTable }) => flagTable ?? []));
  const isText = params.some((param) => !isNumber(param));
  const words = tables.size === 0 || isText ? undefined : {
    names: [...new Set([...tables].flatMap((table) => flagTable(table)!.entries.map(([word]) => word)))],
    isSet: params.some(({ type }) => type.startsWith("flags")),
  };
  known.set(name, words);
  return words;
}

function isNumber({ type, flagTable }: ParamDef): boolean {
  return flagTable !== undefined || /^u?int\d+$/.test(type);
}

type Fit = (name: string, text: string) => boolean;

const same: Fit = (name, text) => name === text;
const begins: Fit = (name, text) => name.startsWith(text);
const ends: Fit = (name, text) => name.endsWith(text);
const holds: Fit = (name, text) => name.includes(text);

/** How the first, the inner, the last and the only part of a value has to fit a name. */
const FITS: Partial<Record<CheckedCheck["operator"], readonly [first: Fit, last: Fit, only: Fit]>> = {
  "=": [same, same, same],
  "!=": [same, same, same],
  in: [same, same, same],
  intersects: [same, same, same],
  startswith: [same, begins, begins],
  endswith: [ends, same, ends],
  contains: [ends, begins, holds],
  icontains: [
    (name, text) => ends(name.toLowerCase(), text.toLowerCase()),
    (name, text) => begins(name.toLowerCase(), text.toLowerCase()),
    (name, text) => holds(name.toLowerCase(), text.toLowerCase()),
  ],
};

function isSignal(name: string): boolean {
  const params = EVALUATED_EVENTS.flatMap(({ params }) => params.filter((param) => param.name === name));
  return params.length > 0 && params.every(({ type }) => type === "sigtype" || type === "sigset");
}

/** Signals are written by their names; those without one, and sets of them, as digits. */
function impossibleSignal(value: string): Impossible | undefined {
  const names = SIGNAL_NAMES.filter((name) => name !== "");
  return /^[A-Za-z]+[0-9]*$/.test(value) && !names.includes(value)
    ? {
      why: `no signal is called \`${short(value)}\``,
      hint: longer(value, names) ?? didYouMean(value, names),
    }
    : undefined;
}

/** `ATTACH` for `PTRACE_ATTACH` */
function longer(word: string, names: readonly string[]): string | undefined {
  const found = names.filter((name) =>
    name.endsWith(`_${word.toUpperCase()}`) || name === `SIG${word.toUpperCase()}`
  );
  return found.length === 1 ? `did you mean \`${found[0]}\`?` : undefined;
}

const EQUALITY: readonly string[] = ["=", "!=", "in", "intersects"];

export function impossibleFlag(
  param: string,
  operator: CheckedCheck["operator"],
  value: string,
): Impossible | undefined {
  const signal = EQUALITY.includes(operator) && isSignal(param) ? impossibleSignal(value) : undefined;
  if (signal !== undefined) return signal;
  const words = wordsOf(param);
  const fits = FITS[operator];
  if (words === undefined || fits === undefined || value === "" || /^[0-9]/.test(value)) return undefined;
  const parts = value.split("|");
  const last = parts.length - 1;
  const fitOf = (at: number) => last === 0 ? fits[2] : at === 0 ? fits[0] : at === last ? fits[1] : same;
  const wrong = parts.find((part, at) => part !== "" && !words.names.some((name) => fitOf(at)(name, part)));
  if (wrong !== undefined) {
    return {
      why: `no flag is called \`${short(wrong)}\``,
      hint: didYouMean(wrong, words.names) ?? longer(wrong, words.names),
    };
  }
  if (!EQUALITY.includes(operator) || !words.isSet || parts.some((part) => ACCESS_MODE.test(part))) {
    return undefined;
  }
  const opening = parts.find((part) => OF_OPENING.test(part));
  return opening === undefined ? undefined : {
    why: `it is all flags of the call, such as \`O_WRONLY|${value}\``,
    hint: `write \`contains ${value}\``,
  };
}
