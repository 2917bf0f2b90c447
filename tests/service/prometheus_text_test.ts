// /metrics as a scraper reads it: Falco's names, types and labels, and nothing that a scraper would refuse.

import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { metricsText } from "../../service/metrics/metrics_text.ts";
import { parsePrometheus } from "./prometheus_parser.ts";
import { sampleFacts, sampleRule } from "./sample_facts.ts";

async function scrape(changes: Parameters<typeof sampleFacts>[0] = {}) {
  const { samples, types } = parsePrometheus(await metricsText(sampleFacts(changes)));
  const of = (name: string) => samples.filter((sample) => sample.name === `falcosecurity_${name}`);
  const one = (name: string, labels: Readonly<Record<string, string>> = {}) => {
    const found = of(name).filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
    );
    equal(found.length, 1, `${name} ${JSON.stringify(labels)}: ${found.length} lines`);
    return found[0]!;
  };
  return { of, one, typeOf: (name: string) => types.get(`falcosecurity_${name}`) };
}

import { sanitize } from "../../base/sanitize.ts";
import { defaultSettings } from "../../config/settings.ts";

Deno.test("metrics have Falco's names, types and labels", async () => {
  const { one, of, typeOf } = await scrape();
  deepEqual(one("falco_rules_matches_total").labels, {
    priority: "4",
    rule_name: "A rule",
    source: "syscall",
    tag_T1059: "true",
    tag_container: "true",
  });
  equal(one("falco_rules_matches_total").value, 3);
  equal(typeOf("falco_rules_matches_total"), "counter");
  equal(one("falco_version_info").value, 1);
  equal(one("falco_kernel_release_info").labels["kernel_release"], Deno.osRelease());
  deepEqual(one("falco_sha256_rules_files_info").labels, {
    file_name: "falco_rules.yaml",
    sha256: "ab".repeat(32),
  });
  equal(one("falco_sha256_config_files_info").labels["file_name"], "falco.yaml");
  deepEqual(one("scap_engine_name_info").labels, { engine_name: "modern_bpf", evt_source: "syscall" });
  equal(one("evt_hostname_info").labels["hostname"], "node1");
  equal(typeOf("falco_start_timestamp_nanoseconds"), "gauge");
  equal(one("falco_duration_seconds_total").value, 100);
  equal(typeOf("falco_duration_seconds_total"), "counter");
  equal(typeOf("falco_host_num_cpus_total"), "gauge");
  ok(one("falco_memory_rss_bytes").value > 1 << 20);
  ok(one("falco_host_cpu_usage_ratio").value <= 1);
  equal(typeOf("falco_cpu_usage_ratio"), "gauge");
  equal(one("scap_n_threads_total").value, 12);
  equal(typeOf("scap_n_threads_total"), "gauge");
  equal(one("plugins_container_n_containers_total").value, 1);
  equal(of("falco_outputs_queue_num_drops_total").length, 1);
});

Deno.test("kernel counters count as Falco's: events include drops, drops by kind, by CPU, entry drops stay 0", async () => {
  const { one, of } = await scrape();
  equal(one("scap_n_evts_total").value, 1010);
  equal(one("scap_n_drops_total").value, 10);
  equal(one("scap_n_drops_buffer_total", { drop: "open", dir: "exit" }).value, 7);
  equal(one("scap_n_drops_buffer_total", { drop: "proc", dir: "exit" }).value, 2);
  equal(one("scap_n_drops_buffer_total", { drop: "open", dir: "enter" }).value, 0);
  equal(of("scap_n_drops_buffer_total").length, 14);
  equal(one("scap_n_drops_scratch_map_total").value, 1);
  equal(one("scap_n_evts_cpu_total", { cpu: "0" }).value, 610);
  equal(one("scap_n_evts_cpu_total", { cpu: "1" }).value, 400);
});

Deno.test("containers that nobody knew in time are missing; questions are counted by engine and cause", async () => {
  const { one, typeOf } = await scrape();
  equal(one("plugins_container_n_missing_total").value, 5);
  equal(one("falco_containers_seen_total", { outcome: "late" }).value, 2);
  equal(one("falco_container_lookups_total", { engine: "docker", cause: "timeout" }).value, 5);
  equal(typeOf("falco_container_lookups_total"), "counter");
  equal(one("falco_metadata", { subject: "containers", what: "known" }).value, 4);
  equal(one("falco_metadata", { subject: "kubernetes", what: "pods" }).value, 6);
  equal(one("falco_source_events_total", { source: "k8s_audit", outcome: "accepted" }).value, 7);
});

