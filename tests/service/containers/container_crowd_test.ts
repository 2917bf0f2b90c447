// Who fills the tables of containers is reported: each kind once.

import assert from "node:assert/strict";
import { ContainerCrowd } from "../../../service/containers/container_crowd.ts";
import type { InternalAlert } from "../../../service/internal_alerts/internal_alerts.ts";

Deno.test("forgotten containers, and many that nothing waited for, are told in the log and as an alert, once each", () => {
  const alerts: InternalAlert[] = [];
  const lines: string[] = [];
  const crowd = new ContainerCrowd((alert) => alerts.push(alert), (_, line) => lines.push(line));
  const take = (evicted: bigint, unawaited: bigint) =>
    crowd.take({ CONTAINERS_EVICTED: evicted, CONTAINERS_OVER_BUDGET: unawaited });
  take(0n, 3n);
  take(0n, 19n);
  assert.deepEqual([alerts.length, lines.length], [0, 0]);
  take(0n, 60n);
  take(1024n, 2000n);
  take(2048n, 4000n);
  assert.deepEqual(alerts.map(({ rule, priority }) => [rule, priority]), [
    ["Falco internal: containers crowded", "Warning"],
    ["Falco internal: containers crowded", "Warning"],
  ]);
  assert.match(lines[0]!, /faster than events may wait for.*containers_over_budget 60/);
  assert.match(lines[1]!, /forgotten.*containers_evicted 1024/);
});
