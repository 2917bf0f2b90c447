// Predicates as control flow: `and` and `or` are jumps, leaves push an i32, shared nodes are functions.
// The work list keeps the emitter's own stack flat: a function is emitted after the one that asked for it.

import type { AncestorsNode, PredicateNode } from "../lower/ir.ts";
import type { Label } from "../wasm/code.ts";
import type { DefinedFunction } from "../wasm/module.ts";
import { OP } from "../wasm/opcodes.ts";
import type { LeafCounters } from "./leaf_counters.ts";
import { pushLeaf } from "./leaves.ts";
import { Scope } from "./scope.ts";
import { missingOf, type ValueEmitter } from "./values.ts";

/** Longest line of ancestors that is searched: a guard against a damaged process table. */
const MAX_ANCESTORS = 1 << 16;

export class PredicateEmitter {
  readonly #functions = new Map<number, DefinedFunction>();
  readonly #pending: (() => void)[] = [];

  readonly #leafCounters: LeafCounters | undefined;

  /** @param leafCounters of a program that counts */
  constructor(readonly values: ValueEmitter, leafCounters?: LeafCounters) {
    this.#leafCounters = leafCounters;
  }

  /** Branches to `target` when the predicate is `when`, else falls through. */
  jump(scope: Scope, node: PredicateNode, target: Label, when: boolean): void {
    const { code } = scope;
    if (this.values.sharing.place(node) === "inline") {
      switch (node.kind) {
        case "constant":
          if (node.value === when) code.branch(OP.br, target);
          return;
        case "not":
          return this.jump(scope, node.operand, target, !when);
        case "and":
        case "or":
          return this.#jumpChain(scope, node.kind, node.operands, target, when);
      }
    }
    this.push(scope, node);
    if (!when) code.op(OP.i32Eqz);
    code.branch(OP.brIf, target);
  }

  #jumpChain(
    scope: Scope,
    kind: "and" | "or",
    operands: readonly PredicateNode[],
    target: Label,
    when: boolean,
  ): void {
    if ((kind === "or") === when) {
      for (const operand of operands) this.jump(scope, operand, target, when);
      return;
    }
    const skip = scope.code.open(OP.block);
    for (const operand of operands.slice(0, -1)) this.jump(scope, operand, skip, !when);
    this.jump(scope, operands.at(-1)!, target, when);
    scope.code.end();
  }

  /** Pushes 0 or 1. */
  push(scope: Scope, node: PredicateNode): void {
    if (this.values.sharing.place(node) === "inline") this.#compute(scope, node);
    else scope.code.call(this.#function(node));
  }

  #compute(scope: Scope, node: PredicateNode): void {
    const { code } = scope;
    switch (node.kind) {
      case "constant":
        return code.i32(node.value ? 1 : 0);
      case "not":
        this.push(scope, node.operand);
        return code.op(OP.i32Eqz);
      case "and":
      case "or": {
        const done = code.open(OP.block, "i32");
        const no = code.open(OP.block);
        this.#jumpChain(scope, node.kind, node.operands, no, false);
        code.i32(1);
        code.branch(OP.br, done);
        code.end();
        code.i32(0);
        return code.end();
      }
      case "one":
        for (const [index, operand] of node.operands.entries()) {
          this.push(scope, operand);
          if (index > 0) code.op(OP.i32Add);
        }
        code.i32(1);
        return code.op(OP.i32Eq);
      case "ancestors":
        return this.#search(scope, node);
      case "leaf":
        this.push(scope, node.operand);
        return this.#leafCounters!.emitAnswer(scope, node.slot);
      default:
        return pushLeaf(scope, this.values, node);
    }
  }

  /** Looks at depth 1, 2, … until one ancestor fits or the line ends. A function of its own, so it may return. */
  #search(scope: Scope, { fn, form, test }: AncestorsNode): void {
    const { code } = scope;
    const depth = code.local("i32");
    const item = code.local("i64");
    scope.item = item;
    const end = code.open(OP.block);
    const next = code.open(OP.loop);
    code.indexed(OP.localGet, depth);
    code.i32(1);
    code.op(OP.i32Add);
    code.indexed(OP.localTee, depth);
    code.call(this.values.import(fn, ["i32"], ["i64"]));
    code.indexed(OP.localTee, item);
    code.i64(missingOf(form));
    code.op(OP.i64Eq);
    code.branch(OP.brIf, end);
    const differs = code.open(OP.block);
    this.jump(scope, test, differs, false);
    code.i32(1);
    code.op(OP.return);
    code.end();
    code.indexed(OP.localGet, depth);
    code.i32(MAX_ANCESTORS);
    code.op(OP.i32LtS);
    code.branch(OP.brIf, next);
    code.end();
    code.end();
    code.i32(0);
  }

  #function(node: PredicateNode): DefinedFunction {
    let made = this.#functions.get(node.id);
    if (made === undefined) {
      const memo = this.values.sharing.place(node) === "memo";
      const signature = { params: [], results: ["i32"] } as const;
      made = this.values.module.define(`${memo ? "memo" : "check"}_${this.#functions.size}`, signature);
      this.#functions.set(node.id, made);
      const scope = new Scope(made.code);
      const plain = memo && node.kind !== "ancestors";
      this.#pending.push(() =>
        plain
          ? this.#emitMemo(scope, node)
          : memo
          ? this.#emitMemoSearch(scope, node)
          : this.#compute(scope, node)
      );
    }
    return made;
  }

  /** The stamp is `epoch | answer`: the epoch's lowest bit is always 0, so one word holds both. */
  #emitMemo(scope: Scope, node: PredicateNode): void {
    this.#remembered(scope, () => this.#compute(scope, node));
  }

  /** The search returns from its function, so the memory is kept in a function around it. */
  #emitMemoSearch(scope: Scope, node: PredicateNode): void {
    const { module } = this.values;
    const search = module.define(`search_${this.#functions.size}_${module.functionCount}`, {
      params: [],
      results: ["i32"],
    });
    this.#pending.push(() => this.#compute(new Scope(search.code), node));
    this.#remembered(scope, () => scope.code.call(search));
  }

  #remembered(scope: Scope, compute: () => void): void {
    const { code } = scope;
    const { module, epoch } = this.values;
    const stamp = module.global("i64", -1n);
    const difference = code.local("i64");
    const answer = code.local("i32");
    code.indexed(OP.globalGet, stamp);
    code.indexed(OP.globalGet, epoch);
    code.op(OP.i64Xor);
    code.indexed(OP.localTee, difference);
    code.i64(1n);
    code.op(OP.i64LeU);
    code.open(OP.if);
    code.indexed(OP.localGet, difference);
    code.op(OP.i32WrapI64);
    code.op(OP.return);
    code.end();
    compute();
    code.indexed(OP.localTee, answer);
    code.op(OP.i64ExtendI32U);
    code.indexed(OP.globalGet, epoch);
    code.op(OP.i64Or);
    code.indexed(OP.globalSet, stamp);
    code.indexed(OP.localGet, answer);
  }

  /** Emits the functions that were asked for; true when there were any. */
  flush(): boolean {
    const work = this.#pending.splice(0);
    for (const emit of work) emit();
    return work.length > 0;
  }
}
