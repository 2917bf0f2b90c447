// One function while it is emitted: its code, its few scratch locals, and the ancestor under test if it has one.

import type { CodeBuilder } from "../wasm/code.ts";
import type { ValueType } from "../wasm/opcodes.ts";

type Scratch = "left" | "right" | "bytes" | "answer" | "counter";

const SCRATCH_TYPES: Readonly<Record<Scratch, ValueType>> = {
  left: "i64",
  right: "i64",
  bytes: "i32",
  answer: "i32",
  counter: "i32",
};

export class Scope {
  readonly #scratch = new Map<Scratch, number>();
  /** locals that hold values asked for at the function's start, by node */
  readonly held = new Map<number, number>();
  /** local that holds the ancestor, inside the function of an `ancestors` predicate */
  item: number | undefined;

  constructor(readonly code: CodeBuilder) {}

  /** Scratch local: `left` and `right` hold values, `bytes` a length, `answer` and `counter` what a leaf counts. Good until the next leaf is emitted. */
  scratch(name: Scratch): number {
    let local = this.#scratch.get(name);
    if (local === undefined) {
      local = this.code.local(SCRATCH_TYPES[name]);
      this.#scratch.set(name, local);
    }
    return local;
  }
}
