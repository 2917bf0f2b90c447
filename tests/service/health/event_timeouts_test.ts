import { deepEqual, equal, notEqual } from "node:assert/strict";
import { EventTimeouts } from "../../../service/health/event_timeouts.ts";
import type { InternalAlert } from "../../../service/internal_alerts/internal_alerts.ts";

Deno.test("no event for as many polls as configured is an internal alert, again after as long a silence", () => {
  const alerts: InternalAlert[] = [];
  const timeouts = new EventTimeouts(100, (alert) => alerts.push(alert)); // 100 polls take 3 s
  timeouts.take({ EVENTS: 5n }, 0);
  timeouts.take({ EVENTS: 6n }, 2000);
  timeouts.take({ EVENTS: 6n }, 4900);
  equal(alerts.length, 0);
  timeouts.take({ EVENTS: 6n }, 5100);
  timeouts.take({ EVENTS: 6n }, 6000);
  equal(alerts.length, 1);
  notEqual(alerts[0]!.fields["last_event_time"], "none");
  timeouts.take({ EVENTS: 6n }, 8200);
  equal(alerts.length, 2);
});

Deno.test("a run that never saw an event says so", () => {
  const alerts: InternalAlert[] = [];
  const timeouts = new EventTimeouts(100, (alert) => alerts.push(alert));
  timeouts.take({ EVENTS: 0n }, 0);
  timeouts.take({ EVENTS: 0n }, 3100);
  deepEqual(alerts[0]?.fields, { "last_event_time": "none" });
});
