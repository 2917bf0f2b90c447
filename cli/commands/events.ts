// `falco events [FILTER]`: prints events as they come, of this host or of a recording.
// In: the filter and flags. Out: the exit code.
// Elsewhere: the run itself (service/run/run_events.ts).

import { createRunLog, loadFilter, planRun, type RunOptions } from "../../service/loading/mod.ts";

export interface EventsOptions extends RunOptions {
  readonly trace?: string;
  readonly max?: number;
  /** -M, seconds; 0: no limit */
  readonly M?: number;
  readonly snaplen?: number;
}

const FORMAT = "%evt.num %evt.time %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.args";

export async function events(words: readonly string[], options: EventsOptions): Promise<number> {
  // here it is no addition to the outputs of rules
  const { print, ...run } = options;
  const plan = planRun(run);
  const rule = loadFilter({
    words,
    format: print ?? FORMAT,
    ownFormat: print === undefined,
    plan,
  });
  // late: checking and listing rules does without the engine and libbpf
  const { runEvents } = await import("../../service/mod.ts");
  return await runEvents({
    rule,
    settings: plan.settings,
    log: createRunLog(plan),
    ...(options.trace === undefined ? {} : { trace: options.trace }),
    ...(options.max === undefined ? {} : { max: options.max }),
    ...(options.M ? { limitMs: options.M * 1000 } : {}),
    ...(options.snaplen === undefined ? {} : { snaplen: options.snaplen }),
  });
}
