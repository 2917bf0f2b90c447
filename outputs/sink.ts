// What an alert is on its way out, and what a sink is.
// In: alerts that were formatted once. Out: a promise per batch: kept when the receiver has acknowledged it.
// Elsewhere: waiting, retrying, dropping and spooling, which are the same for all sinks (outputs/sink_queue.ts).

import type { AlertFacts } from "../alerts/mod.ts";
/** What a sink is given: the alert in the form that was configured for it. */
export interface SinkMessage {
  readonly alert: AlertFacts;
  /** the body, without an end of line */
  readonly body: string;
  /** it may have been delivered before: it comes from a spool, or an answer was lost */
  readonly redelivered: boolean;
}

/** Why a batch was not delivered. Other errors count as ones that pass. */
export class SinkError extends Error {
  override name = "SinkError";
  constructor(
    message: string,
    readonly details: {
      /** false: the receiver will never take this batch */
      readonly retryable: boolean;
      /** the receiver said when to come again */
      readonly retryAfterMs?: number;
      /** a word for metrics: refused, timeout, status_4xx … */
      readonly cause: string;
      /** messages of the batch that the receiver has acknowledged all the same: they are not sent again */
      readonly delivered?: readonly SinkMessage[];
      /** messages of the batch that it will never take: dropped and counted; `retryable` speaks of the others */
      readonly refused?: readonly SinkMessage[];
      /** the receiver has certainly taken none of the others: repeating them makes no duplicates */
      readonly untaken?: boolean;
    },
  ) {
    super(message);
  }
}

export interface Sink {
  /** unique among the sinks of a run: "stdout", "http", a name that the user chose */
  readonly name: string;
  /** as many messages go into one call at most */
  readonly maxBatch: number;
  /** waits so long for a batch to fill; 0 or absent: never */
  readonly lingerMs?: number;
  /** grows while the receiver takes something of an attempt: its time limit begins again then */
  readonly progress?: number;
  /** an attempt is given up after so long; absent: the queue's own limit; Infinity: never */
  readonly attemptTimeoutMs?: number;
  /** Called with one batch at a time, in order. Gives up when the signal fires. */
  deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void>;
  /** At the start, before there is an alert: throws when no alert can get through as things are. Connects to nobody. */
  tryOut?(): Promise<void>;
  /** SIGUSR1: files are reopened */
  reopen?(): Promise<void>;
  close(): Promise<void>;
}

export function asSinkError(thrown: unknown): SinkError {
  if (thrown instanceof SinkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SinkError(message, { retryable: true, cause: "error" });
}
