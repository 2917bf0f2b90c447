// Says that somebody fills what is kept of containers, or uses up the time that events wait for them.
// In: the engine's counters, about once a second. Out: a line in the log and an internal alert, once for each of both.
// Elsewhere: how places and time are shared (assembly/state/share.ts, assembly/state/hold_budget.ts), reading the counters
// (service/health/event_watch.ts).

import type { EngineCounters } from "../../engine/mod.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import type { Log } from "../logging/log.ts";

/** Fewer in a second are a host that starts many containers at once. */
const MANY_UNAWAITED = 20n;

const WHAT = {
  CONTAINERS_EVICTED: {
    least: 1n,
    reason: "more containers than there is room for; of the party that has most, some were forgotten",
  },
  CONTAINERS_OVER_BUDGET: {
    least: MANY_UNAWAITED,
    reason: "new containers faster than events may wait for; names and images of some may be missing",
  },
} as const;

export class ContainerCrowd {
  readonly #raise: RaiseInternalAlert;
  readonly #log: Log;
  readonly #told = new Set<string>();
  #last: EngineCounters | undefined;

  constructor(raise: RaiseInternalAlert, log: Log) {
    this.#raise = raise;
    this.#log = log;
  }

  take(counters: EngineCounters): void {
    const last = this.#last;
    this.#last = counters;
    for (const [name, { least, reason }] of Object.entries(WHAT)) {
      const count = (counters[name] ?? 0n) - (last?.[name] ?? 0n);
      if (count < least || this.#told.has(name)) continue;
      this.#told.add(name);
      this.#log("warning", `containers: ${reason} (${name.toLowerCase()} ${counters[name]})`);
      this.#raise(INTERNAL_ALERTS.containersCrowded(reason, counters[name] ?? 0n));
    }
  }
}
