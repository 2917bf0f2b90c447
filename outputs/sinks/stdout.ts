// Alerts to standard output, one line each; where that is the journal, marked with how severe they are.
// In: batches. Out: bytes on the stream, a batch in one write. A reader that has gone is said once and for all.
// Elsewhere: a reader that is slow (sink_queue.ts).

import { type ByteStream, writeAll } from "../../base/mod.ts";
import { journalLine } from "../local_syslog/journal.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";
import { severityOf } from "../local_syslog/syslog_message.ts";

export interface StdoutSinkOptions {
  /** each line is a write of its own */
  readonly unbuffered?: boolean;
  /** lines are collected for so long */
  readonly lingerMs?: number;
  /** the reader is the journal */
  readonly isJournal?: boolean;
  /** the reader has gone: nothing can be written any more */
  readonly onClosed?: (error: Error) => void;
}

const BATCH = 512;

export class StdoutSink implements Sink {
  readonly name = "stdout";
  readonly maxBatch: number;
  readonly lingerMs: number;
  /** a write cannot be called back, and half a line must not be written twice */
  readonly attemptTimeoutMs = Infinity;
  readonly #stream: ByteStream;
  readonly #isJournal: boolean;
  readonly #onClosed: ((error: Error) => void) | undefined;
  readonly #encoder = new TextEncoder();
  #closed: Error | undefined;

  constructor(stream: ByteStream = Deno.stdout, options: StdoutSinkOptions = {}) {
    this.#stream = stream;
    this.#isJournal = options.isJournal ?? false;
    this.#onClosed = options.onClosed;
    this.maxBatch = options.unbuffered === true ? 1 : BATCH;
    this.lingerMs = options.lingerMs ?? 0;
  }

  async deliver(batch: readonly SinkMessage[]): Promise<void> {
    try {
      if (this.#closed !== undefined) throw this.#closed;
      const lines = batch.map((message) => this.#line(message) + "\n").join("");
      await writeAll(this.#stream, this.#encoder.encode(lines));
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (this.#closed === undefined) this.#onClosed?.(error);
      this.#closed = error;
      throw new SinkError(error.message, { retryable: false, cause: "closed", untaken: true });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #line({ alert, body }: SinkMessage): string {
    return this.#isJournal ? journalLine(severityOf(alert.priority), body) : body;
  }
}
