// Values: constants, extractor and transformer calls, and values that are remembered for the event.

import type { FieldNode, Form, ValueNode } from "../lower/ir.ts";
import type { FunctionRef } from "../wasm/code.ts";
import type { DefinedFunction, ModuleBuilder } from "../wasm/module.ts";
import { OP, type ValueType } from "../wasm/opcodes.ts";
import type { ConstantPool } from "./constants.ts";
import { Scope } from "./scope.ts";
import type { Sharing } from "./sharing.ts";

/** i64.MIN: a number that is not there */
export const NO_NUMBER = -(1n << 63n);
/** global 0 is the imported base of the constants */
const BASE_GLOBAL = 0;

/** The value that means "missing" for a value of this form. */
export function missingOf(form: Form): bigint {
  return form === "view" ? 0n : NO_NUMBER;
}

export class ValueEmitter {
  readonly #memos = new Map<number, DefinedFunction>();
  readonly #pending: (() => void)[] = [];

  constructor(
    readonly module: ModuleBuilder,
    readonly pool: ConstantPool,
    readonly sharing: Sharing,
    readonly epoch: number,
  ) {}

  /** A function of the matcher. */
  import(name: string, params: readonly ValueType[], results: readonly ValueType[]): FunctionRef {
    return this.module.importFunction("matcher", name, { params, results });
  }

  /** Pushes the address of something in the constants. */
  pushAddress({ code }: Scope, offset: number): void {
    code.indexed(OP.globalGet, BASE_GLOBAL);
    if (offset === 0) return;
    code.i32(offset);
    code.op(OP.i32Add);
  }

  /** Pushes the view of a constant text. */
  pushText({ code }: Scope, bytes: Uint8Array): void {
    code.indexed(OP.globalGet, BASE_GLOBAL);
    code.op(OP.i64ExtendI32U);
    code.i64((BigInt(bytes.length) << 32n) | BigInt(this.pool.text(bytes)));
    code.op(OP.i64Add);
  }

  /** Pushes the value as i64. */
  push(scope: Scope, node: ValueNode): void {
    const held = scope.held.get(node.id);
    if (held !== undefined) scope.code.indexed(OP.localGet, held);
    else if (this.sharing.place(node) === "memo") scope.code.call(this.#memo(node));
    else this.#compute(scope, node);
  }

  #compute(scope: Scope, node: ValueNode): void {
    const { code } = scope;
    switch (node.kind) {
      case "text":
        return this.pushText(scope, node.bytes);
      case "number":
        return code.i64(node.value);
      case "item":
        if (scope.item === undefined) throw new Error("Cannot emit: an ancestor outside of its search");
        return code.indexed(OP.localGet, scope.item);
      case "call":
        for (const arg of node.args) this.push(scope, arg);
        return code.call(this.import(node.fn, node.args.map(() => "i64"), ["i64"]));
      case "field":
        return this.#extract(scope, node);
    }
  }

  #extract(scope: Scope, { fn, arg }: FieldNode): void {
    const { code } = scope;
    if (arg === undefined) code.call(this.import(fn, [], ["i64"]));
    else if (typeof arg === "number") {
      code.i32(arg);
      code.call(this.import(fn, ["i32"], ["i64"]));
    } else {
      this.pushText(scope, arg);
      code.call(this.import(fn, ["i64"], ["i64"]));
    }
  }

  /** The function that computes the value once per event. */
  #memo(node: ValueNode): DefinedFunction {
    let made = this.#memos.get(node.id);
    if (made === undefined) {
      made = this.module.define(`value_${this.#memos.size}`, { params: [], results: ["i64"] });
      this.#memos.set(node.id, made);
      this.#pending.push(() => this.#emitMemo(new Scope(made!.code), node));
    }
    return made;
  }

  #emitMemo(scope: Scope, node: ValueNode): void {
    const { code } = scope;
    const stamp = this.module.global("i64", -1n);
    const value = this.module.global("i64", 0n);
    code.indexed(OP.globalGet, stamp);
    code.indexed(OP.globalGet, this.epoch);
    code.op(OP.i64Ne);
    code.open(OP.if);
    this.#compute(scope, node);
    code.indexed(OP.globalSet, value);
    code.indexed(OP.globalGet, this.epoch);
    code.indexed(OP.globalSet, stamp);
    code.end();
    code.indexed(OP.globalGet, value);
  }

  /** Emits the functions that were asked for; true when there were any. */
  flush(): boolean {
    const work = this.#pending.splice(0);
    for (const emit of work) emit();
    return work.length > 0;
  }
}
