// Where in a YAML file the cursor is: in which item, below which keys, in a key or in a value. It reads lines and their
// indentation alone, since a file is rarely YAML while somebody writes it.
// In: a text and an offset. Out: the keys down to the cursor, the keys that the item has, the text of the value up to it.
// Elsewhere: within braces (flow.ts), what may be written there (completion/).

import { flowPlace } from "./flow.ts";

export interface Cursor {
  /** of the value, or of the mapping whose key is being written; without the kind of an item */
  readonly path: readonly string[];
  readonly where: "key" | "value";
  /** of a value: all of it up to the cursor; of a key: what is there of it */
  readonly written: string;
  /** keys of the item at its first level, those after the cursor included */
  readonly itemKeys: readonly string[];
  /** whether the cursor is in an item, thus behind a dash at the left */
  readonly inItem: boolean;
  /** where no value can be a block of lines */
  readonly inBraces: boolean;
}

interface Level {
  readonly indent: number;
  readonly key: string;
}

const KEY = /^["']?([\w-]+)["']?\s*:(?:\s+|$)/;
const MAX_ITEM = 200_000;

export function cursorAt(text: string, offset: number): Cursor {
  const { start, end, column } = itemAround(text, offset);
  const braces = /^ *-\s+(?=\{)/.exec(text.slice(start, offset));
  if (column >= 0 && braces !== null) {
    const begin = start + braces[0].length;
    const { path, where, written } = flowPlace(text.slice(begin, offset));
    const itemKeys = flowPlace(text.slice(begin, end)).keys;
    return { path, where, written, itemKeys, inItem: true, inBraces: true };
  }
  const lines = text.slice(start, offset).split("\n");
  const levels: Level[] = [];
  let value: { indent: number; lines: string[]; block: boolean } | undefined;
  let where: Cursor["where"] = "key";
  let written = "";
  for (const [at, line] of lines.entries()) {
    const last = at === lines.length - 1;
    const { indent, rest } = withoutDashes(line);
    const plain = line.search(/\S/);
    const inValue = value !== undefined && (plain < 0 ? !last || value.block : plain > value.indent);
    if (inValue || (value !== undefined && plain < 0 && line.length > value.indent)) {
      value!.lines.push(line);
      if (last) [where, written] = ["value", value!.lines.join("\n")];
      continue;
    }
    value = undefined;
    if (rest === "" && !last) continue;
    const isItem = /^\s*-(\s|$)/.test(line);
    while (levels.length > 0 && levels.at(-1)!.indent >= indent) levels.pop();
    const key = KEY.exec(rest);
    if (key === null) {
      if (!last) continue;
      // an element of a sequence that is no mapping belongs to the key above it
      where = isItem && levels.length > 0 && !sequenceOfMaps(levels) ? "value" : "key";
      written = rest;
      continue;
    }
    levels.push({ indent, key: key[1]! });
    const after = rest.slice(key[0].length);
    if (/^[|>][-+\d]*\s*(#.*)?$/.test(after)) value = { indent, lines: [""], block: true };
    else if (after !== "" && !after.startsWith("#")) value = { indent, lines: [after], block: false };
    if (!last) continue;
    where = key[0].length === rest.length && !/\s$/.test(rest) ? "key" : "value";
    written = after;
  }
  const path = levels.map(({ key }) => key);
  // a list of values in brackets is one value here
  const isFlow = where === "value" && /^(\{|\[\s*\{)/.test(written);
  const isEntry = where === "key" && written.startsWith("{");
  const inner = isFlow || isEntry ? flowPlace(written) : undefined;
  return {
    path: inner === undefined ? path : [...path, ...inner.path],
    where: inner?.where ?? where,
    written: inner?.written ?? written,
    itemKeys: keysOf(text.slice(start, end), column),
    inItem: column >= 0,
    inBraces: inner !== undefined,
  };
}

/** Exceptions are mappings in a sequence, other sequences hold scalars. */
function sequenceOfMaps(levels: readonly Level[]): boolean {
  return levels.at(-1)!.key === "exceptions" || levels.at(-1)!.key === "required_plugin_versions";
}

function withoutDashes(line: string): { indent: number; rest: string } {
  const lead = /^(?:\s*-(?=\s|$))*\s*/.exec(line)![0];
  return { indent: lead.length, rest: line.slice(lead.length) };
}

/** From the dash of an item at the left to the next one; the whole file where there is none. */
function itemAround(text: string, offset: number): { start: number; end: number; column: number } {
  const first = /^( *)-(?:\s|$)/m.exec(text);
  if (first === null || /^[\w-]+\s*:/m.test(text.slice(0, first.index))) {
    return { start: Math.max(0, lineStart(text, offset - MAX_ITEM)), end: text.length, column: -1 };
  }
  const dash = `\n${first[1]}-`;
  const line = text.indexOf("\n", offset);
  const before = text.lastIndexOf(dash, line < 0 ? text.length : line - 1);
  const isFirst = text.startsWith(dash.slice(1)) && before < 0;
  const start = before >= 0 && before < offset ? before + 1 : isFirst ? 0 : lineStart(text, offset);
  const next = text.indexOf(dash, Math.max(offset, start + 1));
  const end = Math.min(next < 0 ? text.length : next, start + MAX_ITEM);
  return { start: Math.max(start, offset - MAX_ITEM), end, column: first[1]!.length };
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

function keysOf(item: string, column: number): string[] {
  if (column < 0) return [...item.matchAll(/^([\w-]+)\s*:/gm)].map((match) => match[1]!);
  const indent = withoutDashes(item.slice(0, item.indexOf("\n") < 0 ? undefined : item.indexOf("\n"))).indent;
  const keys: string[] = [];
  for (const line of item.split("\n")) {
    const { indent: here, rest } = withoutDashes(line);
    const key = here === indent ? KEY.exec(rest) : null;
    if (key !== null) keys.push(key[1]!);
  }
  return keys;
}
