// Code of a program that explains one rule (rules/lower/lower_explanation.ts): for each event type one function, as in emit.ts.
// In: the program. Out: a module that reports near misses the way that others report alerts.
//
// Reported are the first few events of each distance, and of those that the rule asks for and excludes. The rest is counted. A
// report has the values: distance, distance from what is asked for, whether each check held, whether each earlier rule takes the
// event, then the program's outputs.
//
// counters in front of the constants: u64 per distance from 0 on, the last but one for that and more, the last for events that
// are excluded and otherwise match; then one for each event type: those that passed the filters.

import { TABLE } from "../../schema/mod.ts";
import type { Distance, ExplainedEvent, ExplanationProgram } from "../lower/lower_explanation.ts";
import type { CodeBuilder } from "../wasm/code.ts";
import { type DefinedFunction, ModuleBuilder } from "../wasm/module.ts";
import { OP } from "../wasm/opcodes.ts";
import { ConstantPool } from "./constants.ts";
import { emitIncrement, pushWordAddress, WORD_BYTES } from "./counter.ts";
import { emitEpoch, importMatcher } from "./emit.ts";
import { PredicateEmitter } from "./predicates.ts";
import { Scope } from "./scope.ts";
import { Sharing } from "./sharing.ts";
import { ValueEmitter } from "./values.ts";

/** How many counters there are. */
export const DISTANCES = 64;
/** The counter of events that a rule excludes. */
export const EXCLUDED = DISTANCES - 1;
const GREATEST = DISTANCES - 2;

const ACTION = { params: [], results: [] } as const;

export interface EmittedExplanation {
  readonly wasm: Uint8Array;
  readonly constantsBytes: number;
  /** by counter of types: the code of the event */
  readonly countedTypes: readonly number[];
}

/** @param kept how many events of each distance are reported */
export function emitExplanation(program: ExplanationProgram, kept: number): EmittedExplanation {
  const { graph, events } = program;
  const module = new ModuleBuilder();
  importMatcher(module);
  const epoch = module.global("i64", 0n);
  const pool = new ConstantPool(graph, (DISTANCES + events.length) * WORD_BYTES);
  const groups = groupEvents(events);
  const sharing = new Sharing(groups.map(({ first: { filters, leaves, earlier } }) => [
    { rule: 0, guards: [...filters, ...leaves, ...earlier], rest: graph.true },
  ]));
  const values = new ValueEmitter(module, pool, sharing, epoch);
  const predicates = new PredicateEmitter(values);
  const nothing = module.define("no_rule", ACTION);
  const entries: DefinedFunction[] = new Array(TABLE.MATCHER_FIRST).fill(nothing);
  const countedTypes: number[] = [];
  for (const { codes, first } of groups) {
    const explain = module.define(`explain_${codes[0]}`, { params: [], results: ["i32"] });
    emitEpoch(predicates, explain);
    emitEvent(predicates, explain.code, program, first, kept);
    for (const code of codes) {
      const counting = entries[code] = module.define(`count_${code}`, ACTION);
      emitTypeCount(counting.code, explain, DISTANCES + countedTypes.length);
      countedTypes.push(code);
    }
  }
  while (predicates.flush() || values.flush());
  module.elements(0, entries);
  const constants = pool.take();
  module.setData(constants);
  return { wasm: module.finish(), constantsBytes: constants.length, countedTypes };
}

/** Events of which all that is asked is the same. */
function groupEvents(events: readonly ExplainedEvent[]) {
  const groups = new Map<string, { readonly codes: number[]; readonly first: ExplainedEvent }>();
  for (const event of events) {
    const key = [event.filters, event.leaves, event.earlier].map((nodes) => nodes.map(({ id }) => id).join())
      .join(";");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { codes: [event.event.code], first: event });
    else group.codes.push(event.event.code);
  }
  return [...groups.values()];
}

function emitTypeCount(code: CodeBuilder, explain: DefinedFunction, counter: number): void {
  code.call(explain);
  code.open(OP.if);
  emitIncrement(code, { offsetBytes: counter * WORD_BYTES });
  code.end();
}

