// What each check of each rule answered how often: counters in front of the module's constants, and the code that counts.
// In: a program of lower/lower_leaves.ts. Out: code, and a plan by which the counters are read.
// Elsewhere: reading them (leaf_counts.ts), what rules cost (costs.ts).
//
// counters: for each slot two u64, how often it was false and how often true; then for each function its calls, by which
// follows how often a check was decided by the event's type alone.

import type { KnownLeaf, LeafOrder, LeafProgram, RuleSlots } from "../lower/lower_leaves.ts";
import type { CodeBuilder } from "../wasm/code.ts";
import { OP } from "../wasm/opcodes.ts";
import { emitIncrement, pushWordAddress, WORD_BYTES } from "./counter.ts";
import type { Scope } from "./scope.ts";

/** Where the counters lie, by what they count. */
export interface LeafPlan extends CounterPlace {
  readonly order: LeafOrder;
  /** by rule */
  readonly rules: readonly RuleSlots[];
  readonly slots: number;
  /** for each function what the types of its events decide about rules that it does not evaluate */
  readonly known: readonly (readonly KnownLeaf[])[];
}

/** Where counters of a module are, for those who only copy them. */
export interface CounterPlace {
  /** the first one's distance from the begin of the constants */
  readonly offsetBytes: number;
  /** how many u64 they are */
  readonly words: number;
}

export class LeafCounters {
  readonly plan: LeafPlan;

  /** @param known by function */
  constructor(
    { slots, slotCount }: LeafProgram,
    order: LeafOrder,
    known: readonly (readonly KnownLeaf[])[],
    offsetBytes: number,
  ) {
    const words = slotCount * 2 + known.length;
    this.plan = { order, rules: slots, slots: slotCount, known, offsetBytes, words };
  }

  get bytes(): number {
    return this.plan.words * WORD_BYTES;
  }

  /** Counts the 0 or 1 that is on the stack, and leaves it there. */
  emitAnswer(scope: Scope, slot: number): void {
    const { code } = scope;
    const answer = scope.scratch("answer");
    const address = scope.scratch("counter");
    code.indexed(OP.localTee, answer);
    pushWordAddress(code);
    code.indexed(OP.localSet, address);
    emitIncrement(code, { offsetBytes: this.plan.offsetBytes + slot * 2 * WORD_BYTES, address });
    code.indexed(OP.localGet, answer);
  }

  /** One more call of a function. */
  emitCall(code: CodeBuilder, group: number): void {
    if (this.plan.known[group]!.length === 0) return;
    emitIncrement(code, {
      offsetBytes: this.plan.offsetBytes + (this.plan.slots * 2 + group) * WORD_BYTES,
    });
  }
}
