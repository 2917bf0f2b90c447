// Work that is asked for in bursts: done once for many requests, and never more than a share of the time.
// In: requests, and a job. Out: calls of the job, one at a time.

/** The share of time that the job may take when requests never end. */
const MAX_SHARE = 0.1;
const MIN_REST_MS = 2;

export class Turns {
  readonly #job: () => Promise<void>;
  #isBusy = false;
  #isWanted = false;
  #isClosed = false;

  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  request(): void {
    this.#isWanted = true;
    if (!this.#isBusy) this.#run();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      const startedMs = performance.now();
      try {
        await this.#job();
      } catch {
        // files are being replaced: the next request reads them
      }
      const restMs = Math.max(MIN_REST_MS, (performance.now() - startedMs) / MAX_SHARE);
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    this.#isBusy = false;
  }
}
