// `falco replay TRACE`: judges a recording.
// In: the trace and flags. Out: the exit code.
// Elsewhere: the run itself (service/run_replay.ts).

import { SYSCALLS_ALONE } from "../config/json_sources.ts";
import { loadRules } from "./load_rules.ts";
import { createRunLog, planRun, type RunFlags, runFlags, type RunOptions } from "./options.ts";
import { runReplay } from "../service/run_replay.ts";

export interface ReplayOptions extends RunOptions, RunFlags {}

export async function replay(trace: string, options: ReplayOptions): Promise<number> {
  const plan = planRun(options);
  const log = createRunLog(plan);
  const rules = loadRules({ ...plan, sources: SYSCALLS_ALONE }, log);
  return await runReplay({ trace, rules, settings: plan.settings, log, ...runFlags(options) });
}
