// Which rules files to load.
// In: files and folders as the user gave them. Out: files, folders replaced by the .yml and .yaml files in them, sorted.
// Elsewhere: reading them; a path that does not exist is passed on, so that it is reported with all other problems.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is loaded when the user names no rules. */
export const BUNDLED_RULES = fileURLToPath(new URL("../rules/bundled/falco_rules.yaml", import.meta.url));

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
