// Bytes of a part of a stream until it ends, up to a bound.
// In: pieces, which may be single bytes: a sender decides how a body is cut. Out: all of them as one array.

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
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    this.#isTooLong = false;
  }

  /** @param piece is copied */
  add(piece: Uint8Array): void {
    if (this.#isTooLong) return;
    const length = this.#length + piece.length;
    if (length > this.maxBytes) {
      this.begin(this.at);
      this.#isTooLong = true;
      return;
    }
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** Undefined: there were more than may be. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#isTooLong
      ? undefined
      : this.#length === this.#bytes.length
      ? this.#bytes
      : this.#bytes.slice(0, this.#length);
    this.begin(this.at);
    return bytes;
  }

  /** Most parts come in one piece, which needs no more than its length. */
  #grow(length: number): void {
    const isFirst = this.#length === 0;
    const most = Math.max(
      length,
      Math.min(this.maxBytes, Math.max(2 * this.#bytes.length, LEAST_GROWTH_BYTES)),
    );
    const larger = new Uint8Array(isFirst ? length : most);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
