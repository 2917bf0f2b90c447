// `falco` without a subcommand: watches this host.
// In: flags. Out: the exit code.
// Elsewhere: the run itself (service/run/run_live.ts).

import type { Settings } from "../../config/mod.ts";
import { runLive, runReplay } from "../../service/mod.ts";
import { UsageError } from "../../base/mod.ts";
import {
  createRunLog,
  LoadingThread,
  loadRun,
  planRun,
  type RunFlags,
  runFlags,
  type RunOptions,
  type RunPlan,
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
    loading: new LoadingThread(options, log),
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

/** Falco's way to name a recording. */
function captureFile(settings: Settings): string {
  const path = settings["engine.replay.capture_file"];
  if (path !== "") return path;
  throw new UsageError([
    "engine.kind is replay, but engine.replay.capture_file is empty: name a recording, or say falco replay FILE",
  ]);
}
