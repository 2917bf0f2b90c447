import { deepEqual, equal, match } from "node:assert/strict";
import { MemoryBacklog } from "../../outputs/backlog.ts";
import { type Sink, SinkError, type SinkMessage } from "../../outputs/sink.ts";
import { SinkQueue } from "../../outputs/sink_queue.ts";
import type { SinkQueueOptions } from "../../outputs/sink_queue_options.ts";
import { outgoing, until } from "./outgoing_alerts.ts";

/** Answers each batch as it is told to. */
class ToldSink implements Sink {
  readonly name = "told";
  readonly batches: string[][] = [];
  readonly redelivered: boolean[] = [];
  constructor(
    readonly answer: (batch: readonly SinkMessage[], signal: AbortSignal) => Promise<void>,
    readonly maxBatch = 10,
  ) {}
  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    this.batches.push(batch.map(({ body }) => body));
    await this.answer(batch, signal);
    this.redelivered.push(...batch.map(({ redelivered }) => redelivered));
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function queueOf(sink: Sink, options: Partial<SinkQueueOptions> = {}): SinkQueue {
  return new SinkQueue({
    sink,
    format: ({ message }) => message.replace("alert ", ""),
    firstPauseMs: 1,
    longestPauseMs: 4,
    ...options,
  });
}

const refused = (retryable: boolean, more = {}) =>
  Promise.reject(new SinkError("no", { retryable, cause: "told", ...more }));

Deno.test("alerts of one turn go out together, in order, as many as the sink takes", async () => {
  const sink = new ToldSink(() => Promise.resolve(), 2);
  const queue = queueOf(sink);
  for (const number of [1, 2, 3]) queue.offer(outgoing(number));
  await queue.settled();
  deepEqual(sink.batches, [["1", "2"], ["3"]]);
  equal(queue.stats().delivered, 3n);
});

Deno.test("what passes is tried again until it has passed; the repetition says so", async () => {
  let left = 3;
  const news: string[] = [];
  const sink = new ToldSink(() => left-- > 0 ? refused(true) : Promise.resolve());
  const queue = queueOf(sink, { onNews: (level, text) => news.push(`${level}: ${text}`) });
  queue.offer(outgoing(1));
  await until("delivered", () => queue.stats().delivered === 1n);
  const { retries, dropped, lastError } = queue.stats();
  deepEqual([retries, dropped, lastError, sink.redelivered], [3n, {}, "no", [true]]);
  deepEqual(news, ["error: output told: no; trying again", "notice: output told works again"]);
});

Deno.test("an attempt that the receiver has not seen makes no duplicates", async () => {
  let left = 1;
  const sink = new ToldSink(() => left-- > 0 ? refused(true, { untaken: true }) : Promise.resolve());
  const queue = queueOf(sink);
  queue.offer(outgoing(1));
  await until("delivered", () => queue.stats().delivered === 1n);
  deepEqual(sink.redelivered, [false]);
});

Deno.test("one message that the receiver will never take does not take the others with it", async () => {
  const sink = new ToldSink((batch) =>
    batch.some(({ body }) => body === "2") ? refused(false) : Promise.resolve()
  );
  const queue = queueOf(sink);
  for (const number of [1, 2, 3, 4]) queue.offer(outgoing(number));
  await queue.settled();
  deepEqual(sink.batches, [["1", "2", "3", "4"], ["1"], ["2"], ["3"], ["4"]]);
  deepEqual([queue.stats().delivered, queue.stats().dropped], [3n, { told: 1n }]);
});

Deno.test("of a batch that was taken in part only the rest is sent again", async () => {
  let first = true;
  const sink = new ToldSink((batch) => {
    if (!first) return Promise.resolve();
    first = false;
    return refused(true, { delivered: [batch[0]], refused: [batch[2]] });
  });
  const queue = queueOf(sink);
  for (const number of [1, 2, 3]) queue.offer(outgoing(number));
  await until("delivered", () => queue.stats().delivered === 2n);
  deepEqual(sink.batches, [["1", "2", "3"], ["2"]]);
  deepEqual(queue.stats().dropped, { told: 1n });
});

Deno.test("a sink that never answers is given up after its time, and nobody waits for it", async () => {
  let attempts = 0;
  const sink = new ToldSink((_batch, signal) => {
    attempts++;
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  });
  const news: string[] = [];
  const queue = queueOf(sink, { attemptTimeoutMs: 20, slowMs: 5, onNews: (_level, text) => news.push(text) });
  queue.offer(outgoing(1));
  await queue.settled();
  match(queue.stats().lastError ?? "", /no end after 0\.02 s/);
  await until("another attempt", () => attempts > 1);
  equal(queue.stats().queuedMessages, 1);
  match(news.join("\n"), /output timeout: told has taken nothing for 5 ms/);
  await queue.close(10);
  deepEqual(queue.stats().dropped, { closed: 1n });
});

Deno.test("a queue that is full refuses new alerts and counts them", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const sink = new ToldSink(() => gate, 1);
  const queue = queueOf(sink, {
    backlog: (onDrop) => new MemoryBacklog({ maxMessages: 2, maxBytes: 1 << 20 }, onDrop),
  });
  for (const number of [1, 2, 3, 4]) queue.offer(outgoing(number));
  deepEqual([queue.stats().queuedMessages, queue.stats().dropped], [2, { queue_full: 2n }]);
  release();
  await queue.settled();
  deepEqual(sink.batches, [["1"], ["2"]]);
});

