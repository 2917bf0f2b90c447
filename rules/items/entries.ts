// The entries of a rules file, read so that those that are written as before stay the very same objects: all that was found out about
// them (memory.ts) is known by these. An object that stays has its places in the text that it was read from.
// In: YAML of a file's text, the entries of an earlier text. Out: the entries of this text.
// Elsewhere: where such places are in the current text (diagnostics/moved.ts), files without entries (rules_file.ts): those with aliases,
// or that are no plain sequence.
//
// Findings about two items that have one name can depend on all that is between them, so the run from the first to the last is kept
// as a whole or not at all.

import { Report } from "../diagnostics/diagnostic.ts";
import type { Source, Span } from "../text/span.ts";
import type { Budget, Spent } from "../yaml/budget.ts";
import type { YamlNode } from "../yaml/nodes.ts";
import type { YamlFile } from "../yaml/read.ts";
import { nameOf } from "./collect.ts";
import { type RawItem, readItem } from "./items.ts";

export interface Entry {
  /** from its dash to the next entry, or to the comment before that */
  readonly text: string;
  /** where it was read */
  readonly from: Span;
  /** where it is now */
  readonly start: number;
  readonly items: readonly RawItem[];
  readonly findings: Report;
  readonly spent: Spent;
}

/** Earlier texts are held as long as entries were read from them; with more, all is read from the latest one. */
const MAX_EARLIER_CHARACTERS = 8_000_000;

/** Nothing where the file has no entries that stand for themselves. */
export function readEntries(
  source: Source,
  yaml: YamlFile,
  budget: Budget,
  before: readonly Entry[],
): Entry[] | undefined {
  const [document, ...others] = yaml.documents;
  if (document?.kind !== "sequence" || others.length > 0 || document.dashes === undefined) return undefined;
  if (yaml.hasAliases) return undefined;
  const fresh = (place: Place) => readEntry(source, place, budget);
  const places = placesOf(yaml.text, document.items, document.dashes);
  if (charactersOf(before) > MAX_EARLIER_CHARACTERS) return places.map(fresh);
  const known = new Map(
    [...Map.groupBy(before, ({ text }) => text)].map(([text, all]) => [text, all.values()]),
  );
  const entries = places.map((place) => {
    const kept = known.get(place.text)?.next().value;
    if (kept === undefined || !budget.spendScalars(kept.spent.scalars)) return fresh(place);
    return { ...kept, start: place.start };
  });
  for (const [first, last] of runsOfNames(entries)) {
    const run = entries.slice(first, last + 1);
    if (!isAsBefore(run, source.text)) {
      entries.splice(first, run.length, ...places.slice(first, last + 1).map(fresh));
    }
  }
  return entries;
}

interface Place {
  readonly node: YamlNode;
  readonly text: string;
  readonly start: number;
}

function placesOf(text: string, nodes: readonly YamlNode[], dashes: readonly number[]): Place[] {
  const starts = dashes.map((dash) => text.lastIndexOf("\n", dash) + 1);
  /** the next one that begins a line, looked for once */
  let comment = -1;
  return nodes.map((node, at) => {
    const start = starts[at]!;
    const next = starts[at + 1] ?? text.length;
    if (comment < node.span.end) comment = text.indexOf("\n#", node.span.end);
    if (comment < 0) comment = Infinity;
    // it is about the next entry
    return { node, start, text: text.slice(start, Math.min(next, comment + 1)) };
  });
}

function readEntry(source: Source, { node, text, start }: Place, budget: Budget): Entry {
  const findings = new Report();
  const before = budget.left;
  const items = readItem(node, findings, budget);
  const from = { source, start, end: start + text.length };
  return { text, from, start, items, findings, spent: budget.spentSince(before) };
}

function charactersOf(entries: readonly Entry[]): number {
  let sum = 0;
  for (const { text } of new Set(entries.map(({ from }) => from.source))) sum += text.length;
  return sum;
}

/** From the first to the last entry of a name, where there are several; runs that overlap are one. */
function runsOfNames(entries: readonly Entry[]): (readonly [first: number, last: number])[] {
  const lasts = new Map<string, number>();
  const keys = entries.map(({ items }) =>
    items.flatMap((item) => {
      const named = nameOf(item);
      return named === undefined ? [] : [`${named.kind} ${named.name}`];
    })
  );
  keys.forEach((all, at) => all.forEach((key) => lasts.set(key, at)));
  const runs: [number, number][] = [];
  keys.forEach((all, at) => {
    const last = Math.max(at, ...all.map((key) => lasts.get(key)!));
    const run = runs.at(-1);
    if (run !== undefined && at <= run[1]) run[1] = Math.max(run[1], last);
    else if (last > at) runs.push([at, last]);
  });
  return runs;
}

/** All from one text, and all that is between them as it was there. */
function isAsBefore(run: readonly Entry[], text: string): boolean {
  const first = run[0]!, last = run.at(-1)!;
  const { source, start } = first.from;
  if (!run.every(({ from }) => from.source === source)) return false;
  const length = last.start + last.text.length - first.start;
  return source.text.slice(start, start + length) === text.slice(first.start, first.start + length);
}
