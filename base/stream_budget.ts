// Counts what a stream from outside brings, so that one that never ends costs a bounded share.
// In: bytes as they come. Out: an error when there are too many.

const MIN_CHUNK_BYTES = 256;

export interface StreamLimits {
  /** all that it may bring at once, and then in a second; each chunk costs at least MIN_CHUNK_BYTES */
  readonly streamBytes: number;
  readonly streamBytesASecond: number;
}

/** Counts what a stream brings. */
export class StreamBudget {
  readonly #limits: StreamLimits;
  #left: number;
  #atMs = performance.now();

  constructor(limits: StreamLimits) {
    this.#limits = limits;
    this.#left = limits.streamBytes;
  }

  /** @throws when it is too much */
  take(bytes: number): void {
    const nowMs = performance.now();
    const { streamBytes, streamBytesASecond } = this.#limits;
    this.#left = Math.min(streamBytes, this.#left + (nowMs - this.#atMs) / 1000 * streamBytesASecond);
    this.#atMs = nowMs;
    this.#left -= Math.max(bytes, MIN_CHUNK_BYTES);
    if (this.#left < 0) throw new Error("it sends more than is read");
  }
}
