// The fields of one metrics snapshot, as Falco has them.
// In: metrics, further fields, the snapshot before. Out: values by name.
// Elsewhere: when, and where to (snapshots.ts).

import type { Settings } from "../../config/mod.ts";
import type { Metric } from "./metric.ts";
import type { SnapshotValue } from "./wrapper_metrics.ts";

/** What rates are computed from. */
export interface SnapshotBase {
  readonly timeNs: bigint;
  /** events that were evaluated, and as the kernel side counts them */
  readonly events: bigint;
  readonly kernelEvents: bigint;
  readonly kernelDrops: bigint;
}

const KIB = 1024;
const NS_PER_SECOND = 1e9;
/** Told even when they are 0. */
const ALWAYS = new Set(["rules.matches_total", "n_evts", "n_drops"]);

export function metricFields(metrics: readonly Metric[], settings: Settings): Record<string, SnapshotValue> {
  const fields: Record<string, SnapshotValue> = {};
  for (const metric of metrics) {
    if (metric.only === "prometheus" || metric.unit === "info") continue;
    const { part, value } = metric;
    const name = metric.field ?? metric.name;
    if (Number(value) === 0 && !settings["metrics.include_empty_values"] && !ALWAYS.has(name)) continue;
    const isMemory = metric.unit === "kb" || metric.unit === "bytes";
    if (isMemory && settings["metrics.convert_memory_to_mb"]) {
      const bytes = Number(value) * (metric.unit === "kb" ? KIB : 1);
      fields[`${part}.${name.replace(/_(kb|bytes)$/, "_mb")}`] = tenths(bytes / KIB / KIB);
    } else fields[`${part}.${name}`] = value;
  }
  return fields;
}

/** Differences to the snapshot before; without one there is no rate of evaluated events, as in Falco. */
export function rateFields(
  now: SnapshotBase,
  before: SnapshotBase | undefined,
  withKernel: boolean,
): Record<string, SnapshotValue> {
  const seconds = before === undefined ? 0 : Number(now.timeNs - before.timeNs) / NS_PER_SECOND;
  const rate = (count: bigint) => seconds > 0 ? tenths(Number(count) / seconds) : 0;
  const earlier = before ?? { events: 0n, kernelEvents: 0n, kernelDrops: 0n };
  const events = now.kernelEvents - earlier.kernelEvents;
  const drops = now.kernelDrops - earlier.kernelDrops;
  return {
    "falco.num_evts": now.events,
    "falco.num_evts_prev": earlier.events,
    ...earlier.events > 0n && seconds > 0 ? { "falco.evts_rate_sec": rate(now.events - earlier.events) } : {},
    ...withKernel
      ? {
        "scap.n_evts_prev": earlier.kernelEvents,
        "scap.n_drops_prev": earlier.kernelDrops,
        "scap.evts_rate_sec": rate(events),
        "scap.evts_drop_rate_sec": rate(drops),
        "scap.n_drops_perc": events > 0n ? 100 * Number(drops) / Number(events) : 0,
      }
      : {},
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
