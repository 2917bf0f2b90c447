// Traces besides which lie the answers that Falco gave when it replayed them: NAME.scap, NAME.VARIANT.jsonl.gz,
// NAME.fields.jsonl.gz, NAME.events.txt.gz, fields-list.txt.
// In: a folder. Out: its traces and what Falco said. Elsewhere: what we say (our_run.ts), comparing (alerts.ts …).

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { RECORDINGS } from "../support/recordings.ts";

/** Values of one event by field; a value is its JSON as it was written, numbers with all their digits. */
export type Values = ReadonlyMap<string, string>;

/** The line of one event: type, thread, parameters. */
export interface EventLine {
  readonly rawTime: string;
  readonly type: string;
  readonly tid: string;
  readonly args: string;
}

/** Names of the traces in a folder; none when it is not there. */
export function listTraces(folder: URL = RECORDINGS): string[] {
  try {
    return [...Deno.readDirSync(folder)]
      .filter(({ name }) => name.endsWith(".scap"))
      .map(({ name }) => name.slice(0, -".scap".length))
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

export function readAlerts(folder: URL, trace: string, variant: string): string[] {
  return readZipped(new URL(`${trace}.${variant}.jsonl.gz`, folder));
}

export function readFieldNames(folder: URL): string[] {
  return Deno.readTextFileSync(new URL("fields-list.txt", folder)).trim().split("\n");
}

/** What Falco printed of each sampled event, by its number. */
export function readFields(folder: URL, trace: string): Map<string, Values> {
  const events = new Map<string, Values>();
  for (const line of readZipped(new URL(`${trace}.fields.jsonl.gz`, folder))) {
    const values = parseValues(line);
    events.set(values.get("evt.num") ?? "", values);
  }
  return events;
}

export function readEventLines(folder: URL, trace: string): Map<string, EventLine> {
  const events = new Map<string, EventLine>();
  for (const line of readZipped(new URL(`${trace}.events.txt.gz`, folder))) {
    const [, number = "", rawTime = "", type = "", tid = "", args = ""] =
      /^(\d+) (\d+) (\S+) (\S+) (.*)$/s.exec(line) ?? [];
    events.set(number, { rawTime, type, tid, args: unescaped(args) });
  }
  return events;
}

/** An object of values, such as output_fields; those that are null are left out. */
export function parseValues(json: string): Values {
  const exact = JSON.parse(json, exactNumbers);
  return new Map(
    Object.entries(exact).filter(([, value]) => value !== null).map((
      [key, value],
    ) => [key, canonical(value)]),
  );
}

/** An alert as an object; every number is its text. */
export function parseAlert(line: string): Readonly<Record<string, unknown>> {
  return JSON.parse(line, exactNumbers);
}

class ExactNumber {
  constructor(readonly source: string) {}
}

function exactNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" ? new ExactNumber(context?.source ?? String(value)) : value;
}

/** One form of a value for comparing. Lists of texts are unordered in Falco. */
export function canonical(value: unknown): string {
  if (value instanceof ExactNumber) return value.source;
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
    return `{${entries.toSorted().join(",")}}`;
  }
  return JSON.stringify(value);
}

function readZipped(file: URL): string[] {
  return gunzipSync(readFileSync(file)).toString("utf8").split("\n").filter(Boolean);
}

function unescaped(text: string): string {
  return text.replace(/\\([\\nr])/g, (_, c: string) => c === "n" ? "\n" : c === "r" ? "\r" : c);
}
