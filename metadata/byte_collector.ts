// Bytes that come in pieces of any size, put together as they come.
// In: pieces. Out: all of them in one, unless they are too many. Nothing of a piece is kept: the runtime's hold a buffer
// of 64 KiB each, even for one byte.

const FIRST_BYTES = 4096;

export class ByteCollector {
  readonly #most: number;
  #buffer = new Uint8Array(FIRST_BYTES);
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#used;
  }

  /** @returns false when it would be too much; then nothing of the piece is taken */
  add(piece: Uint8Array): boolean {
    const needed = this.#used + piece.length;
    if (needed > this.#most) return false;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#most, Math.max(needed, this.#buffer.length * 2)));
      larger.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.#used);
    this.#used = needed;
    return true;
  }

  /** All of it, and begins again. What is returned is good until the next piece. */
  take(): Uint8Array<ArrayBuffer> {
    const all = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return all;
  }
}
