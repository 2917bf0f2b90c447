// What an alert is on its way out, and what a sink is.
// In: alerts that were formatted once. Out: a promise per batch: kept when the receiver has acknowledged it.
// Elsewhere: waiting, retrying, dropping and spooling, which are the same for all sinks (outputs/sink_queue.ts).

import type { Priority } from "../rules/checked.ts";

/** What is known of an alert, also after it has waited on a disk. */
export interface AlertFacts {
  /** numbered from 1 since the program began */
  readonly sequence: bigint;
  readonly timeNs: bigint;
  readonly rule: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly hostname: string;
  /** the rule's output, without time and priority; escaped as a line of text */
  readonly message: string;
  /** output_fields: each key with its value as JSON */
  readonly fields: readonly (readonly [key: string, json: string])[];
}

/** One alert, the same object for every sink. Texts are made when they are first asked for. */
export interface OutgoingAlert extends AlertFacts {
  /** as Falco prints it: time, priority, message */
  readonly text: string;
  /** Falco's JSON object in one line */
  readonly json: string;
}

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
  /** SIGUSR1: files are opened anew */
  reopen?(): Promise<void>;
  close(): Promise<void>;
}

export function asSinkError(thrown: unknown): SinkError {
  if (thrown instanceof SinkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SinkError(message, { retryable: true, cause: "error" });
}
