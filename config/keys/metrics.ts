// Keys about metrics: where they go, and which families there are.

import { bool, duration, idle, own, text } from "../definition.ts";

const YEAR_MS = 365 * 86_400_000;

export const METRICS = {
  "metrics.enabled": bool(
    false,
    "collect metrics; needs output_rule, output_file or the web server's /metrics",
  ),
  "metrics.interval": duration(3_600_000, 100, YEAR_MS, "time between two snapshots"),
  "metrics.output_rule": bool(false, "snapshots as an alert, `Falco internal: metrics snapshot`"),
  "metrics.output_file": text("", "snapshots as lines of JSON, appended to this file"),
  "metrics.rules_counters_enabled": bool(true, "matches of each rule"),
  "metrics.resource_utilization_enabled": bool(true, "CPU and memory of falco and of the host"),
  "metrics.state_counters_enabled": bool(true, "threads and file descriptors that are kept track of"),
  "metrics.kernel_event_counters_enabled": bool(true, "events and drops on the kernel side"),
  "metrics.kernel_event_counters_per_cpu_enabled": bool(true, "the same for each CPU"),
  "metrics.libbpf_stats_enabled": bool(
    true,
    "runs and time of each BPF program, where the kernel counts them",
  ),
  "metrics.plugins_metrics_enabled": bool(true, "containers and other counters that Falco has from plugins"),
  "metrics.kernel_iter_event_counters_enabled": idle(
    bool(true, "events and drops of the first scan of processes"),
    "that scan reads /proc and drops nothing",
  ),
  "metrics.jemalloc_stats_enabled": idle(
    bool(false, "counters of the memory allocator jemalloc"),
    "there is no jemalloc in this program",
  ),
  "metrics.convert_memory_to_mb": bool(true, "memory in megabytes rather than in kilobytes and bytes"),
  "metrics.include_empty_values": bool(false, "metrics that are 0 as well"),
  ...own({
    "metrics.rule_costs_enabled": bool(
      true,
      "with metrics at /metrics: evaluations and time of each rule, measured on a sample of events",
    ),
  }),
};
