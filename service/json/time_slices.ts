// Shares the main thread among those who have much to do on it: one at a time, some milliseconds in each turn of the event
// loop, so that alerts, health and signals get their turn however many have come.
// In: who wants to work. Out: until when.

import { setImmediate } from "node:timers";

export class TimeSlices {
  readonly #sliceMs: number;
  #waiting: ((endMs: number) => void)[] = [];
  #isScheduled = false;

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs;
  }

  /** Resolves when it is the caller's turn, first come, first served; with when to stop (performance.now()). */
  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#waiting.shift()?.(performance.now() + this.#sliceMs);
      this.#schedule();
    });
  }
}
