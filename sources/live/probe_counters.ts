// What the probe counts, on each CPU for itself: what was reported, left out, dropped and why.
// In: the descriptor of its map. Out: sums, and what happened on each CPU. Elsewhere: what is counted (schema/), the rest
// of the probe (probe.ts).

import { lookupMap, possibleCpus } from "../../ffi/bpf/mod.ts";
import { PROBE_COUNTERS } from "../../schema/mod.ts";

export type ProbeCounts = Record<typeof PROBE_COUNTERS[number], bigint>;

export class ProbeCounters {
  readonly #cpus = possibleCpus();

  constructor(readonly fd: number) {}

  /** Summed over all CPUs. */
  sums(): ProbeCounts {
    const values = this.#read();
    const sums = {} as ProbeCounts;
    PROBE_COUNTERS.forEach((name, i) => {
      let sum = 0n;
      for (let cpu = 0; cpu < this.#cpus; cpu++) sum += values[cpu * PROBE_COUNTERS.length + i]!;
      sums[name] = sum;
    });
    return sums;
  }

  /** For each CPU on which something happened, what was reported and dropped there. */
  byCpu(): Record<string, bigint> {
    const values = this.#read();
    const found: Record<string, bigint> = {};
    for (let cpu = 0; cpu < this.#cpus; cpu++) {
      let [reported, drops] = [0n, 0n];
      PROBE_COUNTERS.forEach((name, i) => {
        const value = values[cpu * PROBE_COUNTERS.length + i]!;
        if (name === "reported") reported = value;
        else if (name.startsWith("drops_")) drops += value;
      });
      if (reported + drops === 0n) continue;
      found[`cpu_${cpu}_reported`] = reported;
      found[`cpu_${cpu}_drops`] = drops;
    }
    return found;
  }

  #read(): BigUint64Array {
    const values = new BigUint64Array(PROBE_COUNTERS.length * this.#cpus);
    lookupMap(this.fd, 0, new Uint8Array(values.buffer));
    return values;
  }
}
