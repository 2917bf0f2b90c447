// Work by key: news do not wait until a failure is tried again.

import assert from "node:assert/strict";
import { WorkQueue } from "../../operator/api/work_queue.ts";

Deno.test("work queue: what has changed is looked at during the pause after a failure", async () => {
  const stop = new AbortController();
  const failed = Promise.withResolvers<void>(), again = Promise.withResolvers<void>();
  let times = 0;
  const queue = new WorkQueue(
    () => {
      if (++times < 8) throw new Error("away");
      again.resolve();
      return Promise.resolve();
    },
    () => {
      failed.resolve();
      // the longest pause is a minute: without news this test would take two
      queueMicrotask(() => queueMicrotask(() => queue.ask("a", true)));
    },
    stop.signal,
  );
  queue.ask("a");
  await failed.promise;
  await again.promise;
  await queue.idle();
  assert.ok(times >= 8);
  stop.abort();
});
