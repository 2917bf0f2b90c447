// Code that adds one to a counter: u64 words in front of a module's constants.
// In: where the counter lies. Out: code. Elsewhere: what is counted (costs.ts, leaf_counters.ts, explanation.ts).

import type { CodeBuilder } from "../wasm/code.ts";
import { OP } from "../wasm/opcodes.ts";

export const WORD_BYTES = 8;
/** Address of the module's constants. */
const BASE_GLOBAL = 0;

export interface Counter {
  /** distance from the begin of the constants, or from the word that `address` leads to */
  readonly offsetBytes: number;
  /** a local with an address, where the word is chosen while it runs (`pushWordAddress`) */
  readonly address?: number;
  /** a local that takes the new count */
  readonly keep?: number;
}

export function emitIncrement(code: CodeBuilder, { offsetBytes, address, keep }: Counter): void {
  const operand = { align: 3, offset: offsetBytes };
  const pushAddress = () =>
    address === undefined ? code.indexed(OP.globalGet, BASE_GLOBAL) : code.indexed(OP.localGet, address);
  pushAddress();
  pushAddress();
  code.load(OP.i64Load, operand);
  code.i64(1n);
  code.op(OP.i64Add);
  if (keep !== undefined) code.indexed(OP.localTee, keep);
  code.load(OP.i64Store, operand);
}

/** The number of a word, which is on the stack, becomes its address. */
export function pushWordAddress(code: CodeBuilder): void {
  code.i32(3);
  code.op(OP.i32Shl);
  code.indexed(OP.globalGet, BASE_GLOBAL);
  code.op(OP.i32Add);
}
