// The tree becomes a nondeterministic automaton over classes of code points.
// In: a tree. Out: states and the partition of all code points into classes that the pattern cannot tell apart.
// Next stage: rune_dfa.ts.

import type { RegexNode } from "./parse.ts";
import { RegexError } from "./reader.ts";
import { MAX_RUNE, type RuneSet } from "./rune_set.ts";

export type NfaState =
  | { readonly kind: "runes"; readonly classes: ReadonlySet<number>; next: number }
  | { readonly kind: "line"; readonly edge: "begin" | "end"; next: number }
  | { readonly kind: "split"; readonly next: number[] }
  | { readonly kind: "match" };

/** Classes of code points: the interval that starts at `starts[i]` has the class `classes[i]`. */
export interface Partition {
  readonly starts: readonly number[];
  readonly classes: readonly number[];
  readonly count: number;
}

export interface Nfa {
  readonly states: readonly NfaState[];
  readonly start: number;
  readonly partition: Partition;
  /** class of newlines */
  readonly newline: number;
}

const MAX_STATES = 20_000;
const NEWLINE = 0x0a;

export function buildNfa(tree: RegexNode): Nfa {
  const sets = new Map<RuneSet, ReadonlySet<number>>();
  collect(tree, sets);
  const partition = divide([...sets.keys(), [[NEWLINE, NEWLINE]]]);
  for (const set of sets.keys()) sets.set(set, classesOf(set, partition));
  const builder = new Builder(sets);
  const start = builder.build(tree, builder.add({ kind: "match" }));
  return { states: builder.states, start, partition, newline: classAt(partition, NEWLINE) };
}

function collect(node: RegexNode, sets: Map<RuneSet, ReadonlySet<number>>): void {
  if (node.kind === "runes") sets.set(node.set, new Set());
  else if (node.kind === "repeat") collect(node.item, sets);
  else if (node.kind === "concat" || node.kind === "alternate") {
    node.items.forEach((item) => collect(item, sets));
  }
}

/** Intervals that lie in the same sets share a class. */
function divide(sets: readonly RuneSet[]): Partition {
  const borders = new Map<number, number[]>([[0, []]]);
  const toggle = (at: number, set: number) => {
    if (at > MAX_RUNE) return;
    const known = borders.get(at);
    if (known === undefined) borders.set(at, [set]);
    else known.push(set);
  };
  for (const [index, set] of sets.entries()) {
    for (const [low, high] of set) {
      toggle(low, index);
      toggle(high + 1, index);
    }
  }
  const starts = [...borders.keys()].sort((a, b) => a - b);
  const inside = new Set<number>();
  const numbers = new Map<string, number>();
  const classes = starts.map((start) => {
    for (const set of borders.get(start)!) if (!inside.delete(set)) inside.add(set);
    const key = [...inside].sort((a, b) => a - b).join();
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
  return { starts, classes, count: numbers.size };
}

/** Position of the interval that holds a code point. */
export function intervalAt({ starts }: Partition, rune: number): number {
  let low = 0, high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= rune) low = middle;
    else high = middle - 1;
  }
  return low;
}

function classAt(partition: Partition, rune: number): number {
  return partition.classes[intervalAt(partition, rune)]!;
}

function classesOf(set: RuneSet, partition: Partition): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [low, high] of set) {
    for (
      let i = intervalAt(partition, low);
      i < partition.starts.length && partition.starts[i]! <= high;
      i++
    ) {
      found.add(partition.classes[i]!);
    }
  }
  return found;
}

class Builder {
  readonly states: NfaState[] = [];

  constructor(readonly sets: ReadonlyMap<RuneSet, ReadonlySet<number>>) {}

  add(state: NfaState): number {
    if (this.states.length >= MAX_STATES) throw new RegexError("the expression is too large");
    return this.states.push(state) - 1;
  }

  /** Adds the states of `node` before `next`; returns the first. */
  build(node: RegexNode, next: number): number {
    switch (node.kind) {
      case "empty":
        return next;
      case "runes":
        return this.add({ kind: "runes", classes: this.sets.get(node.set)!, next });
      case "line":
        return this.add({ kind: "line", edge: node.edge, next });
      case "concat":
        return node.items.reduceRight((after, item) => this.build(item, after), next);
      case "alternate":
        return this.add({ kind: "split", next: node.items.map((item) => this.build(item, next)) });
      case "repeat":
        return this.#repeat(node.item, node.min, node.max, next);
    }
  }

  #repeat(item: RegexNode, min: number, max: number, next: number): number {
    let after = next;
    if (max === Infinity) {
      const loop: number[] = [next];
      after = this.add({ kind: "split", next: loop });
      loop.push(this.build(item, after));
    } else {
      for (let i = min; i < max; i++) {
        after = this.add({ kind: "split", next: [next, this.build(item, after)] });
      }
    }
    for (let i = 0; i < min; i++) after = this.build(item, after);
    return after;
  }
}
