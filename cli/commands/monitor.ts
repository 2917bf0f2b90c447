// `falco` without a subcommand: watches this host.
// In: flags. Out: the exit code.
// Elsewhere: the run itself (service/run/run_live.ts).

import { rulesFolder } from "../../artifacts/mod.ts";
import { type EventSources, type Fault, newFaults, type Settings, SYSCALL } from "../../config/mod.ts";
import { type LoadedRun, runLive, runReplay, signatureOf, type WatchedPaths } from "../../service/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import { lookAt } from "../../files/mod.ts";
import { UsageError } from "../../base/mod.ts";
import type { Log } from "../../service/logging/mod.ts";
import {
  bundledBytes,
  createRunLog,
  loadRules,
  type LoadWays,
  planRun,
  type RunFlags,
  runFlags,
  type RunOptions,
  type RunPlan,
  tellIoCalls,
} from "../../service/loading/mod.ts";

export interface MonitorOptions extends RunOptions, RunFlags {
  readonly dryRun?: true;
  /** what is wrong in settings and rules files ends the start */
  readonly strictStart?: true;
  readonly copy?: true;
}

export async function monitor(options: MonitorOptions): Promise<number> {
  const startedMs = performance.now();
  const tolerates = options.dryRun !== true && options.strictStart !== true;
  const plan = planMonitor(options, tolerates);
  const log = createRunLog(plan);
  const loaded = await loadRun(plan, log, { tolerates: plan.tolerates, needsRules: !tolerates });
  const { rules } = loaded;
  if (options.dryRun === true) {
    log("info", "dry run: settings and rules are valid");
    return 0;
  }
  if (plan.settings["engine.kind"] === "replay") {
    return await runReplay({
      trace: captureFile(plan.settings),
      rules,
      settings: plan.settings,
      log,
      ...runFlags(options),
    });
  }
  return await runLive({
    loaded,
    load: (before) => reloadRun(options, log, before),
    plan: () => planRun(options, true),
    log,
    startedMs,
    copy: options.copy === true,
    ...runFlags(options),
  });
}

/** A recording has no events that would be missed: what is wrong is for the person who asks. */
function planMonitor(options: MonitorOptions, tolerates: boolean): RunPlan & { readonly tolerates: boolean } {
  const plan = planRun(options, tolerates);
  const isReplay = plan.settings["engine.kind"] === "replay";
  return isReplay && tolerates ? { ...planRun(options), tolerates: false } : { ...plan, tolerates };
}

async function loadRun(plan: RunPlan, log: Log, ways: LoadWays): Promise<LoadedRun> {
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
async function reloadRun(options: MonitorOptions, log: Log, before: readonly Fault[]): Promise<LoadedRun> {
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

/** Falco's way to name a recording. */
function captureFile(settings: Settings): string {
  const path = settings["engine.replay.capture_file"];
  if (path !== "") return path;
  throw new UsageError([
    "engine.kind is replay, but engine.replay.capture_file is empty: name a recording, or say falco replay FILE",
  ]);
}
