// Whether rules that an artifact brings would do any harm: they are loaded together with all others, without being put in
// force.
// In: the plan of a run, files that are not there yet. Out: an error with what is wrong that was not wrong before.
// Elsewhere: putting them in place (artifacts/), loading them (load_rules.ts).

import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { type PackedFile, rulesFolder } from "../../artifacts/mod.ts";
import { ruleSettings } from "../../config/mod.ts";
import { UsageError } from "../../base/mod.ts";
import {
  decodeSource,
  type LoadOptions,
  loadSoundRules,
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
  const more = added.length > MAX_TOLD ? [`${added.length - MAX_TOLD} more mistakes`] : [];
  throw new UsageError([[...added.slice(0, MAX_TOLD), ...more].join("; ")]);
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

export interface FolderCheck {
  /** all that the answer depends on besides the files */
  readonly basis: string;
  /** what would be wrong with files in a folder of rules that comes last, by file */
  check(
    files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  ): ReadonlyMap<string, BadFile>;
}

/** What is wrong in all other files is theirs: they are looked at once. */
export function folderCheck(plan: RunPlan, folder: string): FolderCheck {
  const others = readRulesFiles(plan.rules.filter((path) => dirname(path) !== folder)).sources;
  let before: ReadonlySet<string> | undefined;
  const check: FolderCheck["check"] = (files) => {
    const problems = new Map<string, BadFile>();
    if (files.length === 0) return problems;
    const sources = new Map<string, Source>();
    for (const { name, bytes } of files) {
      const result = decodeSource(join(folder, name), bytes);
      if ("source" in result) sources.set(name, result.source);
      else problems.set(name, { reason: `${name}: ${result.reason}` });
    }
    before ??= new Set(faultsOf(plan, others).map(withoutPlace));
    const { faults, leftOut } = examine(plan, [...others, ...sources.values()]);
    for (const fault of faults) {
      if (before.has(withoutPlace(fault))) continue;
      const { name } = files.find(({ name }) => fault.includes(join(folder, name))) ?? files.at(-1)!;
      const text = fault.replaceAll(`${folder}/`, "");
      const rest = restOf(sources.get(name)!, leftOut);
      problems.set(name, {
        reason: [problems.get(name)?.reason, text].filter(Boolean).join("; "),
        ...rest === undefined ? {} : { rest },
      });
    }
    return problems;
  };
  const { sources: { names } } = plan;
  const basis = createHash("sha256")
    .update(JSON.stringify([ruleSettings(plan.settings), names, others.map(({ path }) => path)]));
  for (const { text } of others) basis.update(text);
  return { basis: basis.digest("hex"), check };
}

/** Lines of what is left out become empty: what is said of the others names the same lines. */
function restOf(source: Source, leftOut: readonly Span[]): Uint8Array<ArrayBuffer> | undefined {
  const own = leftOut.filter((span) => span.source === source);
  if (own.length === 0) return undefined;
  const { text } = source;
  const lines = text.split("\n");
  for (const { start, end } of own) {
    const first = text.slice(0, start).split("\n").length - 1;
    const last = first + text.slice(start, end).trimEnd().split("\n").length - 1;
    lines.fill("", first, last + 1);
  }
  const isEmpty = lines.every((line) => line.trim() === "" || line.trimStart().startsWith("#"));
  return isEmpty ? undefined : new TextEncoder().encode(lines.join("\n"));
}
