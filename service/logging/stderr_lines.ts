// Standard error as the log writes to it.
// In: lines. Out: bytes on the stream. A command that ends by itself writes at once. A service never waits for its reader:
// lines go through a bounded queue, what does not fit is dropped, counted and told when the reader goes on, and a reader
// that has gone ends nothing.
// Elsewhere: the queue (base/line_writer.ts), what a line looks like (log.ts).

import { type ByteStream, LineWriter } from "../../base/mod.ts";

const MAX_QUEUED_BYTES = 1 << 20;

export class StderrLines {
  readonly #stream: ByteStream & { writeSync(bytes: Uint8Array): number };
  #writer: LineWriter | undefined;
  #told = 0n;

  constructor(stream: ByteStream & { writeSync(bytes: Uint8Array): number } = Deno.stderr) {
    this.#stream = stream;
  }

  /** From here on nobody waits for the reader. */
  stopWaiting(): void {
    this.#writer ??= new LineWriter(this.#stream, { maxQueuedBytes: MAX_QUEUED_BYTES });
  }

  write(line: string): void {
    const writer = this.#writer;
    if (writer === undefined) return this.#writeNow(line);
    const missing = writer.dropped - this.#told;
    if (missing > 0n && writer.hasRoom) {
      this.#told = writer.dropped;
      writer.write(`${missing} lines of the log were dropped: nobody read standard error`);
    }
    writer.write(line);
  }

  /** Whether all that was written has reached the reader in this time. */
  async drain(patienceMs: number): Promise<boolean> {
    if (this.#writer === undefined) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), patienceMs));
    const isDrained = await Promise.race([this.#writer.flush().then(() => true), late]);
    clearTimeout(timer);
    return isDrained;
  }

  /** A log that nobody can read must not end the program. */
  #writeNow(line: string): void {
    const bytes = new TextEncoder().encode(line + "\n");
    try {
      for (let at = 0; at < bytes.length;) at += this.#stream.writeSync(bytes.subarray(at));
    } catch {
      // the reader has gone, or does not keep up
    }
  }
}

/** That of this process. */
export const stderrLines = new StderrLines();
