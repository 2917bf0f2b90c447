// Which rules files the configuration stands for: what it names, or what lies where Falco looks.
// In: loaded settings. Out: paths that can be read, none for the bundled rules; what is missing, in words.
// Elsewhere: -r, which comes instead, and folders (service/loading/rules_paths.ts).

import { isThere } from "./is_there.ts";
import { DEFAULT_RULES_FILES } from "./keys/rules.ts";
import type { LoadedSettings } from "./load.ts";

export interface RulesFiles {
  readonly paths: readonly string[];
  /** as the configuration has it, existing or not */
  readonly named: readonly string[];
  readonly warnings: readonly string[];
  /** files that were named and are not there */
  readonly missing: readonly string[];
  /** no rules are left */
  readonly problem?: string;
}

/**
 * @param bundled what the program itself has in place of a file that packages install
 * @param installed what an artifact has brought in its place
 */
export function rulesFiles(
  { settings, written }: Pick<LoadedSettings, "settings" | "written">,
  bundled: (path: string) => string | undefined = () => undefined,
  installed: (path: string) => string | undefined = () => undefined,
): RulesFiles {
  const isWritten = written.has("rules_files");
  const named = isWritten ? settings.rules_files : DEFAULT_RULES_FILES;
  const found = named.map((path) => ({ path, isFound: isThere(path) }));
  // Falco's shipped falco.yaml, on a host without Falco
  if (
    named.length > 0 && found.every(({ path, isFound }) => !isFound && DEFAULT_RULES_FILES.includes(path))
  ) {
    const warning = `rules_files: ${named.join(", ")} ${
      named.length === 1 ? "does" : "do"
    } not exist: the bundled rules are used`;
    return { paths: [], named, warnings: isWritten ? [warning] : [], missing: [] };
  }
  const paths: string[] = [];
  const warnings: string[] = [];
  const missing: string[] = [];
  for (const { path, isFound } of found) {
    const brought = isFound ? undefined : installed(path);
    const own = isFound || brought !== undefined ? undefined : bundled(path);
    if (own !== undefined) warnings.push(`rules_files: ${path} does not exist: the bundled file is used`);
    if (isFound || brought !== undefined || own !== undefined) paths.push(brought ?? own ?? path);
    else if (!DEFAULT_RULES_FILES.includes(path)) missing.push(`rules_files: ${path} does not exist`);
  }
  if (paths.length > 0) return { paths, named, warnings, missing };
  const problem = named.length === 0
    ? "rules_files is empty"
    : `no rules: of rules_files ${named.join(", ")} none exists`;
  return { paths, named, warnings, missing, problem };
}
