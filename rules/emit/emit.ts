// Last stage: the program becomes one WebAssembly module, as rules/README.md describes it.
// In: lower/'s program. Out: the module's bytes, the size of its constants, the event codes it evaluates.
//
// Per event one export `evaluate_<code>`, per rule one function `render_<n>`, and functions for what is shared.
// On request also counters of what each rule costs, and a `measure_<code>` per event (costs.ts).

import { TABLE } from "../../schema/mod.ts";
import type { PredicateNode } from "../lower/ir.ts";
import type { OutputValue } from "../lower/output.ts";
import type { Program } from "../lower/lower.ts";
import type { KnownLeaf, LeafOrder, LeafProgram } from "../lower/lower_leaves.ts";
import { type DefinedFunction, ModuleBuilder } from "../wasm/module.ts";
import { OP } from "../wasm/opcodes.ts";
import { ConstantPool } from "./constants.ts";
import { CostCounters, type CostCounting, type CostPlan, MARK_BEGIN } from "./costs.ts";
import { type GuardedCandidate, leadingValues, splitGuards } from "./guards.ts";
import { LeafCounters, type LeafPlan } from "./leaf_counters.ts";
import { PredicateEmitter } from "./predicates.ts";
import { Scope } from "./scope.ts";
import { hasAll, sharedGuards } from "./shared_guards.ts";
import { Sharing } from "./sharing.ts";
import { ValueEmitter } from "./values.ts";

const MAX_PAGES = 65536;
/** V8 refuses functions of 7.5 MB; one that has grown to this goes on in another. */
const LONG_FUNCTION_BYTES = 1 << 20;
/** The epoch counts in steps of two: its lowest bit carries a remembered answer. */
const EPOCH_STEP = 2n;

const ACTION = { params: [], results: [] } as const;

export interface Emitted {
  readonly wasm: Uint8Array;
  readonly constantsBytes: number;
  readonly functions: number;
  /** absent unless asked for */
  readonly costs?: CostPlan;
  /** absent unless the program counts */
  readonly leaves?: LeafPlan;
}

/** What the module counts besides reporting alerts; nothing by default. */
export interface Counting {
  readonly costs?: CostCounting;
  /** the checks of a program of lower/lower_leaves.ts */
  readonly leaves?: { readonly program: LeafProgram; readonly order: LeafOrder };
}

export function emit(program: Program, matching: "first" | "all", counting: Counting = {}): Emitted {
  const module = new ModuleBuilder();
  importMatcher(module);
  const epoch = module.global("i64", 0n);
  const groups = groupEvents(program, counting.leaves?.program.known);
  const costs = counting.costs === undefined || counting.costs === false ? undefined : new CostCounters(
    module,
    groups.map(({ candidates }) => candidates),
    matching,
    counting.costs === "often" ? "often" : "seldom",
  );
  const leaves = counting.leaves === undefined ? undefined : new LeafCounters(
    counting.leaves.program,
    counting.leaves.order,
    groups.map(({ known }) => known),
    costs?.bytes ?? 0,
  );
  const pool = new ConstantPool(program.graph, (costs?.bytes ?? 0) + (leaves?.bytes ?? 0));
  const sharing = new Sharing(groups.map(({ candidates }) => candidates));
  const values = new ValueEmitter(module, pool, sharing, epoch);
  const predicates = new PredicateEmitter(values, leaves);

  const nothing = module.define("no_rule", ACTION);
  const entries: DefinedFunction[] = new Array(TABLE.MATCHER_FIRST).fill(nothing);
  const renders = program.outputs.map((outputs, rule) =>
    outputs && emitRender(values, module.define(`render_${rule}`, ACTION), rule, outputs)
  );
  for (const [group, { codes, candidates }] of groups.entries()) {
    const evaluate = module.define(`evaluate_${codes[0]}`, ACTION);
    emitEpoch(predicates, evaluate);
    leaves?.emitCall(evaluate.code, group);
    const rules: Rules = { candidates, renders, matching, group, first: 0 };
    if (costs !== undefined) {
      const measured = module.define(`measure_${codes[0]}`, ACTION);
      costs.emitCalibration(measured.code);
      costs.emitMark(measured.code, MARK_BEGIN);
      emitCandidates(predicates, measured, { ...rules, costs, isMeasured: true });
      costs.emitCall(evaluate.code, group, measured);
      emitCandidates(predicates, evaluate, { ...rules, costs });
    } else emitCandidates(predicates, evaluate, rules);
    for (const code of codes) {
      module.export(`evaluate_${code}`, evaluate);
      entries[code] = evaluate;
    }
  }
  while (predicates.flush() || values.flush());
  module.elements(0, entries);

  const constants = pool.take();
  module.setData(constants);
  return {
    wasm: module.finish(),
    constantsBytes: constants.length,
    functions: module.functionCount,
    ...(costs === undefined ? {} : { costs: costs.plan }),
    ...(leaves === undefined ? {} : { leaves: leaves.plan }),
  };
}

