import { deepEqual } from "node:assert/strict";
import { counterLines } from "../../../service/health/counters_report.ts";

const SUMMARY = {
  seconds: 2,
  counters: { EVENTS: 1000n, EVENTS_DAMAGED: 0n, THREADS: 4n, FDS: 5n, drops_buffer_open: 0n },
  matches: [
    { rule: "Shell", priority: "Notice", count: 3n },
    { rule: "Read", priority: "Warning", count: 1n },
  ],
  alertsDropped: 0n,
} as const;

Deno.test("events, alerts, rules, drops and the size of the tables are always shown", () => {
  deepEqual(counterLines(SUMMARY, false), [
    "1000 events in 2.0 s (500 a second), 4 alerts: 1 Warning, 3 Notice",
    "  3 × Shell",
    "  1 × Read",
    "drops 0",
    "state: threads 4, fds 5",
  ]);
});

Deno.test("every loss is shown by its cause, also that of alerts that nobody read", () => {
  const counters = { ...SUMMARY.counters, drops_buffer_open: 2n, drops_scratch: 1n, THREADS_EVICTED: 1n };
  deepEqual(counterLines({ ...SUMMARY, counters, alertsDropped: 9n }, false).slice(3, 6), [
    "drops 3: drops_buffer_open 2, drops_scratch 1",
    "alerts that could not be written: 9",
    "incomplete: threads_evicted 1",
  ]);
});

Deno.test("on request all counters are shown, and what Falco shows in its words", () => {
  deepEqual(counterLines(SUMMARY, true).slice(-13), [
    "Events detected: 4",
    "Rule counts by severity:",
    "   WARNING: 1",
    "   NOTICE: 3",
    "Triggered rules by rule name:",
    "   Shell: 3",
    "   Read: 1",
    "counters:",
    "  events 1000",
    "  events_damaged 0",
    "  threads 4",
    "  fds 5",
    "  drops_buffer_open 0",
  ]);
});

Deno.test("what noise control held back is shown by rule and cause", () => {
  const noise = {
    heldBack: [{ rule: "Read", cause: "rule_rate_limit", count: 8n }, {
      rule: "Shell",
      cause: "repeat",
      count: 2n,
    }],
    followUps: 2n,
    groupsEvicted: 1n,
  } as const;
  deepEqual(counterLines({ ...SUMMARY, noise }, false).slice(3, 7), [
    "held back by noise control 10, follow-ups 2",
    "  8 × Read (rule rate limit)",
    "  2 × Shell (repeat)",
    "groups of repeats that ended early: 1",
  ]);
});
