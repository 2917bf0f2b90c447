// Counters of a run: those of the matcher, which any thread may read at any time, and those of the source.
// Elsewhere: who counts (assembly/counters.ts, probe/), what is shown of them (service/counters_report.ts).

import { MATCHER_COUNTERS, REGION } from "../schema/layout.ts";

/** By name, as schema/layout.ts lists them: the matcher's in capitals, the probe's in small letters. */
export type EngineCounters = Readonly<Record<string, bigint>>;

export function readMatcherCounters(memory: WebAssembly.Memory): Record<string, bigint> {
  const values = new BigUint64Array(memory.buffer, REGION.COUNTERS.at, MATCHER_COUNTERS.length);
  return Object.fromEntries(MATCHER_COUNTERS.map((name, i) => [name, Atomics.load(values, i)]));
}
