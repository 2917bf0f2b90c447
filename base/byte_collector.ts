// Bytes that come in chunks of any size, put together as they come.
// In: chunks. Out: all of them in one, unless they are too many. Nothing of a chunk is kept: the runtime's hold a buffer
// of 64 KiB each, even for one byte.

const FIRST_BYTES = 4096;

export class ByteCollector implements Disposable {
  #buffer = new Uint8Array(FIRST_BYTES);
  #used = 0;

  /** @param most bytes of all chunks together */
  constructor(readonly most: number) {}

  get length(): number {
    return this.#used;
  }

  /** @returns false when it would be too much; then nothing of the chunk is taken */
  add(chunk: Uint8Array): boolean {
    const needed = this.#used + chunk.length;
    if (needed > this.most) return false;
    if (needed > this.#buffer.length) {
      const largerBytes = Math.min(this.most, Math.max(needed, this.#buffer.length * 2));
      this.#buffer = new Uint8Array(this.#buffer.buffer.transfer(largerBytes));
    }
    this.#buffer.set(chunk, this.#used);
    this.#used = needed;
    return true;
  }

  /** All of it, and begins again. What is returned is good until the next chunk. */
  take(): Uint8Array<ArrayBuffer> {
    const all = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return all;
  }

  /** What was returned is gone, too. */
  [Symbol.dispose](): void {
    this.#used = 0;
    this.#buffer = new Uint8Array(this.#buffer.buffer.transfer(0));
  }
}
