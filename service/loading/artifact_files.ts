// Rules of artifacts among the rules files of a host.
// In: the folder of artifacts, the files that settings name. Out: all files in the order of loading.
// Elsewhere: how artifacts come there (artifacts/), which files settings name (config/rules_files.ts).
//
// A file takes the place of the one of its name in /etc/falco, bundled or not: who installs `falco-rules` wants these. All
// others come right after falco_rules.yaml, so that a host's own files, which come later, can change what they define.

import { basename, dirname, join } from "node:path";
import { rulesFolder } from "../../artifacts/mod.ts";
import { listFolder } from "../../files/mod.ts";
import { bundledFor, MAX_RULES_FILES } from "./rules_paths.ts";

const INSTALLED = "/etc/falco";
const FIRST = "falco_rules.yaml";

/** Names of the rules files of all artifacts, sorted. */
export function artifactNames(folder: string): string[] {
  const found = listFolder(rulesFolder(folder), MAX_RULES_FILES, (name) => /^[^.].*\.ya?ml$/.test(name));
  return "problem" in found ? [] : [...found.names].sort();
}

/** What an artifact has in place of a file in /etc/falco. */
export function installedFor(folder: string, names: readonly string[], path: string): string | undefined {
  const name = basename(path);
  return dirname(path) === INSTALLED && names.includes(name) ? join(rulesFolder(folder), name) : undefined;
}

/** @param paths the files of this host, without folders among them */
export function withArtifacts(folder: string, paths: readonly string[], names: readonly string[]): string[] {
  const own = names.map((name) => join(rulesFolder(folder), name));
  const placed = paths.map((path) =>
    installedFor(folder, names, isBundled(path) ? join(INSTALLED, nameOf(path)) : path) ?? path
  );
  const left = own.filter((path) => !placed.includes(path));
  const first = placed.findIndex((path) => nameOf(path) === FIRST);
  return [...placed.slice(0, first + 1), ...left, ...placed.slice(first + 1)];
}

function isBundled(path: string): boolean {
  return bundledFor(join(INSTALLED, nameOf(path))) === path;
}

/** Of a file in the program there is a name with a remark. */
function nameOf(path: string): string {
  return basename(path).replace(/ \(bundled\)$/, "");
}