/** The matcher's memory and table; global 0 is the address of the module's constants. */
export function importMatcher(module: ModuleBuilder): void {
  module.importMemory({ module: "env", name: "memory", minPages: 1, maxPages: MAX_PAGES });
  module.importTable({ module: "env", name: "table", minEntries: TABLE.ENTRIES });
  module.importBase("env", "base");
}

interface EventGroup {
  readonly codes: number[];
  readonly candidates: readonly GuardedCandidate[];
  readonly known: readonly KnownLeaf[];
}

const NOTHING_KNOWN: readonly KnownLeaf[] = [];

/** Many events are left with the same rules under the same conditions: one function serves them all. */
function groupEvents(
  { graph, events }: Program,
  knownOf?: ReadonlyMap<number, readonly KnownLeaf[]>,
): readonly EventGroup[] {
  const groups = new Map<string, EventGroup>();
  for (const { event, candidates } of events) {
    const known = knownOf?.get(event.code) ?? NOTHING_KNOWN;
    const key = [
      candidates.map(({ rule, condition }) => `${rule}:${condition.id}`).join(),
      ...known.map(({ slot, answer }) => `${answer ? "" : "!"}${slot}`),
    ].join();
    const group = groups.get(key);
    if (group === undefined) {
      const guarded = candidates.map((candidate) => splitGuards(graph, candidate));
      groups.set(key, { codes: [event.code], candidates: guarded, known });
    } else group.codes.push(event.code);
  }
  return [...groups.values()];
}

export function emitEpoch({ values: { epoch } }: PredicateEmitter, { code }: DefinedFunction): void {
  code.indexed(OP.globalGet, epoch);
  code.i64(EPOCH_STEP);
  code.op(OP.i64Add);
  code.indexed(OP.globalSet, epoch);
}

/** What the function of an event evaluates. */
interface Rules {
  readonly candidates: readonly GuardedCandidate[];
  readonly renders: readonly (DefinedFunction | undefined)[];
  readonly matching: "first" | "all";
  readonly group: number;
  /** the position of the first of `candidates` in its group */
  readonly first: number;
  readonly costs?: CostCounters;
  readonly isMeasured?: true;
}

function emitCandidates(predicates: PredicateEmitter, { code }: DefinedFunction, rules: Rules): void {
  const { candidates, renders, matching, group, first, costs, isMeasured } = rules;
  const scope = new Scope(code);
  for (const value of leadingValues(candidates)) {
    predicates.values.push(scope, value);
    const local = code.local("i64");
    code.indexed(OP.localSet, local);
    scope.held.set(value.id, local);
  }
  const groups = sharedGuards(candidates).map((checks) => ({
    checks,
    answer: emitShared(predicates, scope, checks),
  }));
  for (const [index, { rule, guards, rest }] of candidates.entries()) {
    if (code.length > LONG_FUNCTION_BYTES) {
      const { module } = predicates.values;
      const more = module.define(`more_${module.functionCount}`, ACTION);
      code.call(more);
      const left = { ...rules, candidates: candidates.slice(index), first: first + index };
      return emitCandidates(predicates, more, left);
    }
    const slot = costs?.slotOf(group, first + index) ?? 0;
    const done = isMeasured === true ? code.open(OP.block) : undefined;
    const next = code.open(OP.block);
    const shared = groups.find(({ checks }) => hasAll(guards, checks));
    if (shared !== undefined) {
      code.indexed(OP.localGet, shared.answer);
      code.op(OP.i32Eqz);
      code.branch(OP.brIf, next);
    }
    const left = guards.filter((guard) => !shared?.checks.includes(guard));
    for (const part of [...left, rest]) predicates.jump(scope, part, next, false);
    if (done !== undefined) costs?.emitMark(code, slot);
    costs?.emitMatch(code, slot);
    code.call(renders[rule]!);
    if (matching === "first") code.op(OP.return);
    if (done === undefined) {
      code.end();
      continue;
    }
    costs?.emitMark(code, MARK_BEGIN);
    code.branch(OP.br, done);
    code.end();
    costs?.emitMark(code, slot);
    code.end();
  }
}

/** Puts into a local whether all of these hold. */
function emitShared(predicates: PredicateEmitter, scope: Scope, checks: readonly PredicateNode[]): number {
  const { code } = scope;
  const answer = code.local("i32");
  const no = code.open(OP.block);
  for (const check of checks) predicates.jump(scope, check, no, false);
  code.i32(1);
  code.indexed(OP.localSet, answer);
  code.end();
  return answer;
}

function emitRender(
  values: ValueEmitter,
  render: DefinedFunction,
  rule: number,
  outputs: readonly OutputValue[],
): DefinedFunction {
  const { code } = render;
  const scope = new Scope(code);
  code.i32(rule);
  code.call(values.import("out_begin", ["i32"], []));
  for (const { fn, node } of outputs) {
    if (node === undefined) code.i64(0n);
    else values.push(scope, node);
    code.call(values.import(fn, ["i64"], []));
  }
  code.call(values.import("out_end", [], []));
  return render;
}
