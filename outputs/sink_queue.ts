// The queue in front of one sink, the same for all: waits, batches, repeats with growing pauses, drops and counts.
// In: alerts, which are rendered as this sink wants them. Out: batches for the sink, one at a time and in order.
// A sink that is slow or dead holds up nobody else: what waits is bounded, and taking an alert never waits.
// Elsewhere: what is kept while it waits (backlog.ts, spool_backlog.ts), delivery itself (sinks/).

import { Buffer } from "node:buffer";
import { PRIORITIES, type Priority } from "../rules/checked.ts";
import { type Backlog, MemoryBacklog, type OnDrop, type QueuedMessage } from "./backlog.ts";
import { type AlertFacts, type OutgoingAlert, type Sink, SinkError, type SinkMessage } from "./sink.ts";
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
  readonly backlog?: (onDrop: OnDrop, onMore: () => void) => Backlog;
  /** an attempt that takes longer is given up */
  readonly attemptTimeoutMs?: number;
  /** an attempt that takes longer is news (Falco's output_timeout) */
  readonly slowMs?: number;
  /** the pause after the first failure; it doubles up to the longest */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  /** delivery begins when this is kept: who had the sink's name before has ended, and this is what it has left */
  readonly startAfter?: Promise<readonly QueuedMessage[]>;
  /** however long a receiver asks us to stay away */
  readonly longestRetryAfterMs?: number;
  readonly onNews?: SinkNews;
}

