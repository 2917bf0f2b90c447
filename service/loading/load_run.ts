// Settings and rules files → what a run is made of.
// In: a plan, or the flags of one that runs. Out: rules, settings, faults, and the paths that it was all read from.
// Elsewhere: the parts (plan_run.ts, load_rules.ts), putting it in force (service/run/, service/reload/).

import { rulesFolder } from "../../artifacts/mod.ts";
import { type EventSources, type Fault, newFaults, SYSCALL } from "../../config/mod.ts";
import { UsageError } from "../../base/mod.ts";
import { lookAt } from "../../files/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import type { Log } from "../logging/log.ts";
import type { LoadedRun } from "../reload/reload.ts";
import { signatureOf, type WatchedPaths } from "../reload/reload_paths.ts";
import { tellIoCalls } from "./io_calls.ts";
import { loadRules, type LoadWays } from "./load_rules.ts";
import { planRun, type RunOptions, type RunPlan } from "./plan_run.ts";
import { bundledBytes } from "./rules_paths.ts";

export async function loadRun(plan: RunPlan, log: Log, ways: LoadWays): Promise<LoadedRun> {
  const paths = watchedPaths(plan);
  // before they are read: what changes from here on calls for a reload
  const signature = await signatureOf(paths);
  const files = { rules: plan.rules, config: plan.files?.files ?? [] };
  const { rules, faults } = loadRules(plan, log, ways);
  const sources = runningSources(plan, rules, log);
  const isLive = plan.settings["engine.kind"] !== "replay" && sources.syscall;
  if (isLive) tellIoCalls(rules, plan.settings, log);
  return {
    settings: plan.settings,
    rules,
    faults: [...plan.faults, ...faults],
    sources,
    paths,
    files,
    signature,
  };
}

/**
 * What is said about it goes through the log, which lets no control characters pass. What could be used before a change is
 * not given up for it: new faults are thrown.
 */
export async function reloadRun(
  options: RunOptions,
  log: Log,
  before: readonly Fault[],
): Promise<LoadedRun> {
  const plan = planRun(options, true);
  for (const warning of plan.warnings) log("warning", warning);
  const accept = (faults: readonly Fault[]) => {
    const added = newFaults([...plan.faults, ...faults], before);
    if (added.length > 0) throw new UsageError(added.map(({ text }) => text));
  };
  return await loadRun(plan, log, { tolerates: true, isReload: true, accept });
}

/** Where all rules are for other events, system calls need not be watched, unless a flag asks for it. */
function runningSources({ sources, enablesSyscall }: RunPlan, rules: CompiledRules, log: Log): EventSources {
  const { syscall, inputs, names } = sources;
  if (!syscall || inputs.length === 0 || enablesSyscall || rules.eventCodes.length > 0) return sources;
  log("info", "no rule is about system calls: they are not watched");
  return { ...sources, syscall: false, names: names.filter((name) => name !== SYSCALL) };
}

/** Everything that rules and settings were read from. */
function watchedPaths({ settings, rules, rulesOfHost, rulesGiven, files }: RunPlan): WatchedPaths {
  const artifacts = rulesOfHost === undefined ? [] : [rulesFolder(settings["artifacts.folder"])];
  return {
    files: [
      ...rulesGiven,
      ...rules.filter((path) => bundledBytes(path) === undefined),
      ...files?.files ?? [],
    ],
    folders: [...[...rulesGiven, ...artifacts].filter(isFolder), ...files?.folders ?? []],
  };
}

function isFolder(path: string): boolean {
  return lookAt(path)?.kind === "directory";
}
