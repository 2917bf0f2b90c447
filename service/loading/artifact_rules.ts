// Whether rules that an artifact brings would do any harm: they are loaded together with all others, without being put in
// force.
// In: the plan of a run, files that are not there yet. Out: an error with what is wrong that was not wrong before.
// Elsewhere: putting them in place (artifacts/), loading them (load_rules.ts).

import { basename, dirname, join } from "node:path";
import { type PackedFile, rulesFolder } from "../../artifacts/mod.ts";
import { ruleSettings } from "../../config/mod.ts";
import { UsageError } from "../../base/mod.ts";
import {
  decodeSource,
  type LoadOptions,
  loadSoundRules,
  positionAt,
  type SoundRules,
  type Source,
  type Span,
} from "../../rules/mod.ts";
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
  throw new UsageError([shortened(added)]);
}

function decode(path: string, bytes: Uint8Array): Source {
  const result = decodeSource(path, bytes);
  if (!("source" in result)) throw new UsageError([`${basename(path)}: ${result.reason}`]);
  return result.source;
}

function faultsOf(plan: RunPlan, sources: readonly Source[]): readonly string[] {
  return examine(plan, sources).faults;
}

function examine({ settings, sources: { names } }: RunPlan, sources: readonly Source[]): SoundRules {
  const options: LoadOptions = { lint: false, ...ruleSettings(settings), enabledSources: names };
  return loadSoundRules(sources, options);
}

/** Lines move when a file changes elsewhere. */
function withoutPlace(fault: string): string {
  return fault.replace(/:\d+:\d+(?=: )/, "");
}

export interface BadFile {
  readonly reason: string;
  /** the file without the items that are left out, each line where it was; absent when nothing is left of it */
  readonly rest?: Uint8Array<ArrayBuffer>;
}

/**
 * What is wrong in all other files is theirs: they are looked at once.
 * @returns what would be wrong with files in a folder of rules that comes last, by file
 */
export function folderCheck(plan: RunPlan, folder: string) {
  const others = readRulesFiles(plan.rules.filter((path) => dirname(path) !== folder)).sources;
  let before: ReadonlySet<string> | undefined;
  return (files: readonly PackedFile[]): ReadonlyMap<string, BadFile> => {
    const problems = new Map<string, string[]>();
    if (files.length === 0) return new Map();
    const tell = (name: string, text: string) => problems.set(name, [...problems.get(name) ?? [], text]);
    const sources = new Map<string, Source>();
    for (const { name, bytes } of files) {
      const result = decodeSource(join(folder, name), bytes);
      if ("source" in result) sources.set(name, result.source);
      else tell(name, `${name}: ${result.reason}`);
    }
    before ??= new Set(faultsOf(plan, others).map(withoutPlace));
    const { faults, leftOut } = examine(plan, [...others, ...sources.values()]);
    for (const fault of faults) {
      if (before.has(withoutPlace(fault))) continue;
      const { name } = files.find(({ name }) => fault.includes(join(folder, name))) ?? files.at(-1)!;
      tell(name, fault.replaceAll(`${folder}/`, ""));
    }
    return new Map([...problems].map(([name, texts]) => {
      const source = sources.get(name);
      const rest = source === undefined ? undefined : restOf(source, leftOut);
      return [name, { reason: shortened(texts), ...rest === undefined ? {} : { rest } }];
    }));
  };
}

function shortened(faults: readonly string[]): string {
  const more = faults.length - MAX_TOLD;
  return [...faults.slice(0, MAX_TOLD), ...more > 0 ? [`${more} more mistakes`] : []].join("; ");
}

/** Lines of what is left out become empty: what is said of the others names the same lines. */
function restOf(source: Source, leftOut: readonly Span[]): Uint8Array<ArrayBuffer> | undefined {
  const own = leftOut.filter((span) => span.source === source);
  if (own.length === 0) return undefined;
  const { text } = source;
  const lines = text.split("\n");
  for (const { start, end } of own) {
    const { line: first } = positionAt(source, start);
    const last = first + text.slice(start, end).trimEnd().split("\n").length - 1;
    lines.fill("", first - 1, last);
  }
  const isEmpty = lines.every((line) => line.trim() === "" || line.trimStart().startsWith("#"));
  return isEmpty ? undefined : new TextEncoder().encode(lines.join("\n"));
}
