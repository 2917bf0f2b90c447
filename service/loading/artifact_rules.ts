// Whether rules that an artifact brings would do any harm: they are loaded together with all others, without being put in
// force.
// In: the plan of a run, files that are not there yet. Out: an error with what is wrong that was not wrong before.
// Elsewhere: putting them in place (artifacts/), loading them (load_rules.ts).

import { basename, dirname, join } from "node:path";
import { type PackedFile, rulesFolder } from "../../artifacts/mod.ts";
import { ruleSettings } from "../../config/mod.ts";
import { UsageError } from "../../base/mod.ts";
import { decodeSource, type LoadOptions, loadSoundRules, type Source } from "../../rules/mod.ts";
import { artifactNames, withArtifacts } from "./artifact_files.ts";
import type { RunPlan } from "./plan_run.ts";
import { readRulesFiles } from "./rules_sources.ts";

const MAX_TOLD = 3;

/** @throws UsageError */
export function refuseBadRules(plan: RunPlan, files: readonly PackedFile[]): void {
  const folder = plan.settings["artifacts.folder"];
  const fresh = new Map(files.map(({ name, bytes }) => [join(rulesFolder(folder), name), bytes]));
  const paths = withArtifacts(
    folder,
    plan.rulesOfHost ?? plan.rules,
    [...new Set([...artifactNames(folder), ...files.map(({ name }) => name)])].sort(),
  );
  const decoded = new Map([...fresh].map(([path, bytes]) => [path, decode(path, bytes)]));
  const known = new Map(
    readRulesFiles(paths.filter((path) => !fresh.has(path))).sources.map((one) => [one.path, one]),
  );
  const sources = paths.flatMap((path) => decoded.get(path) ?? known.get(path) ?? []);
  const before = new Set(faultsOf(plan, readRulesFiles(plan.rules).sources).map(withoutPlace));
  const added = faultsOf(plan, sources).filter((fault) => !before.has(withoutPlace(fault)));
  if (added.length === 0) return;
  const more = added.length > MAX_TOLD ? [`${added.length - MAX_TOLD} more mistakes`] : [];
  throw new UsageError([[...added.slice(0, MAX_TOLD), ...more].join("; ")]);
}

function decode(path: string, bytes: Uint8Array): Source {
  const result = decodeSource(path, bytes);
  if (!("source" in result)) throw new UsageError([`${basename(path)}: ${result.reason}`]);
  return result.source;
}

function faultsOf({ settings, sources: { names } }: RunPlan, sources: readonly Source[]): readonly string[] {
  const options: LoadOptions = { lint: false, ...ruleSettings(settings), enabledSources: names };
  return loadSoundRules(sources, options).faults;
}

/** Lines move when a file changes elsewhere. */
function withoutPlace(fault: string): string {
  return fault.replace(/:\d+:\d+(?=: )/, "");
}

/** What would be wrong with files in a folder of rules that comes last, by file. */
export type FolderCheck = (
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
) => ReadonlyMap<string, string>;

/** What is wrong in all other files is theirs: they are looked at once. */
export function folderCheck(plan: RunPlan, folder: string): FolderCheck {
  const others = readRulesFiles(plan.rules.filter((path) => dirname(path) !== folder)).sources;
  let before: ReadonlySet<string> | undefined;
  return (files) => {
    const problems = new Map<string, string>();
    if (files.length === 0) return problems;
    const sources: Source[] = [];
    for (const { name, bytes } of files) {
      const result = decodeSource(join(folder, name), bytes);
      if ("source" in result) sources.push(result.source);
      else problems.set(name, `${name}: ${result.reason}`);
    }
    before ??= new Set(faultsOf(plan, others).map(withoutPlace));
    for (const fault of faultsOf(plan, [...others, ...sources])) {
      if (before.has(withoutPlace(fault))) continue;
      const file = files.find(({ name }) => fault.includes(join(folder, name))) ?? files.at(-1)!;
      const text = fault.replaceAll(`${folder}/`, "");
      problems.set(file.name, [problems.get(file.name), text].filter(Boolean).join("; "));
    }
    return problems;
  };
}
