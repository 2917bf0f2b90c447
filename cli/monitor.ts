// `falco` without a subcommand: watches this host.
// In: flags. Out: the exit code.
// Elsewhere: the run itself (service/run_live.ts).

import type { Settings } from "../config/settings.ts";
import { runReplay } from "../service/run_replay.ts";
import { UsageError } from "./failure.ts";
import { loadRules } from "./load_rules.ts";
import { createRunLog, planRun, type RunOptions } from "./options.ts";
import { runLive } from "../service/run_live.ts";

export interface MonitorOptions extends RunOptions {
  /** -M, seconds */
  readonly M?: number;
  readonly pidfile?: string;
  readonly unbuffered?: true;
  readonly verbose?: true;
  readonly dryRun?: true;
  readonly copy?: true;
}

export async function monitor(options: MonitorOptions): Promise<number> {
  const startedMs = performance.now();
  const plan = planRun(options);
  const log = createRunLog(plan);
  const rules = loadRules(plan, log);
  if (options.dryRun === true) {
    log("info", "dry run: settings and rules are fine");
    return 0;
  }
  if (plan.settings["engine.kind"] === "replay") {
    return await runReplay({
      trace: captureFile(plan.settings),
      rules,
      settings: plan.settings,
      log,
      verbose: options.verbose === true,
    });
  }
  return await runLive({
    rules,
    settings: plan.settings,
    log,
    startedMs,
    copy: options.copy === true,
    unbuffered: options.unbuffered === true,
    verbose: options.verbose === true,
    ...(options.M === undefined ? {} : { limitMs: options.M * 1000 }),
    ...(options.pidfile === undefined ? {} : { pidFile: options.pidfile }),
  });
}

/** Falco's way to name a recording. */
function captureFile(settings: Settings): string {
  const path = settings["engine.replay.capture_file"];
  if (path !== "") return path;
  throw new UsageError([
    "engine.kind is replay, but engine.replay.capture_file is empty: name a recording, or say falco replay FILE",
  ]);
}
