// Counters of a run: those of the matcher, which any thread may read at any time, and those of the source.
// Elsewhere: who counts (assembly/memory/counters.ts, probe/), what is shown of them (service/health/counters_report.ts,
// service/metrics), what each rule costs (rule_costs.ts).

import { MATCHER_COUNTERS, PAGE_BYTES, REGION, TYPE_COUNTS } from "../schema/mod.ts";
import type { MemoryPlan } from "./memory_plan.ts";

/** By name, as schema/layout.ts lists them: the matcher's in capitals, the probe's in small letters. */
export type EngineCounters = Readonly<Record<string, bigint>>;

/** What can be read without asking the worker. */
export interface LiveCounters {
  readonly matcher: EngineCounters;
  /** events decoded, by code; those that did not occur are left out */
  readonly events: ReadonlyMap<number, bigint>;
  readonly rings: readonly RingUsage[];
}

export interface RingUsage {
  readonly bytes: number;
  /** written and not yet read */
  readonly used: number;
}

export function readMatcherCounters(memory: WebAssembly.Memory): Record<string, bigint> {
  const values = new BigUint64Array(memory.buffer, REGION.COUNTERS.at, MATCHER_COUNTERS.length);
  return Object.fromEntries(MATCHER_COUNTERS.map((name, i) => [name, Atomics.load(values, i)]));
}

export function readLiveCounters(memory: WebAssembly.Memory, plan: MemoryPlan): LiveCounters {
  const types = new BigUint64Array(memory.buffer, TYPE_COUNTS.at, TYPE_COUNTS.codes);
  const events = new Map<number, bigint>();
  for (let code = 0; code < TYPE_COUNTS.codes; code++) {
    const count = Atomics.load(types, code);
    if (count > 0n) events.set(code, count);
  }
  return { matcher: readMatcherCounters(memory), events, rings: readRings(memory, plan) };
}

/** Each ring begins with a page for the reader's position and one for the writer's; with copied rings both are images. */
function readRings(memory: WebAssembly.Memory, plan: MemoryPlan): RingUsage[] {
  return plan.rings.map(({ at, dataBytes }) => {
    const read = Atomics.load(new BigUint64Array(memory.buffer, at, 1), 0);
    const written = Atomics.load(new BigUint64Array(memory.buffer, at + PAGE_BYTES, 1), 0);
    const used = Number(BigInt.asIntN(64, written - read));
    return { bytes: dataBytes, used: Math.max(0, Math.min(used, dataBytes)) };
  });
}
