// Decides which nodes become functions of their own, and which of those remember their answer per event.
// In: the candidates of each evaluation function. Out: for each node a place. Elsewhere: the functions
// themselves (predicates.ts, values.ts).
//
// A node that one event evaluates more than once is memoised. A large predicate that would be written out in
// several places is a plain function. Deep predicates are cut into functions too, which bounds the nesting of
// blocks.

import type { PredicateNode, ValueNode } from "../lower/ir.ts";
import type { GuardedCandidate } from "./guards.ts";

export type Place = "inline" | "function" | "memo";

/** A predicate is worth a function when writing it out in every place would add this many nodes. */
const SAVED_SIZE = 8;
/** A rule's condition stays in its event's function up to this size. */
const ROOT_SIZE = 60;
/** Height at which a predicate becomes a function. */
const CUT_HEIGHT = 40;
/** A test this cheap (ns, its value apart) is repeated rather than remembered. */
const CHEAP_NS = 4;

export class Sharing {
  readonly #places = new Map<number, Place>();

  constructor(groups: readonly (readonly GuardedCandidate[])[]) {
    for (const candidates of groups) {
      const uses = new Map<number, number>();
      for (const part of partsOf(candidates)) this.#memoise(part, uses);
    }
    this.#outline(groups);
  }

  place(node: PredicateNode | ValueNode): Place {
    return this.#places.get(node.id) ?? "inline";
  }

  /** Finds what one event evaluates twice. What is memoised counts its operands once. */
  #memoise(node: PredicateNode, uses: Map<number, number>): void {
    if (node.kind === "constant") return;
    const before = uses.get(node.id) ?? 0;
    uses.set(node.id, before + 1);
    if (before > 0 && isWorthMemory(node)) {
      this.#places.set(node.id, "memo");
      return;
    }
    for (const operand of operandsOf(node)) this.#memoise(operand, uses);
    for (const value of valuesOf(node)) this.#memoiseValue(value, uses);
  }

  #memoiseValue(node: ValueNode, uses: Map<number, number>): void {
    if (node.kind !== "field" && node.kind !== "call") return;
    const before = uses.get(node.id) ?? 0;
    uses.set(node.id, before + 1);
    if (before > 0) {
      if (!node.bound) this.#places.set(node.id, "memo");
    } else if (node.kind === "call") {
      for (const arg of node.args) this.#memoiseValue(arg, uses);
    }
  }

  /** Walks from the conditions down; a node is written out wherever its users are that are no functions. */
  #outline(groups: readonly (readonly GuardedCandidate[])[]): void {
    const copies = new Map<number, number>();
    const addCopies = (node: PredicateNode, count: number) =>
      copies.set(node.id, (copies.get(node.id) ?? 0) + count);
    const order: PredicateNode[] = [];
    const heights = new Map<number, number>();
    for (const candidates of groups) {
      for (const part of partsOf(candidates)) {
        addCopies(part, 1);
        visit(part, heights, order);
      }
    }
    const roots = new Set(groups.flatMap((candidates) => candidates.map(({ rest }) => rest.id)));
    for (const node of order.toReversed()) {
      const count = copies.get(node.id) ?? 0;
      const large = (count - 1) * (node.size - 1) >= SAVED_SIZE ||
        (roots.has(node.id) && node.size > ROOT_SIZE);
      const deep = heights.get(node.id)! % CUT_HEIGHT === CUT_HEIGHT - 1;
      const canMove = !node.bound && node.kind !== "not" && node.kind !== "constant";
      if (canMove && !this.#places.has(node.id) && (large || deep || node.kind === "ancestors")) {
        this.#places.set(node.id, "function");
      }
      for (const operand of operandsOf(node)) addCopies(operand, this.#places.has(node.id) ? 1 : count);
    }
  }
}

/** What is in the function of an event. */
function partsOf(candidates: readonly GuardedCandidate[]): readonly PredicateNode[] {
  return candidates.flatMap(({ guards, rest }) => [...guards, rest]);
}

/** Operands before their users; also how high each node is above its leaves. */
function visit(node: PredicateNode, heights: Map<number, number>, order: PredicateNode[]): number {
  const known = heights.get(node.id);
  if (known !== undefined) return known;
  let height = 0;
  for (const operand of operandsOf(node)) height = Math.max(height, visit(operand, heights, order) + 1);
  heights.set(node.id, height);
  order.push(node);
  return height;
}

function operandsOf(node: PredicateNode): readonly PredicateNode[] {
  switch (node.kind) {
    case "and":
    case "or":
    case "one":
      return node.operands;
    case "not":
    case "leaf":
      return [node.operand];
    case "ancestors":
      return [node.test];
    default:
      return [];
  }
}

function valuesOf(node: PredicateNode): readonly ValueNode[] {
  switch (node.kind) {
    case "present":
      return [node.value];
    case "compare":
      return [node.left, node.right];
    case "test":
      return "id" in node.right ? [node.left, node.right] : [node.left];
    default:
      return [];
  }
}

function isWorthMemory(node: PredicateNode): boolean {
  if (node.bound || node.kind === "not") return false;
  if (node.kind === "test") return node.cost - node.left.cost >= CHEAP_NS;
  return operandsOf(node).length > 0;
}
