// What the probe counts, on each CPU for itself: what was reported, left out, dropped and why.
// In: the descriptors of its maps. Out: sums, what happened on each CPU, and how many calls were left out, by event type.
// Elsewhere: what is counted (schema/), the rest of the probe (probe.ts).

import { lookupMap, possibleCpus } from "../../ffi/bpf/mod.ts";
import { EVENTS, PROBE_COUNTERS, PROBE_LIMITS, SYSCALLS } from "../../schema/mod.ts";

export type ProbeCounts = Record<typeof PROBE_COUNTERS[number], bigint>;

/** the event of calls that have none of their own */
const GENERIC_EVENT = 1;

export class ProbeCounters {
  readonly #cpus = possibleCpus();

  constructor(readonly fd: number, readonly leftOutFd: number) {}

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

  /**
   * Calls that the kernel's filter has left out (in shadow mode: would have), by the type of their event: `left_out_openat`.
   * What has never been left out is not there.
   */
  leftOut(): Record<string, bigint> {
    const values = new BigUint64Array(PROBE_LIMITS.MAX_SYSCALLS * this.#cpus);
    lookupMap(this.leftOutFd, 0, new Uint8Array(values.buffer));
    const found: Record<string, bigint> = {};
    for (const { x86_64, name, exitEvent } of SYSCALLS) {
      if (x86_64 === null) continue;
      let sum = 0n;
      for (let at = x86_64; at < values.length; at += PROBE_LIMITS.MAX_SYSCALLS) sum += values[at]!;
      if (sum === 0n) continue;
      const type = exitEvent === null || exitEvent === GENERIC_EVENT ? name : EVENTS[exitEvent]!.name;
      found[`left_out_${type}`] = sum;
    }
    return found;
  }

  #read(): BigUint64Array {
    const values = new BigUint64Array(PROBE_COUNTERS.length * this.#cpus);
    lookupMap(this.fd, 0, new Uint8Array(values.buffer));
    return values;
  }
}
