// After failures of an API server: a server that is away is asked soon again, one that refuses less and less often.

import assert from "node:assert/strict";
import { ApiError } from "../../kube/api_client.ts";
import { RetryPace } from "../../kube/retry_pace.ts";

const TIMING = { firstPauseMs: 1000, longestPauseMs: 60_000, warmUpMs: 10_000 };
const away = () => new ApiError("Connection refused", { isAway: true });
const refusal = () => new ApiError("status 403: forbidden", { status: 403 });

Deno.test("kubernetes: a server that has been away for an hour is asked again within a second", () => {
  const pace = new RetryPace(TIMING);
  for (let i = 0; i < 3600; i++) assert.ok(pace.failed(away()).waitMs <= 1000);
});

Deno.test("kubernetes: that a server is away is told once, and again only after it has worked", () => {
  const pace = new RetryPace(TIMING);
  const told = () => pace.failed(away()).trouble;
  assert.deepEqual([told(), told(), told()], ["Connection refused", undefined, undefined]);
  pace.worked();
  assert.equal(told(), "Connection refused");
});

Deno.test("kubernetes: what a server refuses while it warms up is part of its being away", () => {
  const pace = new RetryPace(TIMING);
  pace.failed(away());
  for (let i = 0; i < 5; i++) {
    const { waitMs, trouble } = pace.failed(refusal());
    assert.equal(trouble, undefined);
    assert.ok(waitMs <= 1000);
  }
});

Deno.test("kubernetes: a refusal at any other time is told, and asked again after growing pauses", () => {
  const pace = new RetryPace({ ...TIMING, warmUpMs: 0 });
  pace.failed(away());
  const waits = Array.from({ length: 10 }, () => pace.failed(refusal()));
  assert.ok(waits.every(({ trouble }) => trouble === "status 403: forbidden"));
  assert.ok(waits.at(-1)!.waitMs >= 30_000);
});

Deno.test("kubernetes: a server that says when to come back is not asked earlier", () => {
  const busy = new ApiError("status 503: later", { status: 503, isAway: true, retryAfterMs: 20_000 });
  assert.ok(new RetryPace(TIMING).failed(busy).waitMs >= 20_000);
});
