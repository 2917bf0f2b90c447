// A short run of the soak that `deno task soak` does for ten minutes: every marked call is accounted for at every sink,
// through reloads of rules and the death of receivers. Needs root and BTF.
// Alone: it loads the host.

import { deepEqual, equal, ok } from "node:assert/strict";
import { soakProblems } from "../../bench/soak.ts";
import { runSoak } from "../../bench/soak/run_soak.ts";
import { liveRefusal } from "../live/falco_process.ts";

const refusal = await liveRefusal();
const name = "soak: at every sink alerts in = alerts out + counted suppressions";

Deno.test({
  name: refusal === null ? name : `${name}: skipped, ${refusal}`,
  ignore: refusal !== null,
  async fn() {
    const report = await runSoak({
      seconds: 5,
      eventsPerSecond: 20_000,
      alertsPerSecond: 100,
      reloadSeconds: 2,
      lifeSeconds: 2,
    });
    const log = report.log.join("\n");
    deepEqual(soakProblems(report), [], log);
    equal(report.eventDrops, "drops 0", log);
    // a host with much to do makes fewer of the 400
    ok(report.made.alerts > 100 && report.made.alerts <= 400, log);
    ok(report.reloads > 0 && report.deaths > 0 && report.retries > 0, log);
    for (const { sink, noisySuppressed } of report.sinks) ok(noisySuppressed > 0, sink);
  },
});