Deno.test("bytes bound a queue too, but one alert always fits", () => {
  const drops: string[] = [];
  const backlog = new MemoryBacklog({ maxMessages: 10, maxBytes: 10 }, (cause) => drops.push(cause));
  const message = (bytes: number) => ({ alert: outgoing(1), body: "", bytes, redelivered: false });
  backlog.push(message(100));
  backlog.push(message(1));
  deepEqual([backlog.messages, backlog.bytes, drops], [1, 100, ["queue_full"]]);
});

Deno.test("a sink has its own least priority", async () => {
  const sink = new ToldSink(() => Promise.resolve());
  const queue = queueOf(sink, { leastPriority: "Error" });
  queue.offer(outgoing(1, "Warning"));
  queue.offer(outgoing(2, "Error"));
  queue.offer(outgoing(3, "Emergency"));
  await queue.settled();
  deepEqual(sink.batches, [["2", "3"]]);
});

Deno.test("a receiver that says when to come again is not asked before", async () => {
  let left = 1;
  const times: number[] = [];
  const sink = new ToldSink(() => {
    times.push(performance.now());
    return left-- > 0 ? refused(true, { retryAfterMs: 60 }) : Promise.resolve();
  });
  const queue = queueOf(sink);
  queue.offer(outgoing(1));
  await until("delivered", () => queue.stats().delivered === 1n);
  equal(times[1]! - times[0]! >= 59, true);
});

Deno.test("the end delivers what waits, without the pause that was on", async () => {
  let left = 1;
  const sink = new ToldSink(() => left-- > 0 ? refused(true) : Promise.resolve());
  const queue = queueOf(sink, { firstPauseMs: 600_000, longestPauseMs: 600_000 });
  queue.offer(outgoing(1));
  await queue.settled();
  await queue.close(5000);
  deepEqual([queue.stats().delivered, queue.stats().dropped], [1n, {}]);
  queue.offer(outgoing(2));
  deepEqual(queue.stats().dropped, { closed: 1n });
});

Deno.test("a receiver that takes a little at a time is neither given up nor reported, and the end waits for it", async () => {
  const gate = Promise.withResolvers<void>();
  const news: string[] = [];
  class SlowSink extends ToldSink {
    looks = 0;
    /** more each time that somebody looks */
    get progress() {
      return ++this.looks;
    }
  }
  const sink = new SlowSink(() => gate.promise);
  const queue = queueOf(sink, {
    attemptTimeoutMs: 40,
    slowMs: 40,
    onNews: (_level, text) => news.push(text),
  });
  queue.offer(outgoing(1));
  await until("an attempt", () => sink.batches.length === 1);
  const isClosed = queue.close(40, 60_000);
  // both limits have passed several times
  await until("looks", () => sink.looks > 20);
  deepEqual([news, sink.batches.length], [[], 1]);
  gate.resolve();
  await isClosed;
  deepEqual([queue.stats().delivered, queue.stats().dropped], [1n, {}]);
});

Deno.test("a slow receiver has an end too: its grace is over, however much it takes", async () => {
  class EndlessSink extends ToldSink {
    get progress() {
      return performance.now();
    }
  }
  const queue = queueOf(
    new EndlessSink((_batch, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))))
    ),
  );
  queue.offer(outgoing(1));
  await queue.close(20, 60);
  deepEqual(queue.stats().dropped, { closed: 1n });
});

