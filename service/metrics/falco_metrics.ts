// The metrics that Falco has, as lists by family; which of them are wanted is the settings' choice.
// In: facts. Out: metrics. Where falco counts something else than Falco, the nearest thing is under Falco's name;
// what it has no counterpart for (lookups that found their entry, events kept for their exit) is left out.
// Elsewhere: what is no family of its own (wrapper_metrics.ts), those that Falco does not have (own_metrics.ts).

import { hostRoot } from "../../ffi/mod.ts";
import { PRIORITIES } from "../../base/mod.ts";
import type { ServiceFacts } from "./facts.ts";
import { readHostResources } from "./host_resources.ts";
import { readProgramStats } from "./program_stats.ts";
import { sanitizeName } from "./sanitize_name.ts";
import { counter, gauge, labelled, type Metric, onlyIn } from "./metric.ts";

/** Kinds of events that the probe could not write, as Falco names them, with our counters. */
const DROPS: readonly (readonly [falco: string, counter: string])[] = [
  ["clone_fork", "drops_buffer_clone_fork"],
  ["execve", "drops_buffer_execve"],
  ["connect", "drops_buffer_connect"],
  ["open", "drops_buffer_open"],
  ["dir_file", "drops_buffer_dir_file"],
  ["other_interest", "drops_buffer_other"],
  ["close", "drops_buffer_close"],
  ["proc", "drops_buffer_proc_exit"],
];
/** Falco keeps them at 0: it has stopped to report calls at entry. */
const ENTRY_DROPS = ["clone_fork", "execve", "connect", "open", "dir_file", "other_interest"];

export async function falcoMetrics(facts: ServiceFacts): Promise<Metric[]> {
  const { settings } = facts;
  return [
    ...settings["metrics.rules_counters_enabled"] ? ruleMetrics(facts) : [],
    ...settings["metrics.resource_utilization_enabled"] ? await resourceMetrics() : [],
    ...settings["metrics.state_counters_enabled"] ? stateMetrics(facts) : [],
    ...settings["metrics.kernel_event_counters_enabled"] ? kernelMetrics(facts) : [],
    ...settings["metrics.kernel_event_counters_enabled"] &&
        settings["metrics.kernel_event_counters_per_cpu_enabled"]
      ? cpuMetrics(facts)
      : [],
    ...settings["metrics.libbpf_stats_enabled"] ? programMetrics() : [],
    ...settings["metrics.plugins_metrics_enabled"] ? pluginMetrics(facts) : [],
  ];
}

/** For Prometheus those that have matched, as Falco has it. */
function ruleMetrics({ rules, matches }: ServiceFacts): Metric[] {
  let total = 0n;
  for (const count of matches.values()) total += count;
  const metrics: Metric[] = [onlyIn("snapshot", counter("falco", "rules.matches_total", total))];
  for (const { name, priority, source, tags } of rules) {
    const count = matches.get(name) ?? 0n;
    const field = `rules.${sanitizeName(name)}`;
    if (count === 0n) {
      metrics.push(onlyIn("snapshot", counter("falco", field, 0n)));
      continue;
    }
    const labels = {
      rule_name: name,
      priority: String(PRIORITIES.indexOf(priority)),
      source,
      ...Object.fromEntries(tags.map((tag) => [`tag_${tag}`, "true"])),
    };
    metrics.push(labelled(counter("falco", "rules_matches", count), labels, field));
  }
  return metrics;
}

async function resourceMetrics(): Promise<Metric[]> {
  const host = await readHostResources(hostRoot());
  return [
    gauge("falco", "cpu_usage_perc", host.cpuPercent, "perc"),
    gauge("falco", "memory_rss_kb", host.rssKb, "kb"),
    gauge("falco", "memory_vsz_kb", host.virtualKb, "kb"),
    gauge("falco", "memory_pss_kb", host.pssKb, "kb"),
    gauge("falco", "container_memory_used_bytes", host.containerBytes, "bytes"),
    gauge("falco", "host_cpu_usage_perc", host.hostCpuPercent, "perc"),
    gauge("falco", "host_memory_used_kb", host.hostUsedKb, "kb"),
    gauge("falco", "host_procs_running", host.hostRunning),
    gauge("falco", "host_open_fds", host.hostOpenFiles),
  ];
}

