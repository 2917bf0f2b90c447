// No events at all (`syscall_event_timeouts`): a host that is that quiet is rare, a probe that has been detached is not.
// In: the engine's counters, about once a second. Out: an internal alert, again after as long a silence.
// Elsewhere: reading the counters (event_watch.ts).

import type { EngineCounters } from "../../engine/mod.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";

/** Falco counts polls that find nothing; after a few it sleeps so long before each. Here nothing polls. */
const POLL_MS = 30;

export class EventTimeouts {
  readonly #maxConsecutives: number;
  readonly #raise: RaiseInternalAlert;
  #events: bigint | undefined;
  #lastEventNs: bigint | undefined;
  #quietSinceMs = 0;

  constructor(maxConsecutives: number, raise: RaiseInternalAlert) {
    this.#maxConsecutives = maxConsecutives;
    this.#raise = raise;
  }

  take(counters: EngineCounters, nowMs: number): void {
    const events = counters["EVENTS"] ?? 0n;
    if (events !== this.#events) {
      if (events > 0n) this.#lastEventNs = BigInt(Date.now()) * 1_000_000n;
      this.#events = events;
      this.#quietSinceMs = nowMs;
    } else if (nowMs - this.#quietSinceMs > this.#maxConsecutives * POLL_MS) {
      this.#raise(INTERNAL_ALERTS.timeouts(this.#maxConsecutives, this.#lastEventNs));
      this.#quietSinceMs = nowMs;
    }
  }
}
