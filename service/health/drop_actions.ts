// What is done when the kernel side loses events (`syscall_event_drops`): nothing, a line in the log, an alert, the end.
// In: the engine's counters, about once a second. Out: actions, as often as a token bucket allows.
// Elsewhere: reading the counters (event_watch.ts), the alert itself (service/internal_alerts/internal_alert_kinds.ts).

import type { Settings } from "../../config/mod.ts";
import type { EngineCounters } from "../../engine/mod.ts";
import { TokenBucket } from "../../base/mod.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import type { Log } from "../logging/log.ts";

/** Falco's field → counters of the source. Memory that could not be read makes no event drop here: always 0. */
const DROP_FIELDS = {
  n_drops_buffer_clone_fork_exit: "drops_buffer_clone_fork",
  n_drops_buffer_execve_exit: "drops_buffer_execve",
  n_drops_buffer_connect_exit: "drops_buffer_connect",
  n_drops_buffer_open_exit: "drops_buffer_open",
  n_drops_buffer_dir_file_exit: "drops_buffer_dir_file",
  n_drops_buffer_other_interest_exit: "drops_buffer_other",
  n_drops_buffer_close_exit: "drops_buffer_close",
  n_drops_buffer_proc_exit: "drops_buffer_proc_exit",
  n_drops_scratch_map: "drops_scratch",
  n_drops_page_faults: undefined,
  n_drops_bug: ["tail_call_failed", "drops_skipped"],
} as const;

const REPORTED = "reported";
const KIND_OF_FIELD = /^n_drops_(?:buffer_)?(.+?)(?:_exit)?$/;
const ONE_BUFFER = /^n_drops_buffer_/;

export type DropSettings = Pick<
  Settings,
  | "syscall_event_drops.threshold"
  | "syscall_event_drops.actions"
  | "syscall_event_drops.rate"
  | "syscall_event_drops.max_burst"
  | "syscall_event_drops.simulate_drops"
>;

export interface DropActionsOptions {
  readonly settings: DropSettings;
  readonly raise: RaiseInternalAlert;
  readonly log: Log;
  /** the action `exit` */
  readonly exit: (why: string) => void;
}

export class DropActions {
  readonly #options: DropActionsOptions;
  readonly #bucket: TokenBucket;
  #last: EngineCounters | undefined;
  /** seconds in which too much was lost */
  detected = 0n;
  /** how often the actions were taken */
  taken = 0n;

  constructor(options: DropActionsOptions) {
    this.#options = options;
    const { settings } = options;
    this.#bucket = new TokenBucket(
      settings["syscall_event_drops.rate"],
      settings["syscall_event_drops.max_burst"],
    );
  }

  /** The first call only remembers. */
  take(counters: EngineCounters, nowMs: number): void {
    const last = this.#last;
    this.#last = counters;
    // counters that went back are those of another engine
    if (last === undefined || (counters[REPORTED] ?? 0n) < (last[REPORTED] ?? 0n)) return;
    const { settings, log } = this.#options;
    const since = (name: string) => (counters[name] ?? 0n) - (last[name] ?? 0n);

    const lost = Object.fromEntries(
      Object.entries(DROP_FIELDS).map(([field, names]) => [field, sum([names ?? []].flat().map(since))]),
    );
    const simulates = settings["syscall_event_drops.simulate_drops"];
    if (simulates) log("info", "Simulating syscall event drop");
    const drops = sum(Object.values(lost)) + (simulates ? 1n : 0n);
    if (drops <= 0n) return;
    const events = since(REPORTED) + drops;
    const threshold = simulates ? 0 : settings["syscall_event_drops.threshold"];
    if (Number(drops) / Number(events) <= threshold) return;

    this.detected++;
    if (!this.#bucket.claim(nowMs)) {
      return log("debug", "Syscall event drop but token bucket depleted, skipping actions");
    }
    this.taken++;
    const buffer = sum(Object.entries(lost).flatMap(([key, value]) => ONE_BUFFER.test(key) ? [value] : []));
    const counts = { n_evts: events, n_drops: drops, n_drops_buffer_total: buffer, ...lost };
    const texts = Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, String(value)]));
    this.#act(INTERNAL_ALERTS.syscallEventDrop(drops, { ...texts, ebpf_enabled: "1" }), kindsOf(lost));
  }

  /** @param kinds what was lost: the alert has it in its fields */
  #act(alert: Parameters<RaiseInternalAlert>[0], kinds: string): void {
    const { settings, raise, log, exit } = this.#options;
    for (const action of settings["syscall_event_drops.actions"]) {
      switch (action) {
        case "ignore":
          break;
        case "log":
          log("warning", kinds === "" ? alert.message : `${alert.message} Of them: ${kinds}`);
          break;
        case "alert":
          raise(alert);
          break;
        case "exit":
          exit(alert.message);
          break;
      }
    }
  }
}

function kindsOf(lost: Readonly<Record<string, bigint>>): string {
  return Object.entries(lost)
    .filter(([, count]) => count > 0n)
    .map(([field, count]) => `${KIND_OF_FIELD.exec(field)![1]} ${count}`)
    .join(", ");
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
