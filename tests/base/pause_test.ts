// Pauses that are longer than a timer can be.

import assert from "node:assert/strict";
import { pause } from "../../base/mod.ts";

Deno.test("pause: one of a month does not end at once, and can be ended", async () => {
  const stop = new AbortController();
  let isOver = false;
  const pausing = pause(31 * 86_400_000, stop.signal).then(() => isOver = true);
  // a timer that is too long for the runtime ends before this one
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(isOver, false);
  stop.abort();
  await pausing;
});
