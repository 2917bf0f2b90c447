// The body of one WebAssembly function while it is written: instructions, structured blocks, locals.
// Calls name the function by reference, because the indices of the module's own functions follow those of its
// imports, and the imports are complete only at the end (module.ts).

import { ByteWriter } from "./bytes.ts";
import { BLOCK_EMPTY, OP, VALUE_TYPE, type ValueType } from "./opcodes.ts";

/** A function of the module or an import; the module gives it its index when it is written. */
export interface FunctionRef {
  index: number;
}

/** A block that can be left: the nesting depth just inside it. */
export type Label = number;

export interface MemoryOperand {
  /** log2 of the alignment that may be assumed */
  readonly align: number;
  readonly offset: number;
}

export class CodeBuilder {
  readonly #bytes = new ByteWriter();
  readonly #calls: { at: number; target: FunctionRef }[] = [];
  readonly #locals: ValueType[] = [];
  readonly #params: number;
  #depth = 0;

  constructor(params: readonly ValueType[]) {
    this.#params = params.length;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Size so far. */
  get length(): number {
    return this.#bytes.length;
  }

  local(type: ValueType): number {
    this.#locals.push(type);
    return this.#params + this.#locals.length - 1;
  }

  op(opcode: number): void {
    this.#bytes.u8(opcode);
  }

  /** an instruction with one index: local.get, global.set … */
  indexed(opcode: number, index: number): void {
    this.#bytes.u8(opcode);
    this.#bytes.uleb(index);
  }

  i32(value: number): void {
    this.#bytes.u8(OP.i32Const);
    this.#bytes.sleb(value);
  }

  i64(value: bigint): void {
    this.#bytes.u8(OP.i64Const);
    this.#bytes.sleb64(value);
  }

  /** a load or a store */
  load(opcode: number, operand: MemoryOperand): void {
    this.#bytes.u8(opcode);
    this.#bytes.uleb(operand.align);
    this.#bytes.uleb(operand.offset);
  }

  call(target: FunctionRef): void {
    this.#calls.push({ at: this.#bytes.length, target });
  }

  /** Opens a block; `loop` is branched to at its start, the others at their end. */
  open(opcode: typeof OP.block | typeof OP.loop | typeof OP.if, result?: ValueType): Label {
    this.#bytes.u8(opcode);
    this.#bytes.u8(result === undefined ? BLOCK_EMPTY : VALUE_TYPE[result]);
    return ++this.#depth;
  }

  end(): void {
    this.#bytes.u8(OP.end);
    this.#depth--;
  }

  branch(opcode: typeof OP.br | typeof OP.brIf, label: Label): void {
    this.indexed(opcode, this.#depth - label);
  }

  /** The body as the code section holds it. Every call's target must have its index. */
  finish(): Uint8Array {
    const body = new ByteWriter();
    body.uleb(this.#locals.length);
    for (const type of this.#locals) {
      body.uleb(1);
      body.u8(VALUE_TYPE[type]);
    }
    const written = this.#bytes.take();
    let from = 0;
    for (const { at, target } of this.#calls) {
      body.bytes(written.subarray(from, at));
      body.u8(OP.call);
      body.uleb(target.index);
      from = at;
    }
    body.bytes(written.subarray(from));
    body.u8(OP.end);
    return body.take();
  }
}
