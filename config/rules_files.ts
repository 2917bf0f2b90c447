// Which rules files the configuration stands for: what it names, or what lies where Falco looks.
// In: loaded settings. Out: paths that exist, none for the bundled rules; warnings, and a problem when nothing is left.
// Elsewhere: -r, which comes instead, and folders (cli/rules_paths.ts).

import { DEFAULT_RULES_FILES } from "./keys/rules.ts";
import type { LoadedSettings } from "./load.ts";

export interface RulesFiles {
  readonly paths: readonly string[];
  readonly warnings: readonly string[];
  readonly problem?: string;
}

export function rulesFiles({ settings, written }: Pick<LoadedSettings, "settings" | "written">): RulesFiles {
  const named = written.has("rules_files") ? settings.rules_files : DEFAULT_RULES_FILES;
  const paths = named.filter(isThere);
  const warnings = named.filter((path) => !paths.includes(path) && !DEFAULT_RULES_FILES.includes(path))
    .map((path) => `rules_files: ${path} does not exist`);
  if (paths.length > 0 || !written.has("rules_files")) return { paths, warnings };
  // Falco's shipped falco.yaml, on a host without Falco
  if (named.length > 0 && named.every((path) => DEFAULT_RULES_FILES.includes(path))) {
    return { paths, warnings: [`rules_files: ${named.join(", ")} do not exist: the bundled rules are used`] };
  }
  const problem = named.length === 0
    ? "rules_files is empty"
    : `no rules: of rules_files ${named.join(", ")} none exists`;
  return { paths, warnings: [], problem };
}

/** What cannot be looked at is reported when it is read. */
function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
