// `falco check --fix`: writes fixes into rules files.
// In: paths, how rules are checked, which fixes. Out: the files that were changed, each with how many fixes.
// Elsewhere: the fixes (rules/fixes/), what is left to say afterwards (check.ts).
//
// A fix may bring out the next mistake, so the files are read again until nothing changes.

import { UsageError } from "../../base/mod.ts";
import { applyFixes, type Fix, fixesOf, type LoadOptions, loadRules, type Source } from "../../rules/mod.ts";
import { readRulesFiles } from "../../service/loading/mod.ts";

const MAX_ROUNDS = 10;

export type WhichFixes = "safe" | "all";

export function fixFiles(
  paths: readonly string[],
  options: LoadOptions,
  which: WhichFixes,
): ReadonlyMap<string, number> {
  if (paths.includes("-")) {
    throw new UsageError(["--fix changes files: standard input cannot be one of them"]);
  }
  const fixed = new Map<string, number>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changed = false;
    for (const [source, fixes] of fixesBySource(paths, options, which)) {
      const { text, applied } = applyFixes(source, fixes);
      if (applied === 0 || text === source.text) continue;
      Deno.writeTextFileSync(source.path, withEnds(source.path, text));
      fixed.set(source.path, (fixed.get(source.path) ?? 0) + applied);
      changed = true;
    }
    if (!changed) break;
  }
  return fixed;
}

function fixesBySource(
  paths: readonly string[],
  options: LoadOptions,
  which: WhichFixes,
): Map<Source, Fix[]> {
  const { sources } = readRulesFiles(paths);
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

/** With the ends of lines that the file has: a fix changes nothing else. */
function withEnds(path: string, text: string): string {
  const before = Deno.readTextFileSync(path);
  return before.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}
