// `falco record -w FILE [FILTER]`: records the events of this host.
// In: the filter and flags. Out: the exit code.
// Elsewhere: the run itself (service/run/run_record.ts).

import { UsageError } from "../../base/mod.ts";
import { createRunLog, loadFilter, planRun, type RunOptions } from "../../service/loading/mod.ts";

export interface RecordOptions extends RunOptions {
  readonly write: string;
  readonly duration?: number;
  readonly maxSize?: number;
  readonly maxEvents?: number;
  readonly rotateSize?: number;
  readonly rotateTime?: number;
  readonly keep?: number;
  readonly snaplen?: number;
}

const MEGABYTE = 1e6;

export async function record(words: readonly string[], options: RecordOptions): Promise<number> {
  const rotates = options.rotateSize !== undefined || options.rotateTime !== undefined;
  if (options.keep !== undefined && !rotates) {
    throw new UsageError(["--keep requires --rotate-size or --rotate-time"]);
  }
  const plan = planRun(options);
  const filter = words.length === 0 ? {} : { filter: loadFilter({ words, plan }) };
  // late: checking and listing rules does without the engine and libbpf
  const { runRecord } = await import("../../service/mod.ts");
  return await runRecord({
    ...filter,
    path: options.write,
    settings: plan.settings,
    log: createRunLog(plan),
    ...optional("durationMs", options.duration, 1000),
    ...optional("maxBytes", options.maxSize, MEGABYTE),
    ...optional("maxEvents", options.maxEvents),
    ...optional("rotateBytes", options.rotateSize, MEGABYTE),
    ...optional("rotateMs", options.rotateTime, 1000),
    ...optional("keep", options.keep),
    ...optional("snaplen", options.snaplen),
  });
}

/** An option that was not given is no key, rather than one without a value. */
function optional<K extends string>(key: K, value: number | undefined, unit = 1): { [P in K]?: number } {
  return value === undefined ? {} : { [key]: value * unit } as { [P in K]: number };
}
