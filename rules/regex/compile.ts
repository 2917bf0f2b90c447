// Regular expressions: pattern → table that the matcher's str_regex walks, one step for each byte, so that
// matching takes time linear in the text whatever the pattern.
// In: a pattern in RE2's POSIX syntax; the whole text has to match. Out: the table, or what is wrong.
//
// Table: u32 states, u32 classes, u8 classOf[256], u16 next[states × classes], u8 accept[states];
// state 0 is dead, state 1 the start.

import { ByteWriter } from "../wasm/bytes.ts";
import { type Automaton, deadStates, minimise } from "./automaton.ts";
import { buildByteDfa } from "./byte_dfa.ts";
import { buildDecoder } from "./decoder.ts";
import { buildNfa } from "./nfa.ts";
import { parseRegex } from "./parse.ts";
import { RegexError, RuneReader } from "./reader.ts";
import { buildRuneDfa } from "./rune_dfa.ts";

export interface CompiledRegex {
  readonly table: Uint8Array;
  readonly states: number;
}

/** The checker asks first, the emitter again, and a reload asks for the same ones. */
const known = new Map<string, CompiledRegex | string>();
const KNOWN_PATTERNS = 64;

/** The compiled pattern, or a sentence that says why it cannot be compiled. */
export function compileRegex(pattern: string): CompiledRegex | string {
  let result = known.get(pattern);
  if (result === undefined) {
    result = compilePattern(pattern);
    if (known.size >= KNOWN_PATTERNS) known.clear();
    known.set(pattern, result);
  }
  return result;
}

function compilePattern(pattern: string): CompiledRegex | string {
  try {
    const nfa = buildNfa(parseRegex(new RuneReader(pattern)));
    const runes = minimise(buildRuneDfa(nfa));
    const { automaton, symbolOf } = buildByteDfa(runes, buildDecoder(nfa.partition));
    return writeTable(minimise(automaton), symbolOf);
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}

/** Numbers the states as the matcher wants them; all dead ones are 0. */
function numbered(automaton: Automaton): { numbers: Int32Array; order: number[] } {
  const dead = deadStates(automaton);
  const numbers = new Int32Array(automaton.states);
  const order = [automaton.start];
  numbers[automaton.start] = 1;
  for (let state = 0; state < automaton.states; state++) {
    if (dead[state] === 1 || state === automaton.start) continue;
    numbers[state] = order.push(state);
  }
  return { numbers, order };
}

function writeTable(automaton: Automaton, symbolOf: Uint8Array): CompiledRegex {
  const { symbols, next, accept } = automaton;
  const { numbers, order } = numbered(automaton);
  const columns = new Map<string, number>();
  const representative: number[] = [];
  const classOfSymbol = Array.from({ length: symbols }, (_, symbol) => {
    const key = order.map((state) => numbers[next[state * symbols + symbol]!]).join();
    let column = columns.get(key);
    if (column === undefined) {
      column = representative.push(symbol) - 1;
      columns.set(key, column);
    }
    return column;
  });
  const out = new ByteWriter();
  const states = order.length + 1;
  out.u32(states);
  out.u32(representative.length);
  for (const symbol of symbolOf) out.u8(classOfSymbol[symbol]!);
  for (let i = 0; i < representative.length; i++) out.u16(0);
  for (const state of order) {
    for (const symbol of representative) out.u16(numbers[next[state * symbols + symbol]!]!);
  }
  out.u8(0);
  for (const state of order) out.u8(accept[state]!);
  return { table: out.take(), states };
}
