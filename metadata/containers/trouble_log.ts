// What is told about something that works or does not, so that neither flapping nor ever new words fill the log.
// In: each failure and each success, in words. Out: a line at the first one, at a change of the reason, and now and then
// while it lasts; one when all is well again.

/** Between two lines while trouble lasts; longer each time, until it has been well for as long. */
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 3_600_000;
const GROWTH = 4;

export class TroubleLog {
  readonly #say: (level: "info" | "warning", what: string) => void;
  readonly #isRepeated: boolean;
  #isFirst = true;
  /** what was told last; "" = all is well */
  #trouble = "";
  #pauseMs = FIRST_PAUSE_MS;
  #toldMs = -Infinity;

  /** @param isRepeated whether one and the same reason is told again while it lasts */
  constructor(say: (level: "info" | "warning", what: string) => void, isRepeated = true) {
    this.#say = say;
    this.#isRepeated = isRepeated;
  }

  get isTrouble(): boolean {
    return this.#trouble !== "";
  }

  trouble(what: string): void {
    const nowMs = performance.now();
    const isNew = this.#trouble === "" || this.#trouble !== what;
    // the first line after a good time comes at once
    const rested = nowMs - this.#toldMs > LONGEST_PAUSE_MS;
    if (rested) this.#pauseMs = FIRST_PAUSE_MS;
    if (!isNew && !this.#isRepeated) return;
    const isDue = nowMs - this.#toldMs >= (isNew ? this.#pauseMs : this.#pauseMs * GROWTH);
    if (!isDue) return;
    if (Number.isFinite(this.#toldMs)) this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * GROWTH);
    this.#isFirst = false;
    this.#trouble = what;
    this.#toldMs = nowMs;
    this.#say("warning", what);
  }

  /** To be called when it can be relied on. */
  fine(what: string): void {
    if (!this.#isFirst && this.#trouble === "") return;
    this.#isFirst = false;
    this.#trouble = "";
    this.#say("info", what);
  }
}
