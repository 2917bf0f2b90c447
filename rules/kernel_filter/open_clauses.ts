// The necessary condition of "some rule matches this open", over what the probe knows of it: how the file is opened, and its
// path. In: the residual conditions of open, openat and openat2. Out: clauses, of which one holds whenever a rule matches.
// Partial evaluation: what is not understood counts as true, below `not` too, so clauses can only be wider than the rules.
// Elsewhere: what a test needs of a path (path_parts.ts), clauses as tables (kernel_filter.ts).

import type { Graph, PredicateNode, TestNode, ValueNode } from "../lower/ir.ts";
import { literalsOf } from "./known_text.ts";
import { type CallFacts, truthOf } from "./may_hold.ts";
import { partsOfTest, type PathParts, union } from "./path_parts.ts";
import { ALL_KINDS, CREATES, EXECUTABLE, OPEN_KINDS, READS, WRITES } from "./plan.ts";

/** An open of one of these kinds, the path of which has one of the parts. */
export interface OpenClause {
  readonly kinds: number;
  readonly name: PathParts;
  readonly resolved: PathParts;
}

const ALWAYS: readonly OpenClause[] = [{ kinds: ALL_KINDS, name: "any", resolved: [] }];
const NEVER: readonly OpenClause[] = [];
/** More alternatives than this are not worth their while. */
const MAX_CLAUSES = 64;

/** Values that begin where the path of the event begins. */
const WHOLE_NAMES: ReadonlySet<string> = new Set(["fd_name", "fd_directory"]);
/** At the beginning of a relative path it is left out before the path is looked at. */
const HERE = "./";
const KIND_OF_FIELD: Readonly<Record<string, number>> = {
  evt_is_open_read: READS,
  evt_is_open_write: WRITES,
  evt_is_open_exec: EXECUTABLE,
  evt_is_open_create: CREATES,
};
/** What the call asks for is known, not whether the file was made: where it has not to be made, nothing is said. */
const ASKED_ONLY: ReadonlySet<number> = new Set([CREATES]);

/** @param facts what else is known of the call; absent: nothing */
export function openClauses(graph: Graph, node: PredicateNode, facts?: CallFacts): readonly OpenClause[] {
  return new Clauses(graph, facts).of(node, true);
}

class Clauses {
  readonly #known = new Map<string, readonly OpenClause[]>();

  constructor(readonly graph: Graph, readonly facts: CallFacts | undefined) {}

  /** @param isTrue whether the predicate has to hold or not to hold */
  of(node: PredicateNode, isTrue: boolean): readonly OpenClause[] {
    const key = `${node.id} ${isTrue}`;
    let clauses = this.#known.get(key);
    if (clauses === undefined) this.#known.set(key, clauses = this.#of(node, isTrue));
    return clauses;
  }

  #of(node: PredicateNode, isTrue: boolean): readonly OpenClause[] {
    switch (node.kind) {
      case "constant":
        return node.value === isTrue ? ALWAYS : NEVER;
      case "not":
        return this.of(node.operand, !isTrue);
      case "leaf":
        return this.of(node.operand, isTrue);
      case "and":
      case "or": {
        const all = node.operands.map((operand) => this.of(operand, isTrue));
        return (node.kind === "and") === isTrue ? all.reduce(both, ALWAYS) : either(all.flat());
      }
      case "compare":
        return this.#decided(node, isTrue) ?? kindsOf(node.left, node.operator, node.right, isTrue);
      case "test":
        return this.#decided(node, isTrue) ?? (isTrue ? pathClause(node) : ALWAYS);
      case "present":
        return this.#decided(node, isTrue) ?? ALWAYS;
      default:
        return ALWAYS;
    }
  }

  #decided(node: Parameters<typeof truthOf>[0], isTrue: boolean): readonly OpenClause[] | undefined {
    const truth = this.facts && truthOf(node, this.facts);
    return truth === undefined ? undefined : truth === isTrue ? ALWAYS : NEVER;
  }
}

