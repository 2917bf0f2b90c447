// How much is read of files that a user rewrites as often as they like.
// In: readings, one after the other. Out: their results, when there is room for them. Anyone who has used up what may be
// read at once waits, and with them only the questions about their own containers.

/** At once, and then a second: files of some hundred containers, a few times. */
const BURST_BYTES = 8 << 20;
const BYTES_A_SECOND = 1 << 20;
const MAX_WAITING = 64;

export class ReadPace {
  #left = BURST_BYTES;
  #atMs = performance.now();
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param isNeeded asked when its turn has come
   * @returns undefined when it is not needed any more, or too many wait
   */
  async read<T>(
    job: () => Promise<T>,
    bytesOf: (read: T) => number,
    isNeeded: () => boolean,
  ): Promise<T | undefined> {
    if (this.#waiting >= MAX_WAITING) return undefined;
    this.#waiting++;
    const turn = this.#last.then(async () => {
      if (!isNeeded()) return undefined;
      for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) {
        await new Promise((resolve) => Deno.unrefTimer(Number(setTimeout(resolve, waitMs))));
      }
      if (!isNeeded()) return undefined;
      const read = await job();
      this.#left -= bytesOf(read);
      return read;
    }).finally(() => this.#waiting--);
    this.#last = turn.catch(() => {});
    return await turn;
  }

  #waitMs(): number {
    const nowMs = performance.now();
    this.#left = Math.min(BURST_BYTES, this.#left + (nowMs - this.#atMs) / 1000 * BYTES_A_SECOND);
    this.#atMs = nowMs;
    return this.#left > 0 ? 0 : Math.ceil(-this.#left / BYTES_A_SECOND * 1000) + 1;
  }
}
