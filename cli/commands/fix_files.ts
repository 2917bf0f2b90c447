// `falco check --fix`: writes fixes into rules files.
// In: paths, how rules are checked, which fixes. Out: the files that were changed, each with how many fixes, and those that
// cannot be.
// Elsewhere: the fixes (rules/fixes/), what is left to say afterwards (check.ts).
//
// A fix may bring out the next mistake, so the files are read again until nothing changes.

import { UsageError } from "../../base/mod.ts";
import {
  applyFixes,
  type Fix,
  fixesOf,
  isNamedPipe,
  type LoadOptions,
  loadRules,
  soundFixes,
  type Source,
} from "../../rules/mod.ts";
import { readRulesFiles } from "../../service/loading/mod.ts";
import { rewriteFile } from "./rewrite_file.ts";

const MAX_ROUNDS = 10;

export type WhichFixes = "safe" | "all";

export interface FixedFiles {
  readonly fixed: ReadonlyMap<string, number>;
  /** with the reason */
  readonly unwritten: ReadonlyMap<string, string>;
}

export function fixFiles(paths: readonly string[], options: LoadOptions, which: WhichFixes): FixedFiles {
  const pipe = paths.find(isNamedPipe);
  if (pipe !== undefined) {
    const what = pipe === "-" ? "standard input" : pipe;
    throw new UsageError([`--fix changes files: ${what} cannot be one of them`]);
  }
  const fixed = new Map<string, number>();
  const unwritten = new Map<string, string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changed = false;
    const { sources } = readRulesFiles(paths);
    for (const [source, fixes] of fixesBySource(sources, options, which)) {
      const { text, applied } = applyFixes(source, soundFixes(sources, source, fixes, options));
      if (applied === 0 || text === source.text || unwritten.has(source.path)) continue;
      const problem = rewriteFile(source, text, true);
      if (problem !== undefined) {
        unwritten.set(source.path, problem);
        continue;
      }
      fixed.set(source.path, (fixed.get(source.path) ?? 0) + applied);
      changed = true;
    }
    if (!changed) break;
  }
  return { fixed, unwritten };
}

function fixesBySource(
  sources: readonly Source[],
  options: LoadOptions,
  which: WhichFixes,
): Map<Source, Fix[]> {
  const all = new Map<Source, Fix[]>();
  for (const diagnostic of loadRules(sources, options).diagnostics) {
    // of several ways to fix one thing the first is the likeliest
    const fix = fixesOf(diagnostic).find(({ safe }) => safe || which === "all");
    const source = diagnostic.span?.source;
    if (fix === undefined || source === undefined) continue;
    const known = all.get(source);
    if (known === undefined) all.set(source, [fix]);
    else known.push(fix);
  }
  return all;
}