/** Leaves on the stack whether the event passed the filters. */
function emitEvent(
  predicates: PredicateEmitter,
  code: CodeBuilder,
  { asked, excluded, outputs }: ExplanationProgram,
  { filters, leaves, earlier }: ExplainedEvent,
  kept: number,
): void {
  const { values } = predicates;
  const scope = new Scope(code);
  const isLookedAt = code.local("i32");
  const end = code.open(OP.block);
  for (const filter of filters) predicates.jump(scope, filter, end, false);
  code.i32(1);
  code.indexed(OP.localSet, isLookedAt);
  const answers = leaves.map((leaf) => {
    predicates.push(scope, leaf);
    const local = code.local("i32");
    code.indexed(OP.localSet, local);
    return local;
  });
  const askedChecks = code.local("i32");
  const checks = code.local("i32");
  emitDistance(code, asked, answers);
  code.indexed(OP.localTee, askedChecks);
  emitDistance(code, excluded, answers);
  code.op(OP.i32Add);
  code.indexed(OP.localSet, checks);
  emitCount(code, checks, askedChecks);
  code.i64(BigInt(kept));
  code.op(OP.i64GtU);
  code.branch(OP.brIf, end);

  const report = (fn: string) => code.call(values.import(fn, ["i64"], []));
  code.i32(0);
  code.call(values.import("out_begin", ["i32"], []));
  for (const local of [checks, askedChecks, ...answers]) {
    code.indexed(OP.localGet, local);
    code.op(OP.i64ExtendI32U);
    report("out_uint");
  }
  for (const rule of earlier) {
    predicates.push(scope, rule);
    code.op(OP.i64ExtendI32U);
    report("out_uint");
  }
  for (const { fn, node } of outputs) {
    if (node === undefined) code.i64(0n);
    else values.push(scope, node);
    report(fn);
  }
  code.call(values.import("out_end", [], []));
  code.end();
  code.indexed(OP.localGet, isLookedAt);
}

/** Pushes how many checks would have to answer otherwise. */
function emitDistance(code: CodeBuilder, distance: Distance, answers: readonly number[]): void {
  if (distance.kind === "leaf") {
    code.indexed(OP.localGet, answers[distance.leaf]!);
    if (distance.wanted) code.op(OP.i32Eqz);
    return;
  }
  const [first, ...rest] = distance.operands;
  if (first === undefined) return code.i32(0);
  emitDistance(code, first, answers);
  if (distance.kind === "sum") {
    for (const operand of rest) {
      emitDistance(code, operand, answers);
      code.op(OP.i32Add);
    }
    return;
  }
  const least = code.local("i32");
  const other = code.local("i32");
  code.indexed(OP.localSet, least);
  for (const operand of rest) {
    emitDistance(code, operand, answers);
    code.indexed(OP.localTee, other);
    code.indexed(OP.localGet, least);
    code.indexed(OP.localGet, other);
    code.indexed(OP.localGet, least);
    code.op(OP.i32LtS);
    code.op(OP.select);
    code.indexed(OP.localSet, least);
  }
  code.indexed(OP.localGet, least);
}

/** Counts one more event and pushes how many of its kind there are now. */
function emitCount(code: CodeBuilder, checks: number, askedChecks: number): void {
  const address = code.local("i32");
  const count = code.local("i64");
  code.i32(EXCLUDED);
  code.indexed(OP.localGet, checks);
  code.i32(GREATEST);
  code.indexed(OP.localGet, checks);
  code.i32(GREATEST);
  code.op(OP.i32LtS);
  code.op(OP.select);
  code.indexed(OP.localGet, askedChecks);
  code.op(OP.i32Eqz);
  code.indexed(OP.localGet, checks);
  code.i32(0);
  code.op(OP.i32Ne);
  code.op(OP.i32And);
  code.op(OP.select);
  pushWordAddress(code);
  code.indexed(OP.localSet, address);
  emitIncrement(code, { offsetBytes: 0, address, keep: count });
  code.indexed(OP.localGet, count);
}