Deno.test("what the kernel's filter saw, passed on and left out is told by type of event; in shadow mode all has come", async () => {
  const source = { left_out_openat: 900n, left_out_fcntl: 3n };
  const auto = await scrape({ source });
  const of = ({ one }: typeof auto, which: string, type: string) =>
    one(`falco_kernel_filter_${which}_total`, { type }).value;
  deepEqual(["seen", "passed", "dropped"].map((which) => of(auto, which, "openat")), [1400, 500, 900]);
  deepEqual(["seen", "passed", "dropped"].map((which) => of(auto, which, "fcntl")), [3, 0, 3]);
  const settings = { ...defaultSettings(), "engine.kernel_filter": "shadow" as const };
  const shadow = await scrape({ source, settings });
  deepEqual(["seen", "passed", "dropped"].map((which) => of(shadow, which, "openat")), [500, 500, 900]);
});

Deno.test("metrics beyond Falco's: costs of rules, outputs, events by type, rings, reloads, canary", async () => {
  const { one, typeOf } = await scrape({
    sinks: [{
      name: "http",
      type: "http",
      queuedMessages: 5,
      queuedBytes: 900,
      isFailing: true,
      delivered: 11n,
      retries: 2n,
      dropped: { queue_full: 4n },
    }],
    noise: {
      heldBack: [{ rule: "A rule", cause: "rate_limit", count: 6n }],
      followUps: 1n,
      groupsEvicted: 0n,
    },
    reload: { succeeded: 2, failed: 1, lastNs: 1_795_315_450_000_000_000n, problem: "no" },
  });
  equal(one("falco_rules_evaluations_total", { rule_name: "A rule" }).value, 500);
  equal(one("falco_rules_evaluation_nanoseconds_total", { rule_name: "A rule" }).value, 12346);
  equal(one("falco_sink_queued_alerts", { sink: "http" }).value, 5);
  equal(one("falco_sink_retries_total", { sink: "http" }).value, 2);
  equal(one("falco_sink_dropped_total", { sink: "http", cause: "queue_full" }).value, 4);
  equal(one("falco_outputs_queue_num_drops_total").value, 4);
  equal(one("falco_alerts_suppressed_total", { cause: "rate_limit", rule_name: "A rule" }).value, 6);
  equal(one("falco_events_total", { type: "openat", dir: "exit" }).value, 500);
  equal(one("falco_ring_used_bytes", { ring: "0" }).value, 4096);
  equal(typeOf("falco_ring_used_bytes"), "gauge");
  equal(one("falco_reloads_total", { result: "ok" }).value, 2);
  equal(one("falco_reloads_total", { result: "failed" }).value, 1);
  equal(one("falco_reload_problem").value, 1);
  equal(one("falco_reload_timestamp_nanoseconds").value, 1_795_315_450_000_000_000);
  equal(one("falco_healthy").value, 1);
  equal(one("falco_canary_latency_seconds").value, 0.0015);
});

Deno.test("families that the settings turn off are not there", async () => {
  const facts = sampleFacts();
  const { of } = await scrape({
    settings: {
      ...facts.settings,
      "metrics.rules_counters_enabled": false,
      "metrics.resource_utilization_enabled": false,
      "metrics.state_counters_enabled": false,
      "metrics.kernel_event_counters_enabled": false,
      "metrics.plugins_metrics_enabled": false,
    },
  });
  for (const name of ["falco_rules_matches_total", "falco_memory_rss_bytes", "scap_n_threads_total"]) {
    deepEqual(of(name), []);
  }
  for (const name of ["scap_n_evts_total", "scap_n_evts_cpu_total", "plugins_container_n_containers_total"]) {
    deepEqual(of(name), []);
  }
});

Deno.test("whatever rules, tags, files and outputs are called, a scraper reads these names back", async () => {
  const settings = { ...sampleFacts().settings, "metrics.resource_utilization_enabled": false };
  const text = fc.string({ unit: fc.constantFrom(...'"\\\n\r{},= a_0#é\ud800\0\u2028'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(text, { maxLength: 3 }), text, async (name, tags, file) => {
      const { one } = await scrape({
        settings,
        rules: [sampleRule(name, tags)],
        matches: new Map([[name, 1n]]),
        ruleCosts: [{ rule: 0, evaluations: 1n, matches: 1n, nanoseconds: 1 }],
        configFiles: [{ path: `/x/${file.replaceAll("/", "")}`, sha256: "" }],
        hostname: name,
      });
      equal(one("falco_rules_matches_total").labels["rule_name"], sanitize(name));
      equal(one("evt_hostname_info").labels["hostname"], sanitize(name));
      equal(one("falco_rules_evaluations_total").labels["rule_name"], sanitize(name));
    }),
    { numRuns: 100 },
  );
});
