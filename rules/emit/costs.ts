// What each rule costs: how often its condition was evaluated, how often it matched, and how long that took.
// In: the candidates of each function of events, on request only. Out: counters in front of the module's constants, code
// that counts, and a plan by which they are read (engine/rule_costs.ts).
//
// Counted are calls of a function and matches of a rule in it; from these follows how often each rule was evaluated, so
// counting costs one increment per event. Time is sampled: of 16,384 calls of a function (or 128, for a profile) the first 16 go to its measured
// twin, which calls `costs.mark` after each rule; so many in a row, because the first of them finds its code cold. What
// rules share is paid by the first.
//
// counters: u64 calls per function, then u64 matches per slot; a slot is one rule in one function.

import type { CodeBuilder, FunctionRef } from "../wasm/code.ts";
import type { ModuleBuilder } from "../wasm/module.ts";
import { OP } from "../wasm/opcodes.ts";
import { emitIncrement, WORD_BYTES } from "./counter.ts";
import type { GuardedCandidate } from "./guards.ts";

/** Of so many calls, a power of two, … */
const PERIOD_CALLS = { seldom: 1 << 14, often: 1 << 7 };
/** … so many are measured. */
const MEASURED_CALLS = 16;
/** Instead of a slot: what follows is timed from here on. */
export const MARK_BEGIN = -1;

/** Where the counters lie, by what they count. */
export interface CostPlan {
  readonly matching: "first" | "all";
  /** for each function the rules that it evaluates, in this order; the slots of all functions are numbered through */
  readonly functions: readonly (readonly number[])[];
}

/** `often`: time is taken more often, for those who measure and do not monitor. */
export type CostCounting = boolean | "often";

export class CostCounters {
  readonly plan: CostPlan;
  readonly #firstSlots: number[] = [];
  readonly #slots: number;
  readonly #mark: FunctionRef;

  constructor(
    module: ModuleBuilder,
    groups: readonly (readonly GuardedCandidate[])[],
    matching: "first" | "all",
    readonly timed: keyof typeof PERIOD_CALLS,
  ) {
    this.plan = { matching, functions: groups.map((candidates) => candidates.map(({ rule }) => rule)) };
    let slots = 0;
    for (const candidates of groups) {
      this.#firstSlots.push(slots);
      slots += candidates.length;
    }
    this.#slots = slots;
    this.#mark = module.importFunction("costs", "mark", { params: ["i32"], results: [] });
  }

  /** They begin with the constants. */
  get bytes(): number {
    return (this.plan.functions.length + this.#slots) * WORD_BYTES;
  }

  slotOf(group: number, candidate: number): number {
    return this.#firstSlots[group]! + candidate;
  }

  /** One more call of a function; now and then it goes on in its measured twin and ends. */
  emitCall(code: CodeBuilder, group: number, measured: FunctionRef): void {
    const calls = code.local("i64");
    emitIncrement(code, { offsetBytes: group * WORD_BYTES, keep: calls });
    code.indexed(OP.localGet, calls);
    code.i64(BigInt(PERIOD_CALLS[this.timed] - 1));
    code.op(OP.i64And);
    code.i64(BigInt(MEASURED_CALLS));
    code.op(OP.i64LtU);
    code.open(OP.if);
    code.call(measured);
    code.op(OP.return);
    code.end();
  }

  emitMatch(code: CodeBuilder, slot: number): void {
    emitIncrement(code, { offsetBytes: (this.plan.functions.length + slot) * WORD_BYTES });
  }

  emitMark(code: CodeBuilder, slot: number): void {
    code.i32(slot);
    code.call(this.#mark);
  }

  /** How long nothing takes: two marks in a row, after one that warms up. It has the slot after all others. */
  emitCalibration(code: CodeBuilder): void {
    this.emitMark(code, MARK_BEGIN);
    this.emitMark(code, MARK_BEGIN);
    this.emitMark(code, this.#slots);
  }
}
