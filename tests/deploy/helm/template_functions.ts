// The functions that the chart's templates call, with the meaning that Helm gives them.
// In: arguments as the template has them. Out: a value.

import { createHash } from "node:crypto";
import { posix } from "node:path";
import { parse, stringify } from "yaml";

export type Fields = { [name: string]: unknown };
export type TemplateFunction = (...args: never[]) => unknown;

export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

export function print(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

const indent = (bytes: number, text: string) => text.replace(/^/gm, " ".repeat(bytes));
const same = (a: unknown, b: unknown) => a === b;

function format(pattern: string, ...args: unknown[]): string {
  let next = 0;
  return pattern.replace(/%[sqdv%]/g, (verb) => {
    if (verb === "%%") return "%";
    const value = print(args[next++]);
    return verb === "%q" ? JSON.stringify(value) : value;
  });
}

function overwrite(target: Fields, ...sources: Fields[]): Fields {
  for (const source of sources) {
    for (const [name, value] of Object.entries(source)) {
      const before = target[name];
      target[name] = isFields(before) && isFields(value) ? overwrite(before, value) : value;
    }
  }
  return target;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As Go's reflection calls it. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "invalid";
  if (Array.isArray(value)) return "slice";
  return { object: "map", boolean: "bool", number: "float64" }[typeof value as string] ?? typeof value;
}

const documents = new Map<string, unknown>();

/** A template may change what it gets. */
function parsed(text: string): unknown {
  if (!documents.has(text)) documents.set(text, parse(text));
  return structuredClone(documents.get(text));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value ?? null;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

/** `>=1.30.0-0` and the like: one comparison, and no more than the chart needs. */
function semverCompare(wanted: string, version: string): boolean {
  const [, least = ""] = /^>=([\d.]+)-0$/.exec(wanted) ?? [];
  if (least === "") throw new Error(`semverCompare ${wanted} is not known here`);
  const numbers = (text: string) => text.replace(/^v/, "").split(/[.+-]/).map(Number);
  const [a, b] = [numbers(version), numbers(least)];
  const at = b.findIndex((number, i) => number !== (a[i] ?? 0));
  return at < 0 || (a[at] ?? 0) > b[at]!;
}

export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  append: (list: unknown[], item: unknown) => [...list, item],
  b64enc: (text: string) => new TextEncoder().encode(text).toBase64(),
  clean: (path: string) => posix.normalize(path),
  concat: (...lists: unknown[][]) => lists.flat(),
  contains: (part: string, text: string) => text.includes(part),
  deepCopy: (value: unknown) => structuredClone(value),
  default: (fallback: unknown, value: unknown) => isTrue(value) ? value : fallback,
  dict: (...pairs: unknown[]) => {
    const made: Fields = {};
    for (let i = 0; i < pairs.length; i += 2) made[String(pairs[i])] = pairs[i + 1];
    return made;
  },
  dir: (path: string) => posix.dirname(path),
  eq: same,
  fail: (reason: string) => {
    throw new Error(reason);
  },
  fromYaml: (text: string) => parsed(text) ?? {},
  fromYamlArray: (text: string) => parsed(text) ?? [],
  get: (fields: Fields, name: string) => fields[name] ?? "",
  has: (item: unknown, list: unknown[]) => list.some((other) => same(item, other)),
  hasPrefix: (start: string, text: string) => text.startsWith(start),
  hasSuffix: (end: string, text: string) => text.endsWith(end),
  hasKey: (fields: Fields, name: string) => Object.hasOwn(fields, name),
  join: (between: string, list: unknown) =>
    (Array.isArray(list) ? list : [list ?? ""]).map(print).join(between),
  kindIs: (kind: string, value: unknown) => kindOf(value) === kind,
  list: (...items: unknown[]) => items,
  mergeOverwrite: overwrite,
  ne: (a: unknown, b: unknown) => !same(a, b),
  nindent: (bytes: number, text: string) => `\n${indent(bytes, text)}`,
  not: (value: unknown) => !isTrue(value),
  omit: (fields: Fields, ...names: string[]) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))),
  printf: format,
  quote: (value: unknown) => JSON.stringify(print(value)),
  regexMatch: (pattern: string, text: string) => new RegExp(pattern).test(text),
  replace: (from: string, to: string, text: string) => text.replaceAll(from, to),
  required: (reason: string, value: unknown) => {
    if (value === undefined || value === null || value === "") throw new Error(reason);
    return value;
  },
  semverCompare,
  set: (fields: Fields, name: string, value: unknown) => {
    fields[name] = value;
    return fields;
  },
  sha256sum: (text: string) => createHash("sha256").update(text).digest("hex"),
  sortAlpha: (list: unknown[]) => list.map(print).sort(),
  splitList: (between: string, text: string) => text.split(between),
  ternary: (ifTrue: unknown, ifFalse: unknown, condition: boolean) => condition ? ifTrue : ifFalse,
  toJson: (value: unknown) => JSON.stringify(sorted(value)),
  toString: (value: unknown) => value === undefined || value === null ? "<nil>" : String(value),
  toYaml: (value: unknown) =>
    stringify(value ?? null, {
      sortMapEntries: true,
      lineWidth: 0,
      aliasDuplicateObjects: false,
      version: "1.1",
    })
      .trimEnd(),
  trimSuffix: (end: string, text: string) => text.endsWith(end) ? text.slice(0, -end.length) : text,
  trunc: (length: number, text: string) => text.slice(0, length),
  uniq: (list: unknown[]) => [...new Set(list)],
};
