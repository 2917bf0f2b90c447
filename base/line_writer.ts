// Writes lines that are no alerts to standard output, in order, without ever blocking the thread that makes them.
// In: lines. Out: bytes on a stream. A reader that is slow makes the queue grow to its bound, then lines are
// dropped and counted; a reader that has gone is reported once.
// Elsewhere: alerts (outputs/sinks/stdout.ts).

import { concatenate } from "./concatenate.ts";
import { type ByteStream, writeAll } from "./byte_stream.ts";
import { within } from "./pause.ts";

export interface LineWriterOptions {
  /** each line is a write of its own */
  readonly unbuffered?: boolean;
  readonly maxQueuedBytes?: number;
  /** the reader has gone: nothing can be written any more */
  readonly onClosed?: (error: Error) => void;
}

const DEFAULT_MAX_QUEUED_BYTES = 16 << 20;
const BATCH_BYTES = 64 << 10;

export class LineWriter {
  readonly #stream: ByteStream;
  readonly #options: LineWriterOptions;
  readonly #encoder = new TextEncoder();
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #draining: Promise<void> | undefined;
  #closed = false;
  /** lines that were dropped because the reader was too slow or has gone */
  dropped = 0n;
  written = 0n;

  constructor(stream: ByteStream = Deno.stdout, options: LineWriterOptions = {}) {
    this.#stream = stream;
    this.#options = options;
  }

  /** Half of the queue is free: a reader that has stopped goes on. */
  get hasRoom(): boolean {
    return !this.#closed &&
      this.#queuedBytes * 2 < (this.#options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES);
  }

  /** Queues a line; its end is added. */
  write(line: string): void {
    const bytes = this.#encoder.encode(line + "\n");
    const limit = this.#options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES;
    if (this.#closed || (this.#queuedBytes > 0 && this.#queuedBytes + bytes.length > limit)) {
      this.dropped++;
      return;
    }
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#draining ??= this.#drain();
  }

  /** Resolves when all that was queued is written. */
  async flush(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  /** The end: waits for the reader at most this long; what it has not taken by then counts as dropped. */
  async close(patienceMs: number): Promise<void> {
    await within(patienceMs, this.flush());
    this.#closed = true;
    this.dropped += BigInt(this.#queue.length);
    this.#queue = [];
  }

  async #drain(): Promise<void> {
    await Promise.resolve(); // lines of the same turn go out together
    try {
      while (this.#queue.length > 0) {
        const lines = this.#batchLength();
        await writeAll(this.#stream, concatenate(this.#queue.slice(0, lines)));
        for (const line of this.#queue.splice(0, lines)) this.#queuedBytes -= line.length;
        this.written += BigInt(lines);
      }
    } catch (error) {
      this.#closed = true;
      this.dropped += BigInt(this.#queue.length);
      this.#queue = [];
      this.#queuedBytes = 0;
      this.#options.onClosed?.(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#draining = undefined;
    }
  }

  /** How many lines go out in the next write: never a part of a line. */
  #batchLength(): number {
    if (this.#options.unbuffered === true) return 1;
    let lines = 1;
    let bytes = this.#queue[0]?.length ?? 0;
    for (; lines < this.#queue.length; lines++) {
      bytes += this.#queue[lines]?.length ?? 0;
      if (bytes > BATCH_BYTES) break;
    }
    return lines;
  }
}
