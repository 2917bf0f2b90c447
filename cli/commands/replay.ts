// `falco replay TRACE`: evaluates a recording.
// In: the trace and flags. Out: the exit code.
// Elsewhere: the run itself (service/run/run_replay.ts).

import { SYSCALLS_ALONE } from "../../config/mod.ts";
import {
  createRunLog,
  loadRules,
  planRun,
  type RunFlags,
  runFlags,
  type RunOptions,
} from "../../service/loading/mod.ts";
import { runReplay } from "../../service/mod.ts";

export interface ReplayOptions extends RunOptions, RunFlags {}

export async function replay(trace: string, options: ReplayOptions): Promise<number> {
  const plan = planRun(options);
  const log = createRunLog(plan);
  const { rules } = loadRules({ ...plan, sources: SYSCALLS_ALONE }, log);
  return await runReplay({ trace, rules, settings: plan.settings, log, ...runFlags(options) });
}