/** In Falco's Prometheus text they are counted to the part `scap`, in its snapshots to `falco`. */
function stateMetrics({ live: { matcher } }: ServiceFacts): Metric[] {
  const state = [
    gauge("falco", "n_threads", matcher["THREADS"]),
    gauge("falco", "n_fds", matcher["FDS"]),
    counter("falco", "n_failed_fd_lookups", matcher["FD_LOOKUPS_FAILED"]),
    counter("falco", "n_added_fds", matcher["FDS_ADDED"]),
    counter("falco", "n_removed_fds", matcher["FDS_REMOVED"]),
    counter("falco", "n_failed_thread_lookups", matcher["THREAD_LOOKUPS_FAILED"]),
    counter("falco", "n_added_threads", matcher["THREADS_ADDED"]),
    counter("falco", "n_removed_threads", matcher["THREADS_REMOVED"]),
    counter("falco", "n_drops_full_threadtable", matcher["THREADS_EVICTED"]),
  ];
  return state.flatMap((metric) => [
    onlyIn("prometheus", { ...metric, part: "scap" }),
    onlyIn("snapshot", metric),
  ]);
}

/** As Falco counts: events include those that were dropped. */
function kernelMetrics({ source }: ServiceFacts): Metric[] {
  const buffer = DROPS.reduce((sum, [, name]) => sum + (source[name] ?? 0n), 0n);
  const scratch = source["drops_scratch"] ?? 0n;
  const drops = buffer + scratch + (source["drops_skipped"] ?? 0n);
  return [
    counter("scap", "n_evts", (source["reported"] ?? 0n) + drops),
    onlyIn("snapshot", counter("scap", "n_drops_buffer_total", buffer)),
    ...DROPS.map(([drop, name]) =>
      labelled(
        counter("scap", "n_drops_buffer", source[name]),
        { drop, dir: "exit" },
        drop === "proc" ? "n_drops_buffer_proc_exit" : `n_drops_buffer_${drop}_exit`,
      )
    ),
    ...ENTRY_DROPS.map((drop) => labelled(counter("scap", "n_drops_buffer", 0), { drop, dir: "enter" })),
    counter("scap", "n_drops_scratch_map", scratch),
    counter("scap", "n_drops", drops),
  ];
}

function cpuMetrics({ source }: ServiceFacts): Metric[] {
  const metrics: Metric[] = [];
  for (const [name, value] of Object.entries(source)) {
    const [, cpu, what] = /^cpu_(\d+)_(reported|drops)$/.exec(name) ?? [];
    if (what === undefined || cpu === undefined) continue;
    const count = what === "drops" ? value : value + (source[`cpu_${cpu}_drops`] ?? 0n);
    const stem = what === "drops" ? "n_drops_cpu" : "n_evts_cpu";
    metrics.push(labelled(counter("scap", stem, count), { cpu }, `${stem}_${cpu}`));
  }
  return metrics;
}

function programMetrics(): Metric[] {
  return readProgramStats().flatMap(({ name, runs, nanoseconds }) => [
    counter("scap", `${name}.run_cnt`, runs),
    counter("scap", `${name}.run_time_ns`, nanoseconds, "ns_total"),
    gauge("scap", `${name}.avg_time_ns`, runs > 0n ? nanoseconds / runs : 0n, "ns"),
  ]);
}

/** What Falco has from its plugin for containers. */
function pluginMetrics({ live: { matcher } }: ServiceFacts): Metric[] {
  return [
    gauge("plugins", "container.n_containers", matcher["CONTAINERS"]),
    counter(
      "plugins",
      "container.n_missing",
      (matcher["CONTAINERS_LATE"] ?? 0n) + (matcher["CONTAINERS_UNKNOWN"] ?? 0n),
    ),
  ];
}
