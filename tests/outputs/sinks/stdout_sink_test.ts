import { deepEqual, equal, match } from "node:assert/strict";
import { SinkQueue } from "../../../outputs/sink_queue.ts";
import { StdoutSink, type StdoutSinkOptions } from "../../../outputs/sinks/stdout.ts";
import { outgoing } from "../outgoing_alerts.ts";

/** A stream that takes a few bytes at a time, as pipes do. */
function stream(bytesPerWrite: number, failure?: Error) {
  const state = { text: "", writes: 0 };
  return {
    state,
    write(bytes: Uint8Array): Promise<number> {
      state.writes++;
      if (failure !== undefined) return Promise.reject(failure);
      const part = bytes.subarray(0, bytesPerWrite);
      state.text += new TextDecoder().decode(part);
      return Promise.resolve(part.length);
    },
  };
}

function queueOf(to: ReturnType<typeof stream>, options: StdoutSinkOptions = {}): SinkQueue {
  return new SinkQueue({ sink: new StdoutSink(to, options), format: ({ message }) => message });
}

Deno.test("alerts are whole lines in order; unbuffered each has a write of its own", async () => {
  for (const [unbuffered, writes] of [[false, 1], [true, 3]] as const) {
    const to = stream(1 << 20);
    const queue = queueOf(to, { unbuffered });
    for (const number of [1, 2, 3]) queue.offer(outgoing(number));
    await queue.settled();
    deepEqual(to.state, { text: "alert 1\nalert 2\nalert 3\n", writes });
  }
  const slow = stream(3);
  const queue = queueOf(slow);
  for (const number of [1, 2]) queue.offer(outgoing(number));
  await queue.settled();
  equal(slow.state.text, "alert 1\nalert 2\n");
});

Deno.test("buffered alerts of several turns are one write", async () => {
  const to = stream(1 << 20);
  const queue = queueOf(to, { lingerMs: 60 });
  for (const number of [1, 2, 3]) {
    queue.offer(outgoing(number));
    await new Promise((resolve) => setTimeout(resolve));
  }
  equal(to.state.writes, 0);
  await queue.settled();
  deepEqual(to.state, { text: "alert 1\nalert 2\nalert 3\n", writes: 1 });
});

Deno.test("a reader that has gone is reported once; alerts from then on are counted as dropped", async () => {
  const reports: string[] = [];
  const to = stream(4, new Deno.errors.BrokenPipe("Broken pipe"));
  const queue = queueOf(to, { onClosed: (error) => reports.push(error.message) });
  for (const number of [1, 2, 3]) queue.offer(outgoing(number));
  await queue.settled();
  queue.offer(outgoing(4));
  await queue.settled();
  equal(reports.length, 1);
  match(reports[0] ?? "", /Broken pipe/);
  deepEqual([queue.stats().delivered, queue.stats().dropped, to.state.writes], [0n, { closed: 4n }, 1]);
});

Deno.test("a reader that never reads does not keep falco from ending", async () => {
  const sink = new StdoutSink({ write: () => new Promise<number>(() => {}) });
  const queue = new SinkQueue({ sink, format: ({ message }) => message });
  queue.offer(outgoing(1));
  await queue.close(10);
  deepEqual(queue.stats().dropped, { closed: 1n });
});

Deno.test("in the journal each alert is marked with its severity", async () => {
  const to = stream(1 << 20);
  const queue = queueOf(to, { isJournal: true });
  queue.offer(outgoing(1, "Critical"));
  queue.offer(outgoing(2, "Warning"));
  await queue.settled();
  equal(to.state.text, "<2>alert 1\n<4>alert 2\n");
});
