// The queue in front of one sink, the same for all: waits, batches, repeats with growing pauses, drops and counts.
// In: alerts, which are rendered as this sink wants them. Out: batches for the sink, one at a time and in order.
// A sink that is slow or dead holds up nobody else: what waits is bounded, and taking an alert never waits.
// Elsewhere: what is kept while it waits (backlog.ts, spool_backlog.ts), delivery itself (sinks/).

import { Buffer } from "node:buffer";
import { PRIORITIES, type Priority } from "../rules/checked.ts";
import { type Backlog, MemoryBacklog, type OnDrop, type QueuedMessage } from "./backlog.ts";
import { type OutgoingAlert, type Sink, SinkError, type SinkMessage } from "./sink.ts";
import { type SinkStats, SinkTally } from "./sink_stats.ts";

export type SinkNews = (level: "critical" | "error" | "notice" | "debug", message: string) => void;

export interface SinkQueueOptions {
  readonly sink: Sink;
  /** for metrics: file, http … */
  readonly type?: string;
  readonly format: (alert: OutgoingAlert) => string;
  /** less severe alerts are none of this sink's */
  readonly leastPriority?: Priority;
  /** absent: memory with default bounds */
  readonly backlog?: (onDrop: OnDrop) => Backlog;
  /** an attempt that takes longer is given up */
  readonly attemptTimeoutMs?: number;
  /** an attempt that takes longer is news (Falco's output_timeout) */
  readonly slowMs?: number;
  /** the pause after the first failure; it doubles up to the longest */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  /** delivery begins when this is kept: who had the sink's name before has ended */
  readonly startAfter?: Promise<unknown>;
  readonly onNews?: SinkNews;
}

export const DEFAULT_BOUNDS = { maxMessages: Infinity, maxBytes: 128 << 20 };
const DEFAULTS = {
  attemptTimeoutMs: 10_000,
  slowMs: Infinity,
  firstPauseMs: 250,
  longestPauseMs: 30_000,
};
const BATCH_BYTES = 1 << 20;
/** What an alert that waits takes: the body, the values that it was made of, which are about as long, and objects. */
const ALERT_BYTES = 1024;
const VALUES_SHARE = 3;
/** However long a receiver asks us to stay away. */
const LONGEST_RETRY_AFTER_MS = 300_000;

export class SinkQueue {
  readonly #options: SinkQueueOptions & typeof DEFAULTS;
  readonly #sink: Sink;
  readonly #backlog: Backlog;
  readonly #tally: SinkTally;
  readonly #leastRank: number;
  #running: Promise<void> | undefined;
  #attempt: AbortController | undefined;
  #failures = 0;
  #stumbles = 0;
  /** a batch was refused: so many messages go alone, to find the ones that the receiver does not want */
  #alone = 0;
  #state: "open" | "draining" | "closed" = "open";
  /** ends the present pause */
  #wake: () => void = () => {};
  #settledWaiters: (() => void)[] = [];

  constructor(options: SinkQueueOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#sink = options.sink;
    this.#tally = new SinkTally();
    const onDrop: OnDrop = (cause, count) => this.#drop(cause, count);
    this.#backlog = options.backlog?.(onDrop) ?? new MemoryBacklog(DEFAULT_BOUNDS, onDrop);
    this.#leastRank = PRIORITIES.indexOf(options.leastPriority ?? "Debug");
    // what a former run has left behind
    this.#start();
  }

  get name(): string {
    return this.#sink.name;
  }

