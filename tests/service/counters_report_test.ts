import { deepEqual, match } from "node:assert/strict";
import { counterLines } from "../../service/counters_report.ts";

const SUMMARY = {
  seconds: 2,
  counters: { EVENTS: 1000n, RING_BYTES: 5n, EVENTS_DAMAGED: 0n, THREAD_LOOKUPS_FAILED: 7n },
  matches: [{ rule: "Shell", count: 3n }, { rule: "Read", count: 1n }],
  alertsDropped: 0n,
};

Deno.test("events, alerts and rules are summed up; a run without losses says so", () => {
  deepEqual(counterLines(SUMMARY, false), [
    "1000 events in 2.0 s (500 a second), 4 alerts",
    "  3 × Shell",
    "  1 × Read",
    "nothing was dropped",
  ]);
});

Deno.test("every loss is shown, also that of alerts that nobody read", () => {
  const lines = counterLines({
    ...SUMMARY,
    counters: { ...SUMMARY.counters, drops_buffer_open: 2n, THREADS_EVICTED: 1n },
    alertsDropped: 9n,
  }, false);
  match(lines.at(-1) ?? "", /^lost: drops_buffer_open 2, threads_evicted 1, alerts_not_written 9$/);
});

Deno.test("on request all counters are shown", () => {
  deepEqual(counterLines(SUMMARY, true).slice(-4), [
    "  events 1000",
    "  ring_bytes 5",
    "  events_damaged 0",
    "  thread_lookups_failed 7",
  ]);
});
