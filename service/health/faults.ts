// Parts of the configuration that this run is without: settings, rules, plugins, outputs that are wrong or cannot be had.
// In: faults of what was loaded, and faults that show while the run lasts. Out: a line in the log and an internal alert for
// each that is new, and what there is now for /healthz and metrics.
// Elsewhere: finding them (config/faults.ts says where), what each kind costs (docs/faults.md).

import type { Fault } from "../../config/mod.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import type { Log } from "../logging/log.ts";

export interface FaultsOptions {
  readonly log: Log;
  readonly raise: RaiseInternalAlert;
}

/** More of them are counted and not listed. */
const MAX_TOLD = 100;

export class Faults {
  readonly #options: FaultsOptions;
  #loaded: readonly Fault[] = [];
  /** by what they are about */
  readonly #shown = new Map<string, Fault>();

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  get all(): readonly Fault[] {
    return [...this.#loaded, ...this.#shown.values()];
  }

  /** At the start, and after a reload, which brings no new ones (service/reload/reload.ts). */
  loaded(faults: readonly Fault[]): void {
    const before = this.#loaded;
    this.#loaded = faults;
    if (before.length === 0) this.#tell(faults);
    const gone = before.length - faults.length;
    if (gone <= 0) return;
    const left = faults.length === 0
      ? "all parts of the configuration are in use"
      : `${faults.length} are left`;
    this.#options.log("info", `faults of the configuration that are mended: ${gone}; ${left}`);
  }

  /** Something does not work now; by what it is about. */
  show(faults: ReadonlyMap<string, Fault>): void {
    const fresh = [...faults].filter(([about, { text }]) => this.#shown.get(about)?.text !== text);
    for (const [about, fault] of fresh) this.#shown.set(about, fault);
    this.#tell(fresh.map(([, fault]) => fault));
  }

  /**
   * It works again, or nobody needs it any more.
   * @returns whether it was shown
   */
  clear(about: string): boolean {
    return this.#shown.delete(about);
  }

  #tell(faults: readonly Fault[]): void {
    if (faults.length === 0) return;
    const { log, raise } = this.#options;
    for (const { text } of faults.slice(0, MAX_TOLD)) log("error", text);
    if (faults.length > MAX_TOLD) log("error", `${faults.length - MAX_TOLD} faults more are not shown`);
    raise(INTERNAL_ALERTS.degraded(faults.map(({ text }) => text)));
  }
}
