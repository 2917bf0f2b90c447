// A complete deterministic automaton, and its smallest equivalent.

export interface Automaton {
  readonly states: number;
  readonly symbols: number;
  /** next[state × symbols + symbol] */
  readonly next: Int32Array;
  readonly accept: Uint8Array;
  readonly start: number;
}

/** Merges states that no input tells apart. */
export function minimise({ states, symbols, next, accept, start }: Automaton): Automaton {
  const { blockOf, blocks } = new Partition(states, symbols, next, accept).refine();
  const small = new Int32Array(blocks * symbols);
  const smallAccept = new Uint8Array(blocks);
  for (let state = 0; state < states; state++) {
    const own = blockOf[state]!;
    smallAccept[own] = accept[state]!;
    for (let symbol = 0; symbol < symbols; symbol++) {
      small[own * symbols + symbol] = blockOf[next[state * symbols + symbol]!]!;
    }
  }
  return { states: blocks, symbols, next: small, accept: smallAccept, start: blockOf[start]! };
}

/** Hopcroft's partition refinement: the members of a block are neighbours in one array. */
class Partition {
  readonly blockOf: Int32Array;
  readonly #members: Int32Array;
  readonly #position: Int32Array;
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** how many members, the first ones, are marked */
  readonly #marked: number[] = [];
  /** predecessors by symbol and state: #before[#firstBefore[key] … #firstBefore[key + 1]] */
  readonly #before: Int32Array;
  readonly #firstBefore: Int32Array;

  constructor(
    readonly states: number,
    readonly symbols: number,
    next: Int32Array,
    accept: Uint8Array,
  ) {
    this.blockOf = new Int32Array(states);
    this.#members = Int32Array.from(accept.keys()).sort((a, b) => accept[a]! - accept[b]!);
    this.#position = new Int32Array(states);
    this.#members.forEach((state, position) => this.#position[state] = position);
    const accepting = accept.reduce((sum, one) => sum + one, 0);
    for (const [from, to] of [[0, states - accepting], [states - accepting, states]] as const) {
      if (from < to) this.#addBlock(from, to);
    }
    this.#firstBefore = new Int32Array(states * symbols + 1);
    const keyOf = (i: number) => (i % symbols) * states + next[i]!;
    for (let i = 0; i < next.length; i++) this.#firstBefore[keyOf(i) + 1]!++;
    for (let key = 0; key < states * symbols; key++) this.#firstBefore[key + 1]! += this.#firstBefore[key]!;
    this.#before = new Int32Array(next.length);
    const filled = this.#firstBefore.slice();
    for (let i = 0; i < next.length; i++) this.#before[filled[keyOf(i)]!++] = Math.floor(i / symbols);
  }

  #addBlock(from: number, to: number): number {
    const block = this.#from.push(from) - 1;
    this.#to.push(to);
    this.#marked.push(0);
    for (let i = from; i < to; i++) this.blockOf[this.#members[i]!] = block;
    return block;
  }

  refine(): { blockOf: Int32Array; blocks: number } {
    // every block waits once with all symbols; a block that is split waits with its smaller part
    const waiting = this.#from.map((_, block) => block);
    const queued = new Set(waiting);
    for (let splitter = waiting.pop(); splitter !== undefined; splitter = waiting.pop()) {
      queued.delete(splitter);
      const inside = this.#members.slice(this.#from[splitter], this.#to[splitter]);
      for (let symbol = 0; symbol < this.symbols; symbol++) {
        for (const [old, made] of this.#split(inside, symbol)) {
          const smaller = this.#to[old]! - this.#from[old]! < this.#to[made]! - this.#from[made]!
            ? old
            : made;
          const add = queued.has(old) ? made : smaller;
          if (queued.has(add)) continue;
          queued.add(add);
          waiting.push(add);
        }
      }
    }
    return { blockOf: this.blockOf, blocks: this.#from.length };
  }

  /** Divides each block into the states that reach `inside` by the symbol and the others. */
  #split(inside: Int32Array, symbol: number): [old: number, made: number][] {
    const touched: number[] = [];
    for (const target of inside) {
      const key = symbol * this.states + target;
      for (let i = this.#firstBefore[key]!; i < this.#firstBefore[key + 1]!; i++) {
        const state = this.#before[i]!;
        const block = this.blockOf[state]!;
        if (this.#marked[block] === 0) touched.push(block);
        this.#mark(state, block);
      }
    }
    const pairs: [number, number][] = [];
    for (const block of touched) {
      const from = this.#from[block]!, middle = from + this.#marked[block]!;
      this.#marked[block] = 0;
      if (middle === this.#to[block]) continue;
      this.#from[block] = middle;
      pairs.push([block, this.#addBlock(from, middle)]);
    }
    return pairs;
  }

  #mark(state: number, block: number): void {
    const at = this.#position[state]!, to = this.#from[block]! + this.#marked[block]!;
    const other = this.#members[to]!;
    this.#members[to] = state;
    this.#members[at] = other;
    this.#position[state] = to;
    this.#position[other] = at;
    this.#marked[block]!++;
  }
}

/** States from which no accepting state can be reached. */
export function deadStates({ states, symbols, next, accept }: Automaton): Uint8Array {
  const before: number[][] = Array.from({ length: states }, () => []);
  for (let i = 0; i < next.length; i++) before[next[i]!]!.push(Math.floor(i / symbols));
  const dead = new Uint8Array(states).fill(1);
  const work = [...accept.keys()].filter((state) => accept[state] === 1);
  for (const state of work) dead[state] = 0;
  for (let state = work.pop(); state !== undefined; state = work.pop()) {
    for (const earlier of before[state]!) {
      if (dead[earlier] === 0) continue;
      dead[earlier] = 0;
      work.push(earlier);
    }
  }
  return dead;
}
