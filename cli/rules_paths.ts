// Which rules files to load.
// In: files and folders as the user gave them. Out: files, folders replaced by the .yml and .yaml files in them, sorted.
// Elsewhere: what is in them (rules/source.ts); a path that does not exist is passed on, so that it is reported with all
// other problems.

import { join } from "node:path";
import { assetBytes, assetFile } from "../assets/assets.ts";
import { decodeSource, readSource, type SourceResult } from "../rules/source.ts";

/** What is loaded when the user names no rules; no path of a file when the program is one file. */
export const BUNDLED_RULES = assetFile("falco_rules.yaml") ?? "falco_rules.yaml (bundled)";

export function readRulesFile(path: string): SourceResult {
  if (path === BUNDLED_RULES && assetFile("falco_rules.yaml") === undefined) {
    return decodeSource(path, assetBytes("falco_rules.yaml"));
  }
  return readSource(path);
}

export function rulesPaths(given: readonly string[]): string[] {
  return given.length === 0 ? [BUNDLED_RULES] : given.flatMap(expand);
}

function expand(path: string): string[] {
  try {
    if (!Deno.statSync(path).isDirectory) return [path];
  } catch {
    return [path];
  }
  const names: string[] = [];
  for (const entry of Deno.readDirSync(path)) {
    if (!entry.isDirectory && /\.ya?ml$/.test(entry.name)) names.push(entry.name);
  }
  // by bytes, as Falco orders them, whatever the locale
  return names.sort((a, b) => a < b ? -1 : a > b ? 1 : 0).map((name) => join(path, name));
}
