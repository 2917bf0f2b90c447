// Metrics snapshots: at an interval, as an internal alert and as a line of JSON in a file.
// In: facts. Out: fields for the alert, lines `{"output_fields":{…},"sample":N}`. The file is opened for each line, so that
// it can be rotated away, and a disk that is full costs that line: it is counted and told once.
// Elsewhere: what a snapshot holds (snapshot_fields.ts), internal alerts (service/internal_alerts/internal_alerts.ts).

import { messageOf } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import { openOwnFile } from "../../ffi/mod.ts";
import type { Log } from "../logging/log.ts";
import type { ServiceFacts } from "./facts.ts";
import { falcoMetrics } from "./falco_metrics.ts";
import { metricFields, rateFields, type SnapshotBase } from "./snapshot_fields.ts";
import { type SnapshotValue, wrapperFields } from "./wrapper_metrics.ts";

export type SnapshotFields = Readonly<Record<string, SnapshotValue>>;

export interface SnapshotOptions {
  readonly settings: Settings;
  readonly facts: () => Promise<ServiceFacts>;
  /** the rule `Falco internal: metrics snapshot` */
  readonly alert: (fields: SnapshotFields) => void;
  readonly log: Log;
}

/** A timer that is set further away fires at once. */
const MAX_TIMER_MS = 0x7fff_ffff;

export class MetricsSnapshots {
  readonly #options: SnapshotOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #before: SnapshotBase | undefined;
  #sample = 0;
  #isTaking = false;
  #fileFails = false;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    const intervalMs = Math.min(options.settings["metrics.interval"], MAX_TIMER_MS);
    this.#timer = setInterval(() => this.take(), intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One snapshot now, unless one is being taken. */
  async take(): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      await this.#take();
    } catch (error) {
      this.#options.log("error", `metrics snapshot: ${messageOf(error)}`);
    } finally {
      this.#isTaking = false;
    }
  }

  async #take(): Promise<void> {
    const { settings, alert } = this.#options;
    const facts = await this.#options.facts();
    const metrics = await falcoMetrics(facts);
    const valueOf = (name: string) =>
      BigInt(metrics.find((metric) => metric.part === "scap" && metric.name === name)?.value ?? 0);
    const now: SnapshotBase = {
      timeNs: facts.nowNs,
      events: facts.live.matcher["EVENTS"] ?? 0n,
      kernelEvents: valueOf("n_evts"),
      kernelDrops: valueOf("n_drops"),
    };
    const fields: SnapshotFields = {
      ...wrapperFields(facts),
      ...metricFields(metrics, settings),
      ...rateFields(now, this.#before, settings["metrics.kernel_event_counters_enabled"]),
    };
    this.#before = now;
    this.#sample++;
    if (settings["metrics.output_rule"]) alert(fields);
    if (settings["metrics.output_file"] !== "") await this.#append(settings["metrics.output_file"], fields);
  }

  async #append(path: string, fields: SnapshotFields): Promise<void> {
    const { log } = this.#options;
    try {
      const line = `{"output_fields":${fieldsJson(fields)},"sample":${this.#sample}}\n`;
      using file = await openOwnFile(path, { how: "append", mode: 0o640 });
      await writeAll(file, line);
      if (this.#fileFails) log("notice", `metrics.output_file ${path} can be written again`);
      this.#fileFails = false;
    } catch (error) {
      if (!this.#fileFails) log("error", `cannot write metrics.output_file ${path}: ${messageOf(error)}`);
      this.#fileFails = true;
    }
  }
}

/** Numbers of any length stay numbers. */
function fieldsJson(fields: SnapshotFields): string {
  const texts = Object.entries(fields).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([key, value]) =>
    `${JSON.stringify(key)}:${typeof value === "bigint" ? value : JSON.stringify(value)}`
  );
  return `{${texts.join(",")}}`;
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
