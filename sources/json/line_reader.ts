// Lines of a stream of bytes.
// In: pieces as they are read. Out: each line, without its end, as bytes of its own; one that is too long is skipped to its
// end and counted, so that no file can fill the memory.

const NEWLINE = 0x0a, RETURN = 0x0d;

export class LineReader {
  #rest: Uint8Array = new Uint8Array(0);
  #skips = false;
  /** lines that were too long */
  tooLong = 0;

  constructor(readonly maxBytes: number) {}

  /** @param piece may be reused by the caller afterwards */
  *take(piece: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
    let from = 0;
    while (true) {
      const end = piece.indexOf(NEWLINE, from);
      if (end < 0) break;
      const line = this.#line(piece.subarray(from, end));
      if (line !== undefined) yield line;
      from = end + 1;
    }
    this.#keep(piece.subarray(from));
  }

  /** What stands behind the last end of a line. */
  *end(): Generator<Uint8Array<ArrayBuffer>> {
    const line = this.#line(new Uint8Array(0));
    if (line !== undefined) yield line;
  }

  #line(last: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    if (!this.#skips && this.#rest.length + last.length > this.maxBytes) {
      this.tooLong++;
      this.#skips = true;
    }
    if (this.#skips) {
      this.#skips = false;
      this.#rest = new Uint8Array(0);
      return undefined;
    }
    const line = joined(this.#rest, last);
    this.#rest = new Uint8Array(0);
    const bytes = line.at(-1) === RETURN ? line.subarray(0, -1) : line;
    return isBlank(bytes) ? undefined : bytes;
  }

  #keep(part: Uint8Array): void {
    if (this.#skips || part.length === 0) return;
    if (this.#rest.length + part.length > this.maxBytes) {
      this.tooLong++;
      this.#skips = true;
      this.#rest = new Uint8Array(0);
    } else this.#rest = joined(this.#rest, part);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09);
}