export const DEFAULT_BOUNDS = { maxMessages: Infinity, maxBytes: 128 << 20 };
const DEFAULTS = {
  attemptTimeoutMs: 10_000,
  slowMs: Infinity,
  firstPauseMs: 250,
  longestPauseMs: 30_000,
  longestRetryAfterMs: 300_000,
};
const BATCH_BYTES = 1 << 20;
/** What an alert that waits takes: the body, the values that it was made of, which are about as long, and objects. */
const ALERT_BYTES = 1024;
const VALUES_SHARE = 3;
/** The first drop of each cause is news, then one line in so long. */
const DROP_NEWS_MS = 60_000;
/** A sink says goodbye in its own time, which this only guards. */
const CLOSE_LIMIT_MS = 10_000;

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
  /** of the present failures: why they began, and which kinds have been told */
  #lastFailure: string | undefined;
  readonly #toldFailures = new Set<string>();
  readonly #toldDrops = new Map<string, { atMs: number; untold: number }>();
  #inherited: Promise<void> | undefined;
  /** ends the present pause */
  #wake: () => void = () => {};
  #settledWaiters: (() => void)[] = [];

  constructor(options: SinkQueueOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#sink = options.sink;
    this.#tally = new SinkTally();
    const onDrop: OnDrop = (cause, count) => this.#drop(cause, count);
    this.#backlog = options.backlog?.(onDrop, () => this.#start()) ??
      new MemoryBacklog(DEFAULT_BOUNDS, onDrop);
    this.#leastRank = PRIORITIES.indexOf(options.leastPriority ?? "Debug");
    if (options.startAfter !== undefined) this.#inherit(options.startAfter);
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

  /** Resolves when what was offered is kept as well as the settings ask for: in the spool, if there is one. */
  async written(): Promise<void> {
    await this.#backlog.written?.();
  }

  /** SIGUSR1 */
  async reopen(): Promise<void> {
    try {
      await this.#sink.reopen?.();
    } catch (error) {
      this.#options.onNews?.("error", `output ${this.name}: ${asSinkError(error).message}`);
    }
  }

  /**
   * Delivers what it can. A receiver that takes nothing for `patienceMs` is not waited for, one that is slow not longer
   * than `graceMs` in all. What is left then is lost and counted, unless it is kept on a disk.
   */
  async close(patienceMs: number, graceMs = patienceMs): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "draining";
    this.#wake();
    await this.#inherited;
    await this.#drained(patienceMs, graceMs);
    await this.#stop(patienceMs);
    const lost = await this.#backlog.close(patienceMs);
    if (lost > 0) this.#drop("closed", lost);
    await within(CLOSE_LIMIT_MS, this.#sink.close().catch(() => {}));
  }

  /**
   * Another sink takes this one's place: delivers what it can, like `close`, but nothing more when attempts fail, and
   * gives what is left in memory.
   */
  async handOver(patienceMs: number, graceMs: number): Promise<readonly QueuedMessage[]> {
    if (this.#state !== "open") return [];
    this.#state = "draining";
    await this.#inherited;
    await Promise.race([this.settled(), this.#drained(patienceMs, graceMs)]);
    await this.#stop(patienceMs);
    const left = await this.#backlog.release(patienceMs);
    await within(CLOSE_LIMIT_MS, this.#sink.close().catch(() => {}));
    return left;
  }

  /** Until nothing is left, or the receiver is given up. */
  async #drained(patienceMs: number, graceMs: number): Promise<void> {
    const endMs = performance.now() + graceMs;
    for (let before = -1; this.#running !== undefined;) {
      const now = this.#progress();
      const leftMs = endMs - performance.now();
      if (now === before || leftMs <= 0) return;
      before = now;
      await within(Math.min(patienceMs, leftMs), this.#running);
    }
  }

  async #stop(patienceMs: number): Promise<void> {
    this.#state = "closed";
    this.#attempt?.abort(new SinkError("falco ends", { retryable: true, cause: "closed" }));
    this.#wake();
    await within(patienceMs, this.#running);
  }

  /** Grows with whatever the receiver takes. */
  #progress(): number {
    return Number(this.#tally.deliveredCount) + (this.#sink.progress ?? 0);
  }

  /** They go first; their form may be another one now. */
  #inherit(left: Promise<readonly QueuedMessage[]>): void {
    const { format } = this.#options;
    this.#inherited = left.then((messages) => {
      this.#inherited = undefined;
      this.#backlog.adopt(
        messages.map((message) =>
          isOutgoing(message.alert) ? { ...message, body: format(message.alert) } : message
        ),
      );
      this.#start();
    });
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
    await this.#inherited; // alerts of the same turn go out together
    while (this.#state !== "closed" && this.#backlog.messages > 0) {
      const { lingerMs = 0, maxBatch } = this.#sink;
      if (lingerMs > 0 && this.#backlog.messages < maxBatch && this.#state === "open") {
        await this.#pause(lingerMs);
      }
      const batch = await this.#backlog.peek(this.#alone > 0 ? 1 : maxBatch, BATCH_BYTES);
      if (batch.length === 0) break;
      await this.#backlog.claim(batch.length);
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

  /** One attempt, which ends at its time limit; it begins again with whatever the receiver takes. */
  async #deliver(batch: readonly QueuedMessage[]): Promise<void> {
    const { slowMs } = this.#options;
    const limitMs = this.#sink.attemptTimeoutMs ?? this.#options.attemptTimeoutMs;
    const attempt = this.#attempt = new AbortController();
    const timers = [
      this.#whenStuck(limitMs, () => {
        const late = new SinkError(`no end after ${limitMs / 1000} s`, { retryable: true, cause: "timeout" });
        attempt.abort(late);
      }),
      this.#whenStuck(slowMs, () => {
        const text = `output timeout: ${this.name} has taken nothing for ${slowMs} ms; other outputs go on`;
        this.#options.onNews?.("critical", text);
      }),
    ];
    try {
      await this.#sink.deliver(batch, attempt.signal);
    } catch (error) {
      // what was thrown on the way out of an attempt that was given up says less than why it was given up
      throw attempt.signal.aborted && !(error instanceof SinkError) ? attempt.signal.reason : error;
    } finally {
      this.#attempt = undefined;
      for (const clear of timers) clear();
    }
  }

  /** Calls once when there was no progress for so long; gives what stops that. */
  #whenStuck(ms: number, call: () => void): () => void {
    if (!Number.isFinite(ms)) return () => {};
    let before = this.#progress();
    const timer = setInterval(() => {
      const now = this.#progress();
      if (now !== before) return void (before = now);
      clearInterval(timer);
      call();
    }, ms);
    return () => clearInterval(timer);
  }

  #succeeded(batch: readonly QueuedMessage[]): void {
    if (this.#failures > 0) this.#options.onNews?.("notice", `output ${this.name} works again`);
    this.#failures = 0;
    this.#stumbles = 0;
    this.#lastFailure = undefined;
    this.#toldFailures.clear();
    this.#alone = Math.max(0, this.#alone - batch.length);
    this.#tally.delivered(batch.length);
    this.#backlog.remove(batch);
  }

  async #failed(batch: readonly QueuedMessage[], thrown: unknown): Promise<void> {
    const error = asSinkError(thrown);
    const { retryable, cause, delivered = [], refused = [], untaken = false, retryAfterMs } = error.details;
    this.#tally.failed(error.message);
    this.#lastFailure = error.message;
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

    // a receiver that takes something each time is not left alone for longer and longer
    this.#failures = delivered.length > 0 ? 1 : this.#failures + 1;
    // the reason may change while it fails: each kind is told once
    if (!this.#toldFailures.has(cause)) {
      this.#toldFailures.add(cause);
      this.#options.onNews?.("error", `output ${this.name}: ${error.message}; trying again`);
    }
    this.#tally.retried();
    this.#notifySettled();
    // a receiver may ask for more time, not for attempts without a pause
    const asked = Math.min(retryAfterMs ?? 0, this.#options.longestRetryAfterMs);
    await this.#pause(Math.max(asked, this.#backOffMs()));
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

  /** All are counted. The reason is that of now, not that of an earlier failure. */
  #drop(cause: string, count: number): void {
    this.#tally.dropped(cause, count);
    const now = performance.now();
    const told = this.#toldDrops.get(cause);
    if (told !== undefined && now - told.atMs < DROP_NEWS_MS) {
      told.untold += count;
      return;
    }
    const number = count + (told?.untold ?? 0);
    this.#toldDrops.set(cause, { atMs: now, untold: 0 });
    const why = this.#lastFailure === undefined ? "" : `: ${this.#lastFailure}`;
    this.#options.onNews?.("error", `output ${this.name} drops alerts, ${cause} (${number})${why}`);
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

function isOutgoing(alert: AlertFacts): alert is OutgoingAlert {
  return "json" in alert;
}

async function within(ms: number, promise: Promise<unknown> | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([promise, new Promise((resolve) => timer = setTimeout(resolve, ms))]);
  clearTimeout(timer);
}
