// Whether a server is calm, so that it is asked further, or mad. In: chance. Out: one or the other, for seconds each: a
// server that fails at every third question is soon given up, and what comes after the first question is never reached.

import type { Random } from "./random.ts";

const CALM_MS = [5000, 10_000, 20_000];
const MAD_MS = [500, 2000, 5000];

export class Mood {
  readonly #random: Random;
  #isMad = false;
  #untilMs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** For one answer: also who is calm does something odd now and then. */
  isMadNow(): boolean {
    const nowMs = performance.now();
    if (nowMs > this.#untilMs) {
      this.#isMad = this.#untilMs > 0 && !this.#isMad;
      this.#untilMs = nowMs + this.#random.pick(this.#isMad ? MAD_MS : CALM_MS);
    }
    return this.#isMad || this.#random.chance(0.02);
  }
}
