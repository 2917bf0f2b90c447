// Fixes that break no rule. One may bring a rule to light that was left out, and is wrong in itself: such a fix is the author's.
// In: all sources, one of them with its fixes. Out: those of the fixes that can be written.
// Elsewhere: writing them into a text (apply_fixes.ts), into files (cli/).

import type { Fix } from "../diagnostics/fix.ts";
import { type LoadOptions, loadRules } from "../load.ts";
import { makeSource } from "../text/source.ts";
import type { Source } from "../text/span.ts";
import { applyFixes } from "./apply_fixes.ts";

/** Each is tried alone when one of them breaks something. */
const MOST = 300;

interface State {
  readonly errors: number;
  readonly faulty: ReadonlySet<string>;
}

export function soundFixes(
  sources: readonly Source[],
  source: Source,
  fixes: readonly Fix[],
  options: LoadOptions,
): readonly Fix[] {
  let state = stateOf(sources, options);
  const stateWith = (tried: readonly Fix[]) => {
    const fixed = makeSource(source.path, applyFixes(source, tried).text);
    return stateOf(sources.map((each) => each === source ? fixed : each), options);
  };
  if (!isWorse(state, stateWith(fixes))) return fixes;
  const sound: Fix[] = [];
  for (const fix of fixes.slice(0, MOST)) {
    const after = stateWith([...sound, fix]);
    if (isWorse(state, after)) continue;
    sound.push(fix);
    state = after;
  }
  return sound;
}

function stateOf(sources: readonly Source[], options: LoadOptions): State {
  const { diagnostics, faulty } = loadRules(sources, { ...options, lint: false });
  return {
    errors: diagnostics.filter(({ severity }) => severity === "error").length,
    faulty: new Set(faulty.map(({ name }) => name)),
  };
}

/** A rule that could not be read may show its next mistake. */
function isWorse(before: State, after: State): boolean {
  return after.errors > before.errors && [...after.faulty].some((name) => !before.faulty.has(name));
}
