// Last stage: the program becomes one WebAssembly module, as docs/architecture.md describes it.
// In: lower/'s program. Out: the module's bytes, the size of its constants, the event codes it judges.
//
// Per event one export `evaluate_<code>`, per rule one function `render_<n>`, and functions for what is shared.

import type { OutputValue } from "../lower/output.ts";
import type { Program } from "../lower/lower.ts";
import { type DefinedFunction, ModuleBuilder } from "../wasm/module.ts";
import { OP } from "../wasm/opcodes.ts";
import { ConstantPool } from "./constants.ts";
import { type GuardedCandidate, leadingValues, splitGuards } from "./guards.ts";
import { PredicateEmitter } from "./predicates.ts";
import { Scope } from "./scope.ts";
import { Sharing } from "./sharing.ts";
import { ValueEmitter } from "./values.ts";

const TABLE_ENTRIES = 1024;
/** table indices below are event codes */
const EVENT_ENTRIES = 512;
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
}

export function emit(program: Program, matching: "first" | "all"): Emitted {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", minPages: 1, maxPages: MAX_PAGES });
  module.importTable({ module: "env", name: "table", minEntries: TABLE_ENTRIES });
  module.importBase("env", "base");
  const epoch = module.global("i64", 0n);
  const groups = groupEvents(program);
  const pool = new ConstantPool(program.graph);
  const sharing = new Sharing(groups.map(({ candidates }) => candidates));
  const values = new ValueEmitter(module, pool, sharing, epoch);
  const predicates = new PredicateEmitter(values);

  const nothing = module.define("no_rule", ACTION);
  const entries: DefinedFunction[] = new Array(EVENT_ENTRIES).fill(nothing);
  const renders = program.outputs.map((outputs, rule) =>
    outputs && emitRender(values, module.define(`render_${rule}`, ACTION), rule, outputs)
  );
  for (const { codes, candidates } of groups) {
    const evaluate = module.define(`evaluate_${codes[0]}`, ACTION);
    emitEpoch(predicates, evaluate);
    emitCandidates(predicates, evaluate, candidates, renders, matching);
    for (const code of codes) {
      module.export(`evaluate_${code}`, evaluate);
      entries[code] = evaluate;
    }
  }
  while (predicates.flush() || values.flush());
  module.elements(0, entries);

  const constants = pool.take();
  module.setData(constants);
  return { wasm: module.finish(), constantsBytes: constants.length, functions: module.functionCount };
}

interface EventGroup {
  readonly codes: number[];
  readonly candidates: readonly GuardedCandidate[];
}

/** Many events are left with the same rules under the same conditions: one function serves them all. */
function groupEvents({ graph, events }: Program): readonly EventGroup[] {
  const groups = new Map<string, EventGroup>();
  for (const { event, candidates } of events) {
    const key = candidates.map(({ rule, condition }) => `${rule}:${condition.id}`).join();
    const group = groups.get(key);
    if (group === undefined) {
      const guarded = candidates.map((candidate) => splitGuards(graph, candidate));
      groups.set(key, { codes: [event.code], candidates: guarded });
    } else group.codes.push(event.code);
  }
  return [...groups.values()];
}

function emitEpoch({ values: { epoch } }: PredicateEmitter, { code }: DefinedFunction): void {
  code.indexed(OP.globalGet, epoch);
  code.i64(EPOCH_STEP);
  code.op(OP.i64Add);
  code.indexed(OP.globalSet, epoch);
}

function emitCandidates(
  predicates: PredicateEmitter,
  { code }: DefinedFunction,
  candidates: readonly GuardedCandidate[],
  renders: readonly (DefinedFunction | undefined)[],
  matching: "first" | "all",
): void {
  const scope = new Scope(code);
  for (const value of leadingValues(candidates)) {
    predicates.values.push(scope, value);
    const local = code.local("i64");
    code.indexed(OP.localSet, local);
    scope.held.set(value.id, local);
  }
  for (const [index, { rule, guards, rest }] of candidates.entries()) {
    if (code.length > LONG_FUNCTION_BYTES) {
      const { module } = predicates.values;
      const more = module.define(`more_${module.functionCount}`, ACTION);
      code.call(more);
      return emitCandidates(predicates, more, candidates.slice(index), renders, matching);
    }
    const next = code.open(OP.block);
    for (const part of [...guards, rest]) predicates.jump(scope, part, next, false);
    code.call(renders[rule]!);
    if (matching === "first") code.op(OP.return);
    code.end();
  }
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