Deno.test("another sink in the place of a failing one gets what waits, first and in its own form", async () => {
  const broken = queueOf(new ToldSink(() => refused(true, { retryAfterMs: 1e9 })), { firstPauseMs: 600_000 });
  for (const number of [1, 2]) broken.offer(outgoing(number));
  await broken.settled();
  broken.offer(outgoing(3));
  const sink = new ToldSink(() => Promise.resolve());
  const next = queueOf(sink, {
    startAfter: broken.handOver(1000, 1000),
    format: ({ message }) => message.replace("alert ", "new "),
  });
  next.offer(outgoing(4));
  await until("delivered", () => next.stats().delivered === 4n);
  deepEqual(sink.batches.flat(), ["new 1", "new 2", "new 3", "new 4"]);
  deepEqual([broken.stats().dropped, broken.stats().queuedMessages], [{}, 0]);
});

Deno.test("what is handed over twice in a row arrives as well", async () => {
  const first = queueOf(new ToldSink(() => refused(true)), { firstPauseMs: 600_000 });
  first.offer(outgoing(1));
  await first.settled();
  const second = queueOf(new ToldSink(() => refused(true)), { startAfter: first.handOver(1000, 1000) });
  const sink = new ToldSink(() => Promise.resolve());
  const third = queueOf(sink, { startAfter: second.handOver(1000, 1000) });
  await until("delivered", () => third.stats().delivered === 1n);
  deepEqual(sink.batches, [["1"]]);
});

Deno.test("a receiver that says 0 is not asked without a pause; one that says a year waits as long as the setting", async () => {
  for (const retryAfterMs of [0, 1e12]) {
    let left = 1;
    const times: number[] = [];
    const sink = new ToldSink(() => {
      times.push(performance.now());
      return left-- > 0 ? refused(true, { retryAfterMs }) : Promise.resolve();
    });
    const queue = queueOf(sink, { firstPauseMs: 40, longestPauseMs: 40, longestRetryAfterMs: 60 });
    queue.offer(outgoing(1));
    await until("delivered", () => queue.stats().delivered === 1n);
    equal(times[1]! - times[0]! >= 19, true);
  }
});

Deno.test("the log names the reason of now: each kind of failure once, and a drop without an old reason", async () => {
  const answers = ["refused", "refused", "dns", undefined];
  const news: string[] = [];
  const sink = new ToldSink(() => {
    const cause = answers.shift();
    return cause === undefined
      ? Promise.resolve()
      : Promise.reject(new SinkError(cause, { retryable: true, cause }));
  });
  const queue = queueOf(sink, {
    onNews: (_level, text) => news.push(text),
    backlog: (onDrop) => new MemoryBacklog({ maxMessages: 1, maxBytes: 1 << 20 }, onDrop),
  });
  queue.offer(outgoing(1));
  await until("delivered", () => queue.stats().delivered === 1n);
  queue.offer(outgoing(2));
  queue.offer(outgoing(3));
  deepEqual(news, [
    "output told: refused; trying again",
    "output told: dns; trying again",
    "output told works again",
    "output told drops alerts, queue_full (1)",
  ]);
  await queue.settled();
});

Deno.test("a receiver that takes one alert and fails, each time, gets all of them before the end", async () => {
  const sink = new ToldSink((batch) =>
    batch.length === 1 ? Promise.resolve() : refused(true, { delivered: [batch[0]] })
  );
  const queue = queueOf(sink, { firstPauseMs: 5, longestPauseMs: 600_000 });
  const numbers = Array.from({ length: 10 }, (_, i) => i + 1);
  for (const number of numbers) queue.offer(outgoing(number));
  await queue.close(1000, 60_000);
  deepEqual(sink.batches.map(([first]) => Number(first)), numbers);
  deepEqual([queue.stats().delivered, queue.stats().dropped], [10n, {}]);
});

Deno.test("an alert that comes at the very moment when a queue runs empty does not wait for the next one", async () => {
  for (let ticks = 0; ticks < 20; ticks++) {
    const delivered = Promise.withResolvers<void>();
    const sink = new ToldSink(() => delivered.promise);
    const queue = queueOf(sink);
    queue.offer(outgoing(1));
    await until("an attempt", () => sink.batches.length === 1);
    delivered.resolve();
    // each step of the way from the end of an attempt to the end of the run is one of these
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    queue.offer(outgoing(2));
    await queue.settled();
    deepEqual(sink.batches, [["1"], ["2"]], `after ${ticks} ticks`);
    deepEqual([queue.stats().queuedMessages, queue.isMoving], [0, true]);
  }
});
