// What each rule of a loaded module costs: its counters in the matcher's memory, its samples of time, and the sum of them.
// In: where the module's constants lie, marks of its measured functions. Out: RuleCost per rule.
// Elsewhere: who counts, and when time is measured (rules/emit/costs.ts).

import type { CostPlan } from "../rules/mod.ts";

/** A rule's number with what it took since its module was loaded. */
export interface RuleCost {
  readonly rule: number;
  /** how often its condition was looked at */
  readonly evaluations: bigint;
  readonly matches: bigint;
  /** of all evaluations, estimated from the measured ones, without rendering */
  readonly nanoseconds: number;
}

/** As many of the latest are kept of each slot. */
const SAMPLES = 63;
/** A sample that is so many times the usual one was interrupted. */
const INTERRUPTED = 8;
const NS_PER_MS = 1e6;

export class RuleCosts {
  readonly #plan: CostPlan;
  readonly #slots: number;
  /** nanoseconds, SAMPLES for each slot; after the slots of rules that of the calibration: what a mark itself takes */
  readonly #samples: Float32Array;
  readonly #taken: Uint32Array;
  /** of each slot, as of the last reading */
  readonly #evaluations: BigUint64Array;
  readonly #nanoseconds: Float64Array;
  #words: BigUint64Array = new BigUint64Array(0);
  #lastMs = 0;

  constructor(plan: CostPlan) {
    this.#plan = plan;
    this.#slots = plan.functions.reduce((sum, rules) => sum + rules.length, 0);
    this.#samples = new Float32Array((this.#slots + 1) * SAMPLES);
    this.#taken = new Uint32Array(this.#slots + 1);
    this.#evaluations = new BigUint64Array(this.#slots);
    this.#nanoseconds = new Float64Array(this.#slots);
  }

  /** The import `costs.mark` of the module. */
  readonly mark = (slot: number): void => {
    const nowMs = performance.now();
    if (slot >= 0) {
      const taken = this.#taken[slot]!++;
      this.#samples[slot * SAMPLES + taken % SAMPLES] = (nowMs - this.#lastMs) * NS_PER_MS;
    }
    this.#lastMs = performance.now();
  };

  /** The counters lie in front of the module's constants. */
  attach(memory: WebAssembly.Memory, base: number): void {
    this.#words = new BigUint64Array(memory.buffer, base, this.#plan.functions.length + this.#slots);
  }

  /** By rule, those that no event can reach left out. */
  read(): RuleCost[] {
    const sums = new Map<number, { evaluations: bigint; matches: bigint; nanoseconds: number }>();
    const { functions, matching } = this.#plan;
    const markNs = this.#usualNs(this.#slots);
    let slot = 0;
    functions.forEach((rules, at) => {
      // with `first`, a match keeps the rules after it from being looked at
      let evaluations = this.#words[at] ?? 0n;
      for (const rule of rules) {
        const matches = this.#words[functions.length + slot] ?? 0n;
        const eachNs = Math.max(0, this.#usualNs(slot) - markNs);
        // those since the last reading took as long as the latest samples: so the sum never falls
        this.#nanoseconds[slot]! += Number(evaluations - this.#evaluations[slot]!) * eachNs;
        this.#evaluations[slot] = evaluations;
        const sum = sums.get(rule) ?? { evaluations: 0n, matches: 0n, nanoseconds: 0 };
        sum.evaluations += evaluations;
        sum.matches += matches;
        sum.nanoseconds += this.#nanoseconds[slot]!;
        sums.set(rule, sum);
        if (matching === "first") evaluations -= matches;
        slot++;
      }
    });
    return [...sums].map(([rule, sum]) => ({ rule, ...sum })).sort((a, b) => a.rule - b.rule);
  }

  /** The mean without samples that were interrupted; 0 without any. */
  #usualNs(slot: number): number {
    const count = Math.min(this.#taken[slot]!, SAMPLES);
    if (count === 0) return 0;
    const sorted = this.#samples.slice(slot * SAMPLES, slot * SAMPLES + count).sort();
    const median = sorted[count >> 1]!;
    const whole = sorted.filter((sample) => sample <= INTERRUPTED * median);
    return whole.reduce((sum, sample) => sum + sample, 0) / whole.length;
  }
}
