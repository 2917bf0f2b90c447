// The worker's look at the main thread: when that one has made no turn for too long, nobody takes alerts, answers for
// health or hears signals any more. Then the process ends, so that the service manager starts it again; sooner when
// somebody has asked it to end.
// In: the words of the CONTROL region, looked at in each turn. Out: nothing, or the end of the process.
// Elsewhere: the beats (service/health/watchdog.ts), which also has the look in the other direction.

import { endProcess } from "../ffi/mod.ts";
import type { Control } from "./control.ts";
import type { StopSignals } from "./stop_signals.ts";

/** Time for which the whole process stood still (stopped, frozen, suspended) is no time in which main did nothing. */
const MOST_PER_LOOK_MS = 1000;
const EXIT_CODE = 1;
/** So long the main thread may be busy (it compiles rules at a reload) before a signal is obeyed without it. */
const STOP_PATIENCE_MS = 5000;
/** The main thread beats twice a second. */
const UNEASY_MS = 2000;

export class MainWatch {
  readonly #control: Pick<Control, "beatsOfMain" | "mainLimitMs">;
  readonly #signals: Pick<StopSignals, "haveCome">;
  readonly #end: (line: string) => void;
  readonly #nowMs: () => number;
  #lookedMs: number;
  #beats: number;
  #stillMs = 0;

  constructor(
    control: Pick<Control, "beatsOfMain" | "mainLimitMs">,
    signals: Pick<StopSignals, "haveCome">,
    end: (line: string) => void = (line) => endProcess(line, EXIT_CODE),
    nowMs: () => number = () => performance.now(),
  ) {
    this.#control = control;
    this.#signals = signals;
    this.#end = end;
    this.#nowMs = nowMs;
    this.#lookedMs = nowMs();
    this.#beats = control.beatsOfMain;
  }

  /** The main thread may be stuck: this thread's event loop has to turn, or it does not hear signals. */
  get isUneasy(): boolean {
    return this.#stillMs >= UNEASY_MS;
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
    if (this.#stillMs >= limitMs) this.#endAfter(limitMs, "watchdog.timeout");
    else if (this.#stillMs >= STOP_PATIENCE_MS && this.#signals.haveCome) {
      this.#endAfter(STOP_PATIENCE_MS, "asked by a signal");
    }
  }

  #endAfter(stillMs: number, why: string): void {
    this.#stillMs = 0;
    this.#end(
      `falco ends itself (${why}): its main thread has made no turn for ${Math.round(stillMs / 1000)} s`,
    );
  }
}
