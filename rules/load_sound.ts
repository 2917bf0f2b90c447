// Rules files in memory → the rules that can run. What is wrong costs exactly itself: a faulty item is left out, and what
// was defined before it counts: a stock rule outlives an append that cannot be read.
// In: what rules/load.ts takes. Out: what it gives, without errors among the items that are left, and each fault in words.
// Elsewhere: where nothing is left out (load.ts), what becomes of faults (service/health/faults.ts).
//
// All files are checked, items with an error are left out, and the rest is checked once more, until nothing is wrong. A
// rule, macro or list that was changed loses its latest change first, since an error may be where two texts meet.

import type { LoadResult } from "./check_rules.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { environmentOf } from "./check/environment.ts";
import { isDefinition, nameOf } from "./items/collect.ts";
import type { RawItem } from "./items/items.ts";
import type { LoadOptions } from "./load.ts";
import { RuleSet } from "./rule_set.ts";
import { whereIs } from "./text/source.ts";
import type { Source, Span } from "./text/span.ts";

export interface SoundRules {
  readonly loaded: LoadResult;
  /** what is wrong and what it costs, each in one line with its place */
  readonly faults: readonly string[];
  /** where the items are that were left out */
  readonly leftOut: readonly Span[];
}

/**
 * How often the files are checked again, and how many characters and errors that may be in all. Beyond it rules with errors
 * are left out with all their changes: a hostile rules file must not hold up the thread.
 */
const MAX_ROUNDS = 20;
const MAX_CHARACTERS_AGAIN = 20_000_000;
const MAX_ERRORS = 1000;

interface Blamed {
  readonly error: Diagnostic;
  /** the item in which the error is */
  readonly origin?: RawItem | undefined;
  /** what is left out for it */
  readonly item?: RawItem | undefined;
}

export function loadSoundRules(files: readonly Source[], options: LoadOptions = {}): SoundRules {
  let set = RuleSet.of(files, environmentOf(options));
  const left = new Set<RawItem>();
  const blamed = new Map<string, Blamed>();
  const characters = files.reduce((sum, { text }) => sum + text.length, 1);
  const rounds = Math.min(MAX_ROUNDS, Math.floor(MAX_CHARACTERS_AGAIN / characters));
  for (let round = 0;; round++) {
    const loaded = set.check(options);
    const errors = loaded.diagnostics.filter(({ severity, span }) =>
      severity === "error" && ![...left].some(({ place }) => isWithin(span, place))
    );
    const faulty = new Set<RawItem>();
    const items = round < rounds && errors.length <= MAX_ERRORS ? set.counting : [];
    for (const error of errors) {
      const origin = items.find(({ place }) => isWithin(error.span, place));
      const item = origin === undefined ? undefined : latestChange(origin, items);
      const key = `${error.code} ${placeOf(error)}`;
      if (item !== undefined || !blamed.has(key)) blamed.set(key, { error, origin, item });
      if (item !== undefined) faulty.add(item);
    }
    if (faulty.size === 0) {
      // a change was not to blame where the item proved to be wrong without it
      const sure = [...blamed.values()].filter(({ origin, item }) =>
        origin === item || origin === undefined || !left.has(origin)
      );
      const leftOut = [...left].flatMap(({ place }) => place ?? []);
      return { loaded, faults: faultsOf(inOrder(sure, files), loaded), leftOut };
    }
    for (const item of faulty) left.add(item);
    set = set.without(faulty);
  }
}

/** Of what an item defines; the item itself when nothing changes it later, or when it is a change. */
function latestChange(item: RawItem, items: readonly RawItem[]): RawItem {
  const named = nameOf(item);
  if (named === undefined || !isDefinition(item)) return item;
  const later = items.slice(items.indexOf(item) + 1).filter((other) => {
    const changed = nameOf(other);
    return changed?.kind === named.kind && changed.name === named.name && !isDefinition(other);
  });
  return later.at(-1) ?? item;
}

function inOrder(blamed: readonly Blamed[], files: readonly Source[]): Blamed[] {
  const paths = files.map(({ path }) => path);
  const rank = ({ error: { span, path } }: Blamed) => paths.indexOf(span?.source.path ?? path ?? "");
  const start = ({ error: { span } }: Blamed) => span?.start ?? -1;
  return [...blamed].sort((a, b) => rank(a) - rank(b) || start(a) - start(b));
}

function faultsOf(
  blamed: readonly Blamed[],
  { faulty }: LoadResult,
): string[] {
  const faults = blamed.map(({ error, item }) => {
    const { message, hint } = error;
    const text = hint === undefined ? message : `${message}; ${hint}`;
    const cost = item === undefined ? "" : `${whatIsLost(item)} is left out: `;
    return `${placeOf(error)}: ${cost}${text}`;
  });
  const told = new Set(blamed.flatMap(({ item }) => item === undefined ? [] : [nameOf(item)?.name]));
  for (const { name, span } of faulty) {
    if (told.has(name)) continue;
    faults.push(`${whereIs(span)}: the rule \`${name}\` is left out: it uses something that cannot be read`);
  }
  return faults;
}

function whatIsLost(item: RawItem): string {
  const named = nameOf(item);
  if (named === undefined) return "the requirement";
  const { kind, name } = named;
  return `${
    isDefinition(item) || item.kind === "broken" ? `the ${kind}` : `a change of the ${kind}`
  } \`${name}\``;
}

function placeOf({ span, path }: Diagnostic): string {
  return span === undefined ? path ?? "" : whereIs(span);
}

function isWithin(span: Span | undefined, place: Span | undefined): boolean {
  return span !== undefined && place !== undefined && span.source === place.source &&
    span.start >= place.start && span.start <= place.end;
}
