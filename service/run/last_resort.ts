// Who catches what nobody else has caught: a promise that is rejected while nobody waits for it, an error in a timer or
// in the listener of a library.
// In: such failures. Out: a line in the log, an internal alert, a count; falco goes on evaluating. Whether it still does is
// the watchdog's to see (service/health/watchdog.ts): a part that has died so that no canary comes through ends the run.
// Elsewhere: errors of the engine's thread, which end the run with exit code 1 (engine/engine.ts).

import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import type { Log } from "../logging/log.ts";

/** The same failure again and again must not fill log and outputs: it is told at most so often. */
const TELL_EVERY_MS = 10_000;

export class LastResort {
  count = 0;
  #untold = 0;
  #toldMs = -Infinity;
  readonly #log: Log;
  readonly #raise: RaiseInternalAlert;
  readonly #onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    this.take(event.reason);
  };
  readonly #onError = (event: ErrorEvent) => {
    event.preventDefault();
    this.take(event.error ?? event.message);
  };

  constructor(log: Log, raise: RaiseInternalAlert) {
    this.#log = log;
    this.#raise = raise;
    globalThis.addEventListener("unhandledrejection", this.#onRejection);
    globalThis.addEventListener("error", this.#onError);
  }

  dispose(): void {
    globalThis.removeEventListener("unhandledrejection", this.#onRejection);
    globalThis.removeEventListener("error", this.#onError);
  }

  take(failure: unknown): void {
    this.count++;
    const nowMs = performance.now();
    if (nowMs - this.#toldMs < TELL_EVERY_MS) {
      this.#untold++;
      return;
    }
    this.#toldMs = nowMs;
    const more = this.#untold === 0 ? "" : ` (and ${this.#untold} more since the last one that was told)`;
    this.#untold = 0;
    try {
      const reason = describe(failure);
      this.#log("critical", `unexpected failure, evaluating goes on: ${reason}${more}`);
      this.#raise(INTERNAL_ALERTS.unexpectedFailure(reason));
    } catch {
      // nothing is left that could tell it
    }
  }
}

/** Its message and where it comes from. */
function describe(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const [place] = (failure.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return `${failure.name}: ${failure.message}${place === undefined ? "" : ` (${place.trim()})`}`;
}
