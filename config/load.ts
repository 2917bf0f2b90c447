// Puts the settings of one run together: defaults, then the file of -c, then each of its config_files, then each -o.
// In: what the command line says. Out: the settings, with the default for whatever is wrong; all problems at once, and
// warnings; the files that were read, for those who watch them.
// Elsewhere: what a setting means to whom (cli/, service/).

import { join } from "node:path";
import { listFolder, lookAt, wrongKind } from "../files/mod.ts";
import type { YamlMap } from "../rules/mod.ts";
import { isThere } from "./is_there.ts";
import { checkTogether, hasTarget } from "./checks.ts";
import { DEFAULT_FILE } from "../base/mod.ts";
import { readSettingsFile } from "./file.ts";
import { Findings } from "./findings.ts";
import { applyOverride } from "./override.ts";
import { parsePath } from "./path.ts";
import { type ReadSettings, readSettings } from "./read.ts";
import { defaultSettings, definitionOf, type Settings } from "./settings.ts";
import { emptyTree, mergeTrees } from "./tree.ts";
import { ABSENT, readValue } from "./value.ts";

const MAX_FOLDER_FILES = 1000;

export interface LoadOptions {
  /** wrong keys and values are warnings, and count as absent */
  readonly lenient?: boolean;
  /** in place of DEFAULT_FILE */
  readonly defaultFile?: string;
}

export interface LoadedSettings {
  readonly settings: Settings;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** what the configuration asks for and is not to be had here */
  readonly missing: readonly string[];
  /** of the configuration, in the order in which they were read */
  readonly files: readonly string[];
  /** that config_files names; a file that appears in one belongs to the configuration */
  readonly folders: readonly string[];
  /** keys that a file or an option says */
  readonly written: ReadonlySet<string>;
}

export function loadSettings(
  file: string | undefined,
  overrides: readonly string[],
  { lenient = false, defaultFile = DEFAULT_FILE }: LoadOptions = {},
): LoadedSettings {
  const found = new Findings(lenient);
  const files: string[] = [];
  const folders: string[] = [];
  let tree = emptyTree();

  const main = file ?? (isThere(defaultFile) ? defaultFile : undefined);
  if (main !== undefined) {
    files.push(main);
    tree = readSettingsFile(main, found) ?? tree;
  }
  const [early, late] = [overrides.filter(isAboutFiles), overrides.filter((text) => !isAboutFiles(text))];
  for (const text of early) tree = applyOverride(text, tree, found);
  for (const { path, strategy } of furtherFiles(tree)) {
    if (path === main) {
      found.fail(`${path}: config_files names the file that it is in`);
      continue;
    }
    for (const each of filesAt(path, folders, found)) {
      files.push(each);
      const added = readSettingsFile(each, found);
      if (added !== undefined) tree = mergeTrees(tree, withoutFiles(added, found), strategy);
    }
  }
  for (const text of late) tree = applyOverride(text, tree, found);

  const read = readSettings(tree, found);
  const settings = { ...defaultSettings(), ...Object.fromEntries(read.values) } as Settings;
  const off = Object.fromEntries(checkTogether(settings, read, found).map((key) => [key, false]));
  const sinks = settings.sinks.filter(hasTarget);
  return {
    settings: withKernelModule({ ...settings, ...off, sinks }, read),
    problems: found.problems,
    warnings: found.warnings,
    missing: found.missing,
    files,
    folders,
    written: new Set(read.values.keys()),
  };
}

/** Those must be known before files are joined. */
function isAboutFiles(option: string): boolean {
  const path = parsePath(option.slice(0, Math.max(0, option.indexOf("="))).trim());
  const first = "steps" in path ? path.steps[0] : undefined;
  return first?.kind === "name" && first.name === "config_files";
}

function furtherFiles(tree: YamlMap): Settings["config_files"] {
  const node = tree.entries.get("config_files")?.value;
  if (node === undefined) return [];
  // what is wrong is reported with all other keys
  const value = readValue(definitionOf("config_files")!, node, "config_files", new Findings());
  return value === ABSENT ? [] : value as Settings["config_files"];
}

/** A folder stands for its files, sorted by bytes; what is not there is skipped, as in Falco. */
function filesAt(path: string, folders: string[], found: Findings): string[] {
  const look = lookAt(path);
  if (look === undefined) return isThere(path) ? [path] : [];
  if (look.kind !== "directory") return [path];
  folders.push(path);
  const list = listFolder(path, MAX_FOLDER_FILES);
  if ("problem" in list) {
    found.fail(`cannot read the configuration ${path}: ${list.problem.reason}`);
    return [];
  }
  if (list.isCut) found.fail(`config_files: there are more than ${MAX_FOLDER_FILES} files in ${path}`);
  return list.names.map((name) => join(path, name)).filter((each) => isFile(each, found));
}

/** A link counts as what it leads to: a ConfigMap is a folder of links. */
function isFile(path: string, found: Findings): boolean {
  const look = lookAt(path);
  if (look?.kind === "file") return true;
  // folders are skipped, as in Falco
  if (look?.kind === "directory") return false;
  const why = look === undefined ? "it cannot be opened" : wrongKind(look.kind).reason;
  found.note(`config_files: ${path} is skipped: ${why}`);
  return false;
}

/** One level of files is enough. */
function withoutFiles(tree: YamlMap, found: Findings): YamlMap {
  const nested = tree.entries.get("config_files");
  if (nested === undefined) return tree;
  found.wrong(nested.key.span, "config_files can only stand in the main file");
  const entries = new Map(tree.entries);
  entries.delete("config_files");
  return { ...tree, entries };
}

/** Who asked for the kernel module gets its buffers. */
function withKernelModule(settings: Settings, { values, places }: ReadSettings): Settings {
  const kind = places.get("engine.kind");
  if (kind?.kind !== "scalar" || kind.value.trim().toLowerCase() !== "kmod") return settings;
  const made: Record<string, unknown> = { ...settings };
  for (const name of ["buf_size_preset", "drop_failed_exit"]) {
    const value = values.get(`engine.kmod.${name}`);
    if (value !== undefined && !values.has(`engine.modern_ebpf.${name}`)) {
      made[`engine.modern_ebpf.${name}`] = value;
    }
  }
  return made as Settings;
}