function kindsOf(
  left: ValueNode,
  operator: string,
  right: ValueNode,
  isTrue: boolean,
): readonly OpenClause[] {
  const bit = left.kind === "field" ? KIND_OF_FIELD[left.fn] : undefined;
  if (bit === undefined || right.kind !== "number" || (operator !== "=" && operator !== "!=")) return ALWAYS;
  const holds = (value: bigint) => ((value === right.value) === (operator === "=")) === isTrue;
  let kinds = 0;
  for (let kind = 0; kind < OPEN_KINDS; kind++) {
    const has = (kind & bit) !== 0;
    if (holds(has ? 1n : 0n) || (has && ASKED_ONLY.has(bit) && holds(0n))) kinds |= 1 << kind;
  }
  return kinds === 0 ? NEVER : [{ kinds, name: "any", resolved: [] }];
}

function pathClause(test: TestNode): readonly OpenClause[] {
  const subject = subjectOf(test.left);
  if (subject === undefined) return ALWAYS;
  if (subject.isPassed && literalsOf(test)?.some((text) => text.includes(HERE)) !== false) return ALWAYS;
  const parts = partsOfTest(test, subject.isWhole);
  if (parts === "any") return ALWAYS;
  if (parts.length === 0) return NEVER;
  return [{
    kinds: ALL_KINDS,
    name: subject.isResolved ? [] : parts,
    resolved: subject.isResolved ? parts : [],
  }];
}

interface Subject {
  readonly isWhole: boolean;
  readonly isResolved: boolean;
  /** as the program passed it */
  readonly isPassed?: true;
}

function subjectOf(value: ValueNode): Subject | undefined {
  if (value.kind === "call" && value.fn === "text_basename") {
    const inner = subjectOf(value.args[0]!);
    return inner && { ...inner, isWhole: false };
  }
  if (value.kind !== "field") return undefined;
  if (value.fn === "fd_realname") return { isWhole: true, isResolved: true };
  if (value.fn === "fd_filename") return { isWhole: false, isResolved: false };
  // before it there can be the path of a directory
  if (value.fn === "fd_nameraw") return { isWhole: false, isResolved: false, isPassed: true };
  return WHOLE_NAMES.has(value.fn) ? { isWhole: true, isResolved: false } : undefined;
}

/** Of two conditions on the path one is kept, the one that says more. */
function both(a: readonly OpenClause[], b: readonly OpenClause[]): readonly OpenClause[] {
  if (a === ALWAYS) return b;
  if (b === ALWAYS) return a;
  const clauses: OpenClause[] = [];
  for (const one of a) {
    for (const other of b) {
      const kinds = one.kinds & other.kinds;
      if (kinds !== 0) clauses.push({ ...stricter(one, other), kinds });
    }
  }
  return either(clauses);
}

function stricter(a: OpenClause, b: OpenClause): OpenClause {
  if (saysNothing(a)) return b;
  if (saysNothing(b)) return a;
  // a condition on the resolved path costs a walk; among the rest fewer parts match less
  if ((a.resolved.length === 0) !== (b.resolved.length === 0)) return a.resolved.length === 0 ? a : b;
  return a.name.length + a.resolved.length <= b.name.length + b.resolved.length ? a : b;
}

export function saysNothing({ name, resolved }: OpenClause): boolean {
  return name === "any" || resolved === "any";
}

/** Those about the same kinds become one. */
function either(clauses: readonly OpenClause[]): readonly OpenClause[] {
  const byKinds = new Map<number, OpenClause>();
  for (const clause of clauses) {
    const known = byKinds.get(clause.kinds);
    byKinds.set(
      clause.kinds,
      known === undefined ? clause : {
        kinds: clause.kinds,
        name: union([known.name, clause.name]),
        resolved: union([known.resolved, clause.resolved]),
      },
    );
  }
  return byKinds.size > MAX_CLAUSES ? ALWAYS : [...byKinds.values()];
}
