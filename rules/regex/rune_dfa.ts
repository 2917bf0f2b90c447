// Subset construction over classes of code points.
// `^` holds at the start and after a newline: known when a state is entered. `$` holds at the end and before a
// newline: known with the next symbol, so a state keeps its pending `$` and resolves it then.

import type { Automaton } from "./automaton.ts";
import type { Nfa } from "./nfa.ts";
import { RegexError } from "./reader.ts";

const MAX_STATES = 4096;
const MAX_CELLS = 1 << 18;

interface Subset {
  /** states of the NFA, closed over what is known when the subset is entered */
  readonly members: readonly number[];
  readonly atLineStart: boolean;
}

export function buildRuneDfa(nfa: Nfa): Automaton {
  const symbols = nfa.partition.count;
  const subsets: Subset[] = [];
  const numbers = new Map<string, number>();
  const enter = (kernel: readonly number[], atLineStart: boolean): number => {
    const members = closure(nfa, kernel, atLineStart, false);
    const pending = members.some((member) => isEnd(nfa, member));
    const key = `${pending && atLineStart ? "^" : ""}${members.join()}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = subsets.push({ members, atLineStart }) - 1;
      numbers.set(key, number);
      if (subsets.length > MAX_STATES || subsets.length * symbols > MAX_CELLS) {
        throw new RegexError("the expression needs too many states");
      }
    }
    return number;
  };

  const start = enter([nfa.start], true);
  const next: number[] = [];
  const accept: number[] = [];
  for (let state = 0; state < subsets.length; state++) {
    const { members, atLineStart } = subsets[state]!;
    const pending = members.some((member) => isEnd(nfa, member));
    const atEnd = pending ? closure(nfa, members, atLineStart, true) : members;
    accept.push(atEnd.some((member) => nfa.states[member]!.kind === "match") ? 1 : 0);
    for (let symbol = 0; symbol < symbols; symbol++) {
      const newline = symbol === nfa.newline;
      const kernel = new Set<number>();
      for (const member of newline ? atEnd : members) {
        const node = nfa.states[member]!;
        if (node.kind === "runes" && node.classes.has(symbol)) kernel.add(node.next);
      }
      next.push(enter([...kernel], newline));
    }
  }
  return {
    states: subsets.length,
    symbols,
    next: Int32Array.from(next),
    accept: Uint8Array.from(accept),
    start,
  };
}

function isEnd(nfa: Nfa, state: number): boolean {
  const node = nfa.states[state]!;
  return node.kind === "line" && node.edge === "end";
}

/** Everything reachable without reading, sorted. */
function closure(nfa: Nfa, kernel: readonly number[], lineStart: boolean, lineEnd: boolean): number[] {
  const seen = new Set(kernel);
  for (const state of seen) {
    const node = nfa.states[state]!;
    if (node.kind === "split") node.next.forEach((next) => seen.add(next));
    else if (node.kind === "line" && (node.edge === "begin" ? lineStart : lineEnd)) seen.add(node.next);
  }
  const reading = [...seen].filter((state) => {
    const { kind } = nfa.states[state]!;
    return kind === "runes" || kind === "match" || (isEnd(nfa, state) && !lineEnd);
  });
  return reading.sort((a, b) => a - b);
}
