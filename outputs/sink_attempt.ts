// One attempt of a sink at a batch, which ends at its time limit. The limit begins again with whatever the receiver takes.
// In: a batch, limits. Out: nothing when all is delivered, otherwise why not.
// Elsewhere: what follows from that (sink_queue.ts).

import { type Sink, SinkError, type SinkMessage } from "./sink.ts";

export interface AttemptOptions {
  readonly sink: Sink;
  readonly limitMs: number;
  /** without progress for so long it is news */
  readonly slowMs: number;
  readonly onSlow: () => void;
  /** grows with whatever the receiver takes */
  readonly progress: () => number;
}

export class SinkAttempt {
  readonly #options: AttemptOptions;
  readonly #controller = new AbortController();

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  async deliver(batch: readonly SinkMessage[]): Promise<void> {
    const { sink, limitMs, slowMs, onSlow } = this.#options;
    const { signal } = this.#controller;
    const clearLimit = this.#whenStuck(limitMs, () => {
      this.abort(new SinkError(`no end after ${limitMs / 1000} s`, { retryable: true, cause: "timeout" }));
    });
    const clearSlow = this.#whenStuck(slowMs, onSlow);
    try {
      await sink.deliver(batch, signal);
    } catch (error) {
      // what was thrown on the way out of an attempt that was given up says less than why it was given up
      throw signal.aborted && !(error instanceof SinkError) ? signal.reason : error;
    } finally {
      clearLimit();
      clearSlow();
    }
  }

  abort(reason: SinkError): void {
    this.#controller.abort(reason);
  }

  /** Calls once when there was no progress for so long; gives what stops that. */
  #whenStuck(ms: number, call: () => void): () => void {
    if (!Number.isFinite(ms)) return () => {};
    const { progress } = this.#options;
    let before = progress();
    const timer = setInterval(() => {
      const now = progress();
      if (now !== before) return void (before = now);
      clearInterval(timer);
      call();
    }, ms);
    return () => clearInterval(timer);
  }
}
