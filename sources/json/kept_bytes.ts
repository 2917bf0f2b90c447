// Bytes of a part of a stream until it ends, up to a bound.
// In: chunks, which may be single bytes: a sender decides how a body is cut. Out: all of them as one array, with a buffer of
// its own. Buffers that have become too small are given back at once, not when garbage is collected.

const LEAST_GROWTH_BYTES = 1024;

export class KeptBytes {
  /** of the first one in its text */
  at = 0;
  #bytes = new Uint8Array(0);
  #length = 0;
  #isTooLong = false;

  constructor(readonly maxBytes: number) {}

  /** Of memory. */
  get bytes(): number {
    return this.#bytes.length;
  }

  begin(at: number): void {
    this.at = at;
    if (this.#bytes.length > 0) this.#resize(0);
    this.#length = 0;
    this.#isTooLong = false;
  }

  /** @param chunk is copied */
  add(chunk: Uint8Array): void {
    if (this.#isTooLong) return;
    const length = this.#length + chunk.length;
    if (length > this.maxBytes) {
      this.begin(this.at);
      this.#isTooLong = true;
      return;
    }
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  /** Undefined: there were more than may be. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    if (!this.#isTooLong) {
      this.#resize(this.#length);
      bytes = this.#bytes;
      this.#bytes = new Uint8Array(0);
    }
    this.begin(this.at);
    return bytes;
  }

  /** Most parts come in one chunk, which needs no more than its length. */
  #grow(length: number): void {
    const isFirst = this.#length === 0;
    const most = Math.max(
      length,
      Math.min(this.maxBytes, Math.max(2 * this.#bytes.length, LEAST_GROWTH_BYTES)),
    );
    this.#resize(isFirst ? length : most);
  }

  #resize(bytes: number): void {
    if (bytes !== this.#bytes.length) this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(bytes));
  }
}
