// The words of the CONTROL region: how the main thread reaches a worker that does not look at its messages.

import { CONTROL_WORDS, controlAt } from "../schema/mod.ts";

/** values of the word STOP besides 0 */
const STOP = 1;
const HAND_OVER = 2;
const ABANDON = 3;

/** How a run ends: after all that has been reported, at one moment for a successor to go on from, or at once. */
export type Ending = "drained" | "handed over" | "abandoned";

const STOP_WORD: Readonly<Record<Ending, number>> = {
  drained: STOP,
  "handed over": HAND_OVER,
  abandoned: ABANDON,
};

/** For `beatOfMain`: it is expected, and its absence alone is no reason to end. */
export const NO_LIMIT_MS = 0x7fff_ffff;

export class Control {
  readonly #words: Int32Array;

  constructor(memory: WebAssembly.Memory) {
    this.#words = new Int32Array(memory.buffer);
  }

  requestStop(ending: Ending): void {
    Atomics.store(this.#words, index("STOP"), STOP_WORD[ending]);
  }

  get stopRequested(): boolean {
    return Atomics.load(this.#words, index("STOP")) !== 0;
  }

  get handOverRequested(): boolean {
    return Atomics.load(this.#words, index("STOP")) === HAND_OVER;
  }

  get isAbandoned(): boolean {
    return Atomics.load(this.#words, index("STOP")) === ABANDON;
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
    return Atomics.load(this.#words, index("HEARTBEAT")) >>> 0;
  }

  /** The main thread's sign of life. From now on it is expected at least every `limitMs`; 0: no more. */
  beatOfMain(limitMs: number): void {
    Atomics.store(this.#words, index("MAIN_LIMIT_MS"), limitMs);
    Atomics.add(this.#words, index("MAIN_HEARTBEAT"), 1);
  }

  get beatsOfMain(): number {
    return Atomics.load(this.#words, index("MAIN_HEARTBEAT"));
  }

  get mainLimitMs(): number {
    return Atomics.load(this.#words, index("MAIN_LIMIT_MS"));
  }

  /** The main thread has handled so many more alerts. */
  addTakenAlerts(count: number): void {
    Atomics.add(this.#words, index("ALERTS_TAKEN"), count);
    Atomics.notify(this.#words, index("ALERTS_TAKEN"));
  }

  /** Of `posted` alerts, those that have not been handled yet. */
  unreadAlerts(posted: number): number {
    return (posted - Atomics.load(this.#words, index("ALERTS_TAKEN"))) >>> 0;
  }

  /** Blocks the worker until alerts are handled, for `timeoutMs` at most. */
  awaitTakenAlerts(timeoutMs: number): void {
    Atomics.wait(
      this.#words,
      index("ALERTS_TAKEN"),
      Atomics.load(this.#words, index("ALERTS_TAKEN")),
      timeoutMs,
    );
  }

  /** The main thread has written so many more bytes of a recording. */
  addTakenBytes(count: number): void {
    Atomics.add(this.#words, index("BYTES_TAKEN"), count);
    Atomics.notify(this.#words, index("BYTES_TAKEN"));
  }

  /** Of `posted` bytes, those that have not been written yet. */
  untakenBytes(posted: number): number {
    return (posted - Atomics.load(this.#words, index("BYTES_TAKEN"))) >>> 0;
  }

  /** Blocks the worker until bytes are written, for `timeoutMs` at most. */
  awaitTakenBytes(timeoutMs: number): void {
    const at = index("BYTES_TAKEN");
    Atomics.wait(this.#words, at, Atomics.load(this.#words, at), timeoutMs);
  }
}

function index(word: typeof CONTROL_WORDS[number]): number {
  return controlAt(word) / 4;
}
