// The changes of rules that a run has been asked for, from the call to the worker's answer.
// In: rules with the number they shall have. Out: what the worker is sent, a promise of its answer.
// The worker answers in the order of the calls, and after the last alerts of the rules before.
// Elsewhere: the change itself (worker.ts, rule_module.ts).

import type { CaptureOptions, RuleSwap } from "./messages.ts";
import { type RuleCode, workerRules } from "./rule_module.ts";

interface Pending {
  readonly generation: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class RuleSwaps {
  readonly #pending: Pending[] = [];
  #generation: number;

  constructor(generation: number) {
    this.#generation = generation;
  }

  /** Number of the rules that evaluate. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Compiles alongside the run: the worker, which evaluates meanwhile, only puts the finished module in place.
   * @throws Error when the module cannot be compiled
   */
  static async prepare(rules: RuleCode, generation: number, capture?: CaptureOptions): Promise<RuleSwap> {
    const module = await WebAssembly.compile(new Uint8Array(rules.wasm));
    return {
      rules: { ...workerRules(rules), module },
      generation,
      ...(capture === undefined ? {} : { capture }),
    };
  }

  /** The swap has been sent: resolves when its rules evaluate, rejects when the old rules stay active. */
  expect({ generation }: RuleSwap): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#pending.push({ generation, resolve, reject });
    return promise;
  }

  swapped(): void {
    const done = this.#pending.shift();
    if (done === undefined) return;
    this.#generation = done.generation;
    done.resolve();
  }

  refused(name: string, message: string): void {
    const error = new Error(message);
    error.name = name;
    this.#pending.shift()?.reject(error);
  }

  /** The run is over. */
  close(): void {
    for (const { reject } of this.#pending.splice(0)) reject(endedError());
  }
}

export function endedError(): Error {
  return new Error("Cannot change the rules: the run has ended");
}
