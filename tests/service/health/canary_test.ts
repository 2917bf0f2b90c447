// The canary's bookkeeping: what has come through counts, what nobody sent does not.

import { equal, ok } from "node:assert/strict";
import { Canary } from "../../../service/health/canary.ts";

Deno.test("one that comes through is alive since it was sent; numbers that nobody sent change nothing", () => {
  const calls: number[] = [];
  const canary = new Canary((number) => calls.push(number));
  try {
    equal(canary.state.sent, 1);
    equal(canary.state.seen, 0);
    equal(canary.state.latencyMs, undefined);
    canary.seen(12345);
    canary.seen(-1);
    equal(canary.state.seen, 0);
    canary.seen(calls[0]!);
    equal(canary.state.seen, 1);
    ok(canary.state.latencyMs! >= 0 && canary.state.silentMs >= canary.state.latencyMs!);
    canary.seen(calls[0]!);
    equal(canary.state.seen, 1, "the same one again");
  } finally {
    canary.stop();
  }
});
