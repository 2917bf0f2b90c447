// A token bucket: so many at once, so many a second in the long run.
// In: a claim and the time, from any clock that does not go back. Out: whether it is granted.

export class TokenBucket {
  readonly #perMs: number;
  readonly #max: number;
  #tokens: number;
  #lastMs: number | undefined;

  constructor(ratePerSecond: number, maxBurst: number) {
    this.#perMs = ratePerSecond / 1000;
    this.#max = maxBurst;
    this.#tokens = maxBurst;
  }

  claim(nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - (this.#lastMs ?? nowMs));
    this.#tokens = Math.min(this.#max, this.#tokens + elapsedMs * this.#perMs);
    this.#lastMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
