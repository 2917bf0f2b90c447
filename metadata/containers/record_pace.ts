// How many records of containers of one owner go out: whoever changes facts without end keeps nobody else waiting.
// In: owners. Out: whether a record of theirs may go now.

/** A busy host starts so many containers at once, and then so many a second. */
const BURST = 2000;
const A_SECOND = 200;
const BURST_OF_A_USER = 200;
const A_SECOND_OF_A_USER = 20;
const MAX_OWNERS = 4096;
const ROOT = 0;

interface Pace {
  left: number;
  atMs: number;
}

export class RecordPace {
  readonly #owners = new Map<number, Pace>();

  take(owner: number): boolean {
    const [burst, aSecond] = owner === ROOT ? [BURST, A_SECOND] : [BURST_OF_A_USER, A_SECOND_OF_A_USER];
    const nowMs = performance.now();
    const pace = this.#owners.get(owner) ?? { left: burst, atMs: nowMs };
    pace.left = Math.min(burst, pace.left + (nowMs - pace.atMs) / 1000 * aSecond);
    pace.atMs = nowMs;
    this.#owners.delete(owner);
    this.#owners.set(owner, pace);
    if (this.#owners.size > MAX_OWNERS) this.#owners.delete(this.#owners.keys().next().value!);
    if (pace.left < 1) return false;
    pace.left--;
    return true;
  }
}
