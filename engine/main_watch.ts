// The worker's look at the main thread: when that one has made no turn for too long, nobody takes alerts, answers for
// health or hears signals any more. Then the process ends, so that whoever runs falco starts it again.
// In: the words of the CONTROL region, looked at in each turn. Out: nothing, or the end of the process.
// Elsewhere: the beats (service/watchdog.ts), which also has the look in the other direction.

import { endProcess } from "../ffi/end_process.ts";
import type { Control } from "./control.ts";

/** Time for which the whole process stood still (stopped, frozen, suspended) is no time in which main did nothing. */
const MOST_PER_LOOK_MS = 1000;
const EXIT_CODE = 1;

export class MainWatch {
  readonly #control: Pick<Control, "beatsOfMain" | "mainLimitMs">;
  readonly #end: (line: string) => void;
  readonly #nowMs: () => number;
  #lookedMs: number;
  #beats: number;
  #stillMs = 0;

  constructor(
    control: Pick<Control, "beatsOfMain" | "mainLimitMs">,
    end: (line: string) => void = (line) => endProcess(line, EXIT_CODE),
    nowMs: () => number = () => performance.now(),
  ) {
    this.#control = control;
    this.#end = end;
    this.#nowMs = nowMs;
    this.#lookedMs = nowMs();
    this.#beats = control.beatsOfMain;
  }

  look(): void {
    const nowMs = this.#nowMs();
    const passedMs = nowMs - this.#lookedMs;
    this.#lookedMs = nowMs;
    const beats = this.#control.beatsOfMain;
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#stillMs = 0;
      return;
    }
    const limitMs = this.#control.mainLimitMs;
    if (limitMs === 0) return;
    this.#stillMs += Math.min(passedMs, MOST_PER_LOOK_MS);
    if (this.#stillMs < limitMs) return;
    this.#stillMs = 0;
    this.#end(
      `falco ends itself (watchdog.timeout): its main thread has made no turn for ${
        Math.round(limitMs / 1000)
      } s`,
    );
  }
}
