// Rules files in memory → the rules that can run. What is wrong costs exactly itself: a faulty item is left out, and what
// was defined before it counts: a stock rule outlives an append that cannot be read.
// In: what rules/load.ts takes. Out: what it gives, without errors among the items that are left, and each fault in words.
// Elsewhere: where nothing is left out (load.ts), what becomes of faults (service/faults.ts).
//
// All files are checked, items with an error are left out, and the rest is checked once more, until nothing is wrong. A
// rule, macro or list that was changed loses its latest change first, since an error may be where two texts meet.

import type { LoadResult } from "./check_rules.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { environmentOf } from "./environment.ts";
import { definesAnew, nameOf } from "./items/collect.ts";
import type { RawItem } from "./items/items.ts";
import type { LoadOptions } from "./load.ts";
import { RuleSet } from "./rule_set.ts";
import { whereIs } from "./source.ts";
import type { Source, Span } from "./span.ts";

export interface SoundRules {
  readonly loaded: LoadResult;
  /** what is wrong and what it costs, each in one line with its place */
  readonly faults: readonly string[];
}

/** Beyond that, rules with errors are left out with all their changes. */
const MAX_ROUNDS = 50;

export function loadSoundRules(files: readonly Source[], options: LoadOptions = {}): SoundRules {
  let set = RuleSet.of(files, environmentOf(options));
  const left: RawItem[] = [];
  const blamed = new Map<string, { readonly error: Diagnostic; item?: RawItem }>();
  for (let round = 0;; round++) {
    const loaded = set.check(options);
    const errors = loaded.diagnostics.filter((found) =>
      found.severity === "error" && !left.some((item) => isWithin(found.span, item.place))
    );
    const faulty = new Set<RawItem>();
    for (const error of errors) {
      const item = round < MAX_ROUNDS ? toBlame(set.counting, error.span) : undefined;
      const key = `${error.code} ${placeOf(error)}`;
      blamed.set(key, { error, ...item === undefined ? blamed.get(key) : { item } });
      if (item !== undefined) faulty.add(item);
    }
    if (faulty.size === 0) return { loaded, faults: faultsOf([...blamed.values()], loaded) };
    left.push(...faulty);
    set = set.without(faulty);
  }
}

/** The item in which the error is, or the latest that changes the same thing. */
function toBlame(items: readonly RawItem[], span: Span | undefined): RawItem | undefined {
  const item = items.find(({ place }) => isWithin(span, place));
  const named = item === undefined ? undefined : nameOf(item);
  if (item === undefined || named === undefined) return item;
  const later = items.slice(items.indexOf(item) + 1).filter((other) => {
    const changed = nameOf(other);
    return changed?.kind === named.kind && changed.name === named.name && !definesAnew(other);
  });
  return later.at(-1) ?? item;
}

function faultsOf(
  blamed: readonly { readonly error: Diagnostic; readonly item?: RawItem }[],
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
    definesAnew(item) || item.kind === "broken" ? `the ${kind}` : `a change of the ${kind}`
  } \`${name}\``;
}

function placeOf({ span, path }: Diagnostic): string {
  return span === undefined ? path ?? "" : whereIs(span);
}

function isWithin(span: Span | undefined, place: Span | undefined): boolean {
  return span !== undefined && place !== undefined && span.source === place.source &&
    span.start >= place.start && span.start <= place.end;
}
