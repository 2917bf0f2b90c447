// Tells what a source of JSON events could not take: somebody may have made an event so that it is not evaluated.
// In: reasons, which hold nothing that a sender wrote. Out: lines of the log, the first ones each and then one a minute
// with the number of the others; one internal alert for each source.
// Elsewhere: exact counts (json_source.ts).

import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import type { Log } from "../logging/log.ts";

const TOLD_EACH = 5;
const INTERVAL_MS = 60_000;

export class JsonComplaints {
  readonly #source: string;
  readonly #log: Log;
  readonly #raise: RaiseInternalAlert;
  /** each kind has its own lines: a flood of one hides no other */
  readonly #told = new Map<string, { count: number; untold: number; lastMs: number }>();
  #isRaised = false;

  constructor(source: string, log: Log, raise: RaiseInternalAlert) {
    this.#source = source;
    this.#log = log;
    this.#raise = raise;
  }

  /** An event that is not evaluated, while others are. */
  setAside(reason: string): void {
    this.#tell("an event is not evaluated", reason);
    if (this.#isRaised) return;
    this.#isRaised = true;
    this.#raise(INTERNAL_ALERTS.eventSetAside(this.#source, reason));
  }

  /** A request of which nothing, or not everything, was taken. */
  refused(reason: string): void {
    this.#tell("a request was refused", reason);
  }

  #tell(what: string, reason: string): void {
    const now = performance.now();
    let told = this.#told.get(what);
    if (told === undefined) this.#told.set(what, told = { count: 0, untold: 0, lastMs: -Infinity });
    if (told.count >= TOLD_EACH && now - told.lastMs < INTERVAL_MS) {
      told.untold++;
      return;
    }
    told.count++;
    const more = told.untold > 0
      ? `; ${told.untold} more since the last such line`
      : told.count === TOLD_EACH
      ? "; from now on one such line a minute"
      : "";
    told.untold = 0;
    told.lastMs = now;
    this.#log("warning", `source ${this.#source}: ${what}: ${reason}${more}`);
  }
}
