// What Falco always tells besides its families of metrics: versions, files, times, the host.
// In: facts. Out: metrics for Prometheus, and fields for snapshots, which put some of it differently.

import { VERSION } from "../../base/mod.ts";
import { bootEpochNs } from "../../ffi/mod.ts";
import type { ServiceFacts } from "./facts.ts";
import { counter, gauge, info, type Metric } from "./metric.ts";
import { sanitizeName } from "./sanitize_name.ts";

const NS_PER_SECOND = 1_000_000_000n;
/** Falco's name for the way in which events come; ours is the same. */
const ENGINE_NAME = "modern_bpf";
const SOURCE = "syscall";
/** read once: two readings differ by some nanoseconds */
const hostBootNs = bootEpochNs();

export function wrapperMetrics(facts: ServiceFacts): Metric[] {
  return [
    info("falco", "version", { version: VERSION }),
    ...facts.rulesFiles.map((file) => info("falco", "sha256_rules_files", labelsOf(file))),
    ...facts.configFiles.map((file) => info("falco", "sha256_config_files", labelsOf(file))),
    info("scap", "engine_name", { engine_name: ENGINE_NAME, evt_source: SOURCE }),
    info("falco", "kernel_release", { kernel_release: Deno.osRelease() }),
    info("evt", "hostname", { hostname: facts.hostname }),
    counter("falco", "outputs_queue_num_drops", droppedAlerts(facts)),
    gauge("falco", "reload_ts", reloadedNs(facts), "timestamp_ns"),
    gauge("falco", "start_ts", facts.startedNs, "timestamp_ns"),
    counter("falco", "duration_sec", durationSeconds(facts), "sec_total"),
    gauge("falco", "host_boot_ts", hostBootNs, "timestamp_ns"),
    gauge("falco", "host_num_cpus", navigator.hardwareConcurrency),
  ];
}

export type SnapshotValue = string | number | bigint;

export function wrapperFields(facts: ServiceFacts): Record<string, SnapshotValue> {
  return {
    "evt.time": facts.nowNs,
    "evt.hostname": facts.hostname,
    "evt.source": SOURCE,
    "falco.version": VERSION,
    "falco.start_ts": facts.startedNs,
    "falco.reload_ts": reloadedNs(facts),
    "falco.duration_sec": durationSeconds(facts),
    "falco.kernel_release": Deno.osRelease(),
    "falco.host_boot_ts": hostBootNs,
    "falco.host_num_cpus": navigator.hardwareConcurrency,
    "falco.outputs_queue_num_drops": droppedAlerts(facts),
    "scap.engine_name": ENGINE_NAME,
    ...hashes("rules", facts.rulesFiles),
    ...hashes("config", facts.configFiles),
    ...addresses(),
  };
}

/** Alerts that no output will ever deliver. */
function droppedAlerts({ sinks }: ServiceFacts): bigint {
  return sinks.flatMap(({ dropped }) => Object.values(dropped)).reduce((sum, count) => sum + count, 0n);
}

/** The start counts as the first. */
function reloadedNs({ reload, startedNs }: ServiceFacts): bigint {
  return reload.lastNs ?? startedNs;
}

function durationSeconds({ nowNs, startedNs }: ServiceFacts): bigint {
  return nowNs > startedNs ? (nowNs - startedNs) / NS_PER_SECOND : 0n;
}

function labelsOf({ path, sha256 }: { path: string; sha256: string }) {
  return { file_name: fileName(path), sha256 };
}

function hashes(kind: "rules" | "config", files: ServiceFacts["rulesFiles"]): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path, sha256 }) => [`falco.sha256_${kind}_file.${sanitizeName(fileName(path))}`, sha256]),
  );
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Addresses of the host's interfaces, joined by commas; without the loopback. */
function addresses(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, family, address } of Deno.networkInterfaces()) {
    if (name === "lo") continue;
    const key = `falco.host_netinfo.interfaces.${name}.protocols.${family.toLowerCase()}.addresses`;
    found[key] = found[key] === undefined ? address : `${found[key]},${address}`;
  }
  return found;
}
