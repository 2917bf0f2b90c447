// The lease: what an operator says that does not get it.

import assert from "node:assert/strict";
import { ApiError } from "../../kube/mod.ts";
import { whileLeader } from "../../operator/api/lease.ts";

async function said(status: number): Promise<string[]> {
  const stop = new AbortController();
  const log: string[] = [];
  const refuse = () => {
    // after the second attempt, so that what is said twice would be seen
    if (++asked === 2) stop.abort();
    return Promise.reject(new ApiError(`status ${status}: leases is forbidden`, { status }));
  };
  let asked = 0;
  const options = {
    namespace: "n",
    name: "l",
    identity: "me",
    durationMs: 3,
    log: (text: string) => void log.push(text),
  };
  await whileLeader(
    { ...options, client: { get: refuse, send: refuse } },
    stop.signal,
    () => Promise.resolve(),
  );
  return log;
}

Deno.test("an operator that may not have the lease says so, once, and not that another one leads", async () => {
  assert.deepEqual(await said(403), ["the lease cannot be had: status 403: leases is forbidden; me waits"]);
  assert.deepEqual(await said(409), ["another operator leads; me waits"]);
});