  offer(alert: OutgoingAlert): void {
    if (PRIORITIES.indexOf(alert.priority) > this.#leastRank) return;
    if (this.#state === "closed") return this.#drop("closed", 1);
    // a flood of alerts that nobody takes must not cost their rendering
    if (this.#backlog.isFull) return this.#drop("queue_full", 1);
    const body = this.#options.format(alert);
    const bytes = ALERT_BYTES + VALUES_SHARE * Buffer.byteLength(body);
    this.#backlog.push({ alert, body, bytes, redelivered: false });
    this.#start();
  }

  stats(): SinkStats {
    return {
      name: this.#sink.name,
      type: this.#options.type ?? this.#sink.name,
      queuedMessages: this.#backlog.messages,
      queuedBytes: this.#backlog.bytes,
      isFailing: this.#failures > 0,
      ...this.#tally.snapshot(),
    };
  }

  /** Somebody cares for what waits. */
  get isMoving(): boolean {
    return this.#running !== undefined || this.#state !== "open" || this.#backlog.messages === 0;
  }

  /** Resolves when everything is delivered, or when the sink fails: nobody should wait for that one. */
  async settled(): Promise<void> {
    while (this.#running !== undefined && this.#failures === 0) {
      await new Promise<void>((resolve) => this.#settledWaiters.push(resolve));
    }
  }

  /** SIGUSR1 */
  async reopen(): Promise<void> {
    try {
      await this.#sink.reopen?.();
    } catch (error) {
      this.#options.onNews?.("error", `output ${this.name}: ${asSinkError(error).message}`);
    }
  }

  /** Delivers what it can in this time. What is left is lost and counted, unless it is kept on a disk. */
  async close(patienceMs: number): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "draining";
    this.#wake();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise((resolve) => timer = setTimeout(resolve, patienceMs));
    await Promise.race([this.#running, patience]);
    this.#state = "closed";
    this.#attempt?.abort(new SinkError("falco ends", { retryable: true, cause: "closed" }));
    this.#wake();
    await Promise.race([this.#running, patience]);
    clearTimeout(timer);
    const lost = this.#backlog.close();
    if (lost > 0) this.#drop("closed", lost);
    await Promise.race([
      this.#sink.close().catch(() => {}),
      new Promise((resolve) => timer = setTimeout(resolve, patienceMs)),
    ]);
    clearTimeout(timer);
  }

  #start(): void {
    if (this.#running !== undefined || this.#backlog.messages === 0) return;
    this.#running = this.#run().catch((error) => this.#stumbled(error)).finally(() => {
      this.#running = undefined;
      this.#notifySettled();
      if (this.#stumbles > 0 && this.#state === "open") this.#start();
    });
  }

  async #run(): Promise<void> {
    await this.#options.startAfter; // alerts of the same turn go out together
    while (this.#state !== "closed" && this.#backlog.messages > 0) {
      const { lingerMs = 0, maxBatch } = this.#sink;
      if (lingerMs > 0 && this.#backlog.messages < maxBatch && this.#state === "open") {
        await this.#pause(lingerMs);
      }
      const batch = this.#backlog.peek(this.#alone > 0 ? 1 : maxBatch, BATCH_BYTES);
      if (batch.length === 0) break;
      this.#backlog.claim(batch.length);
      try {
        await this.#deliver(batch);
        this.#succeeded(batch);
      } catch (error) {
        await this.#failed(batch, error);
      }
    }
  }

  /** Nothing here should throw; whatever does must not end the queue. */
  async #stumbled(error: unknown): Promise<void> {
    this.#stumbles++;
    this.#tally.failed(asSinkError(error).message);
    if (this.#stumbles === 1) {
      this.#options.onNews?.("critical", `output ${this.name}: ${asSinkError(error).message}`);
    }
    await this.#pause(this.#options.longestPauseMs);
  }

  /** One attempt, which ends at its time limit. */
  async #deliver(batch: readonly QueuedMessage[]): Promise<void> {
    const { slowMs } = this.#options;
    const limitMs = this.#sink.attemptTimeoutMs ?? this.#options.attemptTimeoutMs;
    const attempt = this.#attempt = new AbortController();
    const timers: ReturnType<typeof setTimeout>[] = [];
    if (Number.isFinite(limitMs)) {
      const late = new SinkError(`no end after ${limitMs / 1000} s`, { retryable: true, cause: "timeout" });
      timers.push(setTimeout(() => attempt.abort(late), limitMs));
    }
    if (Number.isFinite(slowMs)) {
      const text = `output timeout: ${this.name} has been at it for ${slowMs} ms; other outputs go on`;
      timers.push(setTimeout(() => this.#options.onNews?.("critical", text), slowMs));
    }
    try {
      await this.#sink.deliver(batch, attempt.signal);
    } catch (error) {
      // what was thrown on the way out of an attempt that was given up says less than why it was given up
      throw attempt.signal.aborted && !(error instanceof SinkError) ? attempt.signal.reason : error;
    } finally {
      this.#attempt = undefined;
      timers.forEach(clearTimeout);
    }
  }

  #succeeded(batch: readonly QueuedMessage[]): void {
    if (this.#failures > 0) this.#options.onNews?.("notice", `output ${this.name} works again`);
    this.#failures = 0;
    this.#stumbles = 0;
    this.#alone = Math.max(0, this.#alone - batch.length);
    this.#tally.delivered(batch.length);
    this.#backlog.remove(batch);
  }

  async #failed(batch: readonly QueuedMessage[], thrown: unknown): Promise<void> {
    const error = asSinkError(thrown);
    const { retryable, cause, delivered = [], refused = [], untaken = false, retryAfterMs } = error.details;
    this.#tally.failed(error.message);
    if (delivered.length > 0) this.#tally.delivered(delivered.length);
    if (refused.length > 0) this.#drop(cause, refused.length);
    const done = new Set<SinkMessage>([...delivered, ...refused]);
    const left = batch.filter((message) => !done.has(message));
    if (!untaken) left.forEach((message) => message.redelivered = true);
    // one bad message must not take the others with it: each has to be refused alone
    const isAlone = !retryable && left.length === 1;
    if (isAlone) {
      this.#drop(cause, 1);
      this.#alone = Math.max(0, this.#alone - 1);
    } else if (!retryable) {
      this.#alone = left.length;
    }
    this.#backlog.remove(isAlone ? batch : [...done]);
    if (!retryable || left.length === 0 || this.#state === "closed") return;

    if (this.#failures++ === 0) {
      this.#options.onNews?.("error", `output ${this.name}: ${error.message}; trying again`);
    }
    this.#tally.retried();
    this.#notifySettled();
    await this.#pause(
      retryAfterMs === undefined ? this.#backOffMs() : Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS),
    );
  }

  /** Half of it is chance, so that many hosts do not come back at the same moment. */
  #backOffMs(): number {
    const { firstPauseMs, longestPauseMs } = this.#options;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures - 1, 30));
    return pauseMs * (0.5 + Math.random() / 2);
  }

  async #pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    this.#wake = () => {};
    clearTimeout(timer);
  }

  /** The first of each cause is news; all are counted. */
  #drop(cause: string, count: number): void {
    if (!this.#tally.dropped(cause, count)) return;
    const { lastError } = this.#tally.snapshot();
    const why = lastError === undefined ? "" : `: ${lastError}`;
    this.#options.onNews?.("error", `output ${this.name} drops alerts, ${cause}${why}`);
  }

  #notifySettled(): void {
    for (const resolve of this.#settledWaiters.splice(0)) resolve();
  }
}

function asSinkError(thrown: unknown): SinkError {
  if (thrown instanceof SinkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SinkError(message, { retryable: true, cause: "error" });
}
