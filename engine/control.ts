// The words of the CONTROL region: how the main thread reaches a worker that does not look at its messages.

import { CONTROL_WORDS, controlAt } from "../schema/layout.ts";

export class Control {
  readonly #words: Uint32Array;

  constructor(memory: WebAssembly.Memory) {
    this.#words = new Uint32Array(memory.buffer);
  }

  requestStop(): void {
    Atomics.store(this.#words, index("STOP"), 1);
  }

  get stopRequested(): boolean {
    return Atomics.load(this.#words, index("STOP")) !== 0;
  }

  /** One more message waits for the worker. */
  announceMessage(): void {
    Atomics.add(this.#words, index("COMMAND"), 1);
  }

  messageTaken(): void {
    Atomics.sub(this.#words, index("COMMAND"), 1);
  }

  get messageWaits(): boolean {
    return Atomics.load(this.#words, index("COMMAND")) !== 0;
  }

  /** The worker's sign of life, once a turn. */
  beat(): void {
    Atomics.add(this.#words, index("HEARTBEAT"), 1);
  }

  get beats(): number {
    return Atomics.load(this.#words, index("HEARTBEAT"));
  }
}

function index(word: typeof CONTROL_WORDS[number]): number {
  return controlAt(word) / 4;
}
