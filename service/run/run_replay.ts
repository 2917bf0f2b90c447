// Evaluates a recording.
// In: the path of a `.scap` file, compiled rules, settings. Out: the exit code.
// Elsewhere: what happens to events and alerts (service/run/run.ts), reading the file (sources/replay, scap/).

import type { Settings } from "../../config/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import type { Log } from "../logging/log.ts";
import { writePidFile } from "./pid_file.ts";
import { ReplayProgress } from "./replay_progress.ts";
import { runEngine } from "./run.ts";

export interface ReplayOptions {
  readonly trace: string;
  readonly rules: CompiledRules;
  readonly settings: Settings;
  readonly log: Log;
  readonly verbose: boolean;
  readonly unbuffered: boolean;
  readonly limitMs?: number;
  readonly pidFile?: string;
}

export async function runReplay(options: ReplayOptions): Promise<number> {
  const { trace, rules, settings, log, verbose, unbuffered, limitMs } = options;
  const progress = new ReplayProgress();
  const removePidFile = options.pidFile === undefined ? () => {} : writePidFile(options.pidFile);
  try {
    return await runEngine({
      rules,
      settings,
      log,
      verbose,
      unbuffered,
      ...(limitMs === undefined ? {} : { limitMs }),
      engine: ({ "falco_libs.thread_table_size": maxThreads }) => ({
        source: { kind: "replay", path: trace },
        maxThreads,
      }),
      onStarted: ({ engine }) => progress.start(() => engine.counters()),
      onAlerts: () => progress.erase(),
      onEnded: () => progress.stop(),
    });
  } finally {
    removePidFile();
  }
}
