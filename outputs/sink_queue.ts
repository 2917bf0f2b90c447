// The queue in front of one sink, the same for all: waits, batches, repeats with growing pauses, drops and counts.
// In: alerts, which are rendered as this sink wants them. Out: batches for the sink, one at a time and in order.
// A sink that is slow or dead holds up nobody else: what waits is bounded, and taking an alert never waits.
// Elsewhere: what is kept while it waits (backlog.ts, spool_backlog.ts), one attempt and its time (sink_attempt.ts), what
// is told (sink_news.ts), delivery itself (sinks/).

import { Buffer } from "node:buffer";
import { backOffMs, Pause, PRIORITIES, within } from "../base/mod.ts";
import type { AlertFacts, OutgoingAlert } from "../alerts/mod.ts";
import { type Backlog, MemoryBacklog, type OnDrop, type QueuedMessage } from "./backlog.ts";
import { asSinkError, type Sink, SinkError, type SinkMessage } from "./sink.ts";
import { SinkAttempt } from "./sink_attempt.ts";
import { SinkReporter } from "./sink_news.ts";
import { DEFAULT_BOUNDS, QUEUE_DEFAULTS, type SinkQueueOptions } from "./sink_queue_options.ts";
import { type SinkStats, SinkTally } from "./sink_stats.ts";

const BATCH_BYTES = 1 << 20;
/** What an alert that waits takes: the body, the values that it was made of, which are about as long, and objects. */
const ALERT_BYTES = 1024;
const VALUES_SHARE = 3;
/** A sink says goodbye in its own time, which this only guards. */
const CLOSE_LIMIT_MS = 10_000;

export class SinkQueue {
  readonly #options: SinkQueueOptions & typeof QUEUE_DEFAULTS;
  readonly #sink: Sink;
  readonly #backlog: Backlog;
  readonly #tally = new SinkTally();
  readonly #reporter: SinkReporter;
  readonly #pause = new Pause();
  readonly #leastRank: number;
  #running: Promise<void> | undefined;
  /** something has come, or may be had, since the present round began */
  #isAsked = false;
  #attempt: SinkAttempt | undefined;
  #failures = 0;
  #stumbles = 0;
  /** a batch was refused: so many messages go alone, to find the ones that the receiver does not want */
  #alone = 0;
  #state: "open" | "draining" | "closed" = "open";
  #inherited: Promise<void> | undefined;
  #settledWaiters: (() => void)[] = [];

  constructor(options: SinkQueueOptions) {
    this.#options = { ...QUEUE_DEFAULTS, ...options };
    this.#sink = options.sink;
    this.#reporter = new SinkReporter(this.#sink.name, options.onNews);
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

  /** @see Sink.tryOut; false when the sink has no way to tell */
  async tryOut(): Promise<boolean> {
    if (this.#sink.tryOut === undefined) return false;
    await this.#sink.tryOut();
    return true;
  }

  /** SIGUSR1 */
  async reopen(): Promise<void> {
    try {
      await this.#sink.reopen?.();
    } catch (error) {
      this.#reporter.problem("error", asSinkError(error).message);
    }
  }

  /**
   * Delivers what it can. A receiver that takes nothing for `patienceMs` is not waited for, one that is slow not longer
   * than `graceMs` in all. What is left then is lost and counted, unless it is kept on a disk.
   */
  async close(patienceMs: number, graceMs = patienceMs): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "draining";
    this.#pause.end();
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
    this.#pause.end();
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
    this.#isAsked = true;
    if (this.#running === undefined && this.#backlog.messages > 0) this.#running = this.#run();
  }

  /**
   * Whether something waits is asked, and its end is known, in the same moment: what is offered afterwards begins another
   * run, and what is offered before is delivered by this one.
   */
  async #run(): Promise<void> {
    try {
      await this.#inherited; // alerts of the same turn go out together
      while (this.#state !== "closed" && this.#backlog.messages > 0) {
        this.#isAsked = false;
        const isMoving = await this.#round().catch((error) => this.#stumbled(error));
        if (!isMoving && !this.#isAsked) break;
      }
    } finally {
      this.#running = undefined;
      this.#notifySettled();
    }
  }

  /** One batch; false when the backlog gives none now. */
  async #round(): Promise<boolean> {
    const { lingerMs = 0, maxBatch } = this.#sink;
    if (lingerMs > 0 && this.#backlog.messages < maxBatch && this.#state === "open") {
      await this.#pause.take(lingerMs);
    }
    const batch = await this.#backlog.peek(this.#alone > 0 ? 1 : maxBatch, BATCH_BYTES);
    if (batch.length === 0) return false;
    await this.#backlog.claim(batch.length);
    try {
      await this.#deliver(batch);
      this.#succeeded(batch);
    } catch (error) {
      await this.#failed(batch, error);
    }
    return true;
  }

  /** Nothing here should throw; whatever does must not end the queue. */
  async #stumbled(error: unknown): Promise<boolean> {
    this.#stumbles++;
    this.#tally.failed(asSinkError(error).message);
    if (this.#stumbles === 1) this.#reporter.problem("critical", asSinkError(error).message);
    this.#notifySettled();
    await this.#pause.take(this.#options.longestPauseMs);
    return this.#state === "open";
  }

  async #deliver(batch: readonly QueuedMessage[]): Promise<void> {
    const { slowMs } = this.#options;
    this.#attempt = new SinkAttempt({
      sink: this.#sink,
      limitMs: this.#sink.attemptTimeoutMs ?? this.#options.attemptTimeoutMs,
      slowMs,
      onSlow: () => this.#reporter.slow(slowMs),
      progress: () => this.#progress(),
    });
    try {
      await this.#attempt.deliver(batch);
    } finally {
      this.#attempt = undefined;
    }
  }

  #succeeded(batch: readonly QueuedMessage[]): void {
    this.#reporter.works(this.#failures > 0);
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
    this.#reporter.failed(error.message);
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
    this.#reporter.retries(cause, error.message);
    this.#tally.retried();
    this.#notifySettled();
    // a receiver may ask for more time, not for attempts without a pause
    const asked = Math.min(retryAfterMs ?? 0, this.#options.longestRetryAfterMs);
    const { firstPauseMs, longestPauseMs } = this.#options;
    await this.#pause.take(Math.max(asked, backOffMs(this.#failures, firstPauseMs, longestPauseMs)));
  }

  #drop(cause: string, count: number): void {
    this.#tally.dropped(cause, count);
    this.#reporter.dropped(cause, count);
  }

  #notifySettled(): void {
    for (const resolve of this.#settledWaiters.splice(0)) resolve();
  }
}

function isOutgoing(alert: AlertFacts): alert is OutgoingAlert {
  return "json" in alert;
}
