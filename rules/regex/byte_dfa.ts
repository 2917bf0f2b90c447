// Joins the automaton over classes of code points with the decoder: an automaton over bytes.

import { type Automaton, deadStates } from "./automaton.ts";
import type { Decoder } from "./decoder.ts";
import { RegexError } from "./reader.ts";

const MAX_STATES = 16_384;
const MAX_CELLS = 1 << 19;

export interface ByteAutomaton {
  readonly automaton: Automaton;
  /** symbol of each byte */
  readonly symbolOf: Uint8Array;
}

/** Bytes that mean the same at every point of the decoder are one symbol. */
function byteSymbols({ points }: Decoder): { symbolOf: Uint8Array; bytes: readonly number[] } {
  const numbers = new Map<string, number>();
  const symbolOf = new Uint8Array(256);
  const bytes: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const key = points.map((steps) => {
      const step = steps[byte]!;
      return step.kind === "broken" ? "-" : `${step.kind[0]}${step.value}`;
    }).join();
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
      bytes.push(byte);
    }
    symbolOf[byte] = number;
  }
  return { symbolOf, bytes };
}

export function buildByteDfa(runes: Automaton, decoder: Decoder): ByteAutomaton {
  const { symbolOf, bytes } = byteSymbols(decoder);
  const symbols = bytes.length;
  const dead = deadStates(runes);
  const pairs: { rune: number; point: number }[] = [];
  const numbers = new Map<number, number>();
  const enter = (rune: number, point: number): number => {
    // nothing can be reached from a dead state, so the decoder's point does not matter there
    const key = dead[rune] === 1 ? -1 : rune * decoder.points.length + point;
    let number = numbers.get(key);
    if (number === undefined) {
      number = pairs.push({ rune, point: key === -1 ? 0 : point }) - 1;
      numbers.set(key, number);
      if (pairs.length > MAX_STATES || pairs.length * symbols > MAX_CELLS) {
        throw new RegexError("the expression needs too many states");
      }
    }
    return number;
  };
  const after = (rune: number, symbol: number): number => runes.next[rune * runes.symbols + symbol]!;
  const step = (rune: number, point: number, byte: number): number => {
    const found = decoder.points[point]![byte]!;
    if (found.kind === "class") return enter(after(rune, found.value), 0);
    if (found.kind === "point") return enter(rune, found.value);
    const replaced = after(rune, decoder.replacement);
    // a byte that cannot begin a sequence is replaced itself; one that breaks a sequence starts over
    return point === 0 ? enter(replaced, 0) : step(replaced, 0, byte);
  };

  const start = enter(runes.start, 0);
  const next: number[] = [];
  const accept: number[] = [];
  for (let state = 0; state < pairs.length; state++) {
    const { rune, point } = pairs[state]!;
    // a sequence that the text cuts off is replaced too
    accept.push(runes.accept[point === 0 ? rune : after(rune, decoder.replacement)]!);
    for (const byte of bytes) next.push(step(rune, point, byte));
  }
  const automaton = {
    states: pairs.length,
    symbols,
    next: Int32Array.from(next),
    accept: Uint8Array.from(accept),
    start,
  };
  return { automaton, symbolOf };
}
