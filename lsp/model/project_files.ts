// Which rules files belong together, and in which order they are loaded.
// In: an open file, the folders of the client, what its settings say. Out: paths in their order.
// Elsewhere: their texts (workspace.ts), what they mean together (project.ts).
//
// 1. Files that the client's settings name, relative to its folder.
// 2. Else those that `rules_files` of a falco.yaml names, in the folder of the file or in one above it, up to the client's.
// 3. Else the rules files of the same folder: falco_rules.yaml, then falco_rules.local.yaml, then the others by name; with those that
//    are open and not saved yet.
// A file that none of them holds is loaded after them.

import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { Budget, readSource, readYaml, Report, type YamlNode } from "../../rules/mod.ts";
import { listFolder, lookAt } from "../../files/mod.ts";

/** A folder with more is none that somebody writes rules in. */
const MAX_FILES = 200;
const FIRST = ["falco_rules.yaml", "falco_rules.local.yaml"];

export interface ProjectSettings {
  /** folders that the client has open */
  readonly roots: readonly string[];
  readonly rulesFiles: readonly string[];
}

/** @param open rules files in the editor, saved or not */
export function projectFiles(
  path: string,
  { roots, rulesFiles }: ProjectSettings,
  open: readonly string[],
): string[] {
  const [root] = roots.filter((folder) => path.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length);
  const named = rulesFiles.length > 0
    ? rulesFiles.flatMap((file) => expand(resolve(root ?? roots[0] ?? dirname(path), file)))
    : fromConfiguration(dirname(path), root);
  if (named.length > 0) return withFile(named, path);
  const folder = dirname(path);
  return withFile(rulesIn(folder, open.filter((other) => dirname(other) === folder)), path);
}

function withFile(paths: readonly string[], path: string): string[] {
  return [...new Set([...paths, path])].slice(0, MAX_FILES);
}

function fromConfiguration(folder: string, root: string | undefined): string[] {
  for (let at = folder;; at = dirname(at)) {
    const file = join(at, "falco.yaml");
    const named = lookAt(file)?.kind === "file" ? rulesFilesOf(file) : [];
    if (named.length > 0) return named;
    if (root === undefined || at === root || at === dirname(at)) return [];
  }
}

function rulesFilesOf(file: string): string[] {
  const read = readSource(file);
  if (!("source" in read)) return [];
  const [root] = readYaml(read.source, new Report(), new Budget()).documents;
  const node = root?.kind === "map" ? root.entries.get("rules_files")?.value : undefined;
  return textsOf(node)
    .map((path) => isAbsolute(path) ? path : join(dirname(file), path))
    .flatMap(expand);
}

function textsOf(node: YamlNode | undefined): string[] {
  if (node?.kind === "scalar") return [node.value];
  return node?.kind === "sequence" ? node.items.flatMap(textsOf) : [];
}

/** A folder stands for its files; what is not there is left out. */
function expand(path: string): string[] {
  const kind = lookAt(path)?.kind;
  return kind === "directory" ? rulesIn(path) : kind === "file" ? [path] : [];
}

function rulesIn(folder: string, open: readonly string[] = []): string[] {
  const isWanted = (name: string) => /\.ya?ml$/.test(name) && !isOther(name);
  const found = listFolder(folder, MAX_FILES, isWanted);
  const saved = "problem" in found ? [] : found.names;
  const names = [...new Set([...saved, ...open.map((path) => basename(path)).filter(isWanted)])].sort();
  const first = FIRST.filter((name) => names.includes(name));
  const rest = names.filter((name) => !first.includes(name));
  return [...first, ...rest].map((name) => join(folder, name)).filter((path) =>
    open.includes(path) || looksLikeRules(path)
  );
}

/** Tests of rules and settings. */
function isOther(name: string): boolean {
  return /\.test\.ya?ml$/.test(name) || /^falco\.ya?ml$/.test(name);
}

const RULES = /^\s*-\s+["']?(rule|macro|list|required_engine_version|required_plugin_versions)["']?\s*:/m;

function looksLikeRules(path: string): boolean {
  const read = readSource(path);
  return "source" in read && RULES.test(read.source.text);
}
