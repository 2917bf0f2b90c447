// Metrics snapshots hold what Falco's hold: names, units, what is left out when it is 0, rates between two of them.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { defaultSettings, type Settings } from "../../config/settings.ts";
import type { ServiceFacts } from "../../service/metrics/facts.ts";
import { MetricsSnapshots, type SnapshotFields } from "../../service/metrics/snapshots.ts";
import { sampleFacts } from "./sample_facts.ts";

async function take(
  settings: Partial<Settings>,
  facts: readonly Partial<ServiceFacts>[],
): Promise<{ fields: SnapshotFields[]; log: string[] }> {
  const all = {
    ...defaultSettings(),
    "metrics.output_rule": true,
    "metrics.interval": 3_600_000,
    ...settings,
  };
  const left = [...facts];
  const fields: SnapshotFields[] = [];
  const log: string[] = [];
  const snapshots = new MetricsSnapshots({
    settings: all,
    facts: () => Promise.resolve(sampleFacts({ settings: all, ...left.shift() })),
    alert: (taken) => fields.push(taken),
    log: (level, message) => log.push(`${level} ${message}`),
  });
  try {
    for (const _ of facts) await snapshots.take();
  } finally {
    snapshots.stop();
  }
  return { fields, log };
}

Deno.test("fields have Falco's names and units", async () => {
  const { fields: [fields] } = await take({}, [{}]);
  equal(fields!["evt.time"], 1_795_315_500_000_000_000n);
  equal(fields!["evt.source"], "syscall");
  equal(fields!["evt.hostname"], "node1");
  equal(fields!["falco.duration_sec"], 100n);
  equal(fields!["falco.rules.matches_total"], 3n);
  equal(fields!["falco.rules.A_rule"], 3n);
  equal(fields!["falco.n_threads"], 12n);
  equal(fields!["falco.num_evts"], 990n);
  equal(fields!["scap.engine_name"], "modern_bpf");
  equal(fields!["scap.n_evts"], 1010n);
  equal(fields!["scap.n_drops"], 10n);
  equal(fields!["scap.n_drops_buffer_total"], 9n);
  equal(fields!["scap.n_drops_buffer_open_exit"], 7n);
  equal(fields!["scap.n_drops_buffer_proc_exit"], 2n);
  equal(fields!["scap.n_drops_scratch_map"], 1n);
  equal(fields!["scap.n_evts_cpu_0"], 610n);
  equal(fields!["plugins.container.n_containers"], 1n);
  equal(fields!["falco.sha256_rules_file.falco_rules_yaml"], "ab".repeat(32));
  equal(fields!["falco.sha256_config_file.falco_yaml"], "cd".repeat(32));
  ok(Number(fields!["falco.memory_rss_mb"]) > 1);
  equal(fields!["falco.memory_rss_kb"], undefined);
});

Deno.test("zeros are left out unless they are asked for, but for the counters of events and drops", async () => {
  const quiet = { source: { reported: 0n } };
  const { fields: [short] } = await take({}, [quiet]);
  equal(short!["falco.rules.Another_rule"], undefined);
  equal(short!["scap.n_drops_scratch_map"], undefined);
  equal(short!["scap.n_evts"], 0n);
  equal(short!["scap.n_drops"], 0n);
  equal(short!["scap.n_drops_perc"], 0);
  const { fields: [long] } = await take({ "metrics.include_empty_values": true }, [quiet]);
  equal(long!["falco.rules.Another_rule"], 0n);
  equal(long!["scap.n_drops_scratch_map"], 0n);
});

Deno.test("memory stays as it is without convert_memory_to_mb; families can be left out", async () => {
  const { fields: [fields] } = await take({
    "metrics.convert_memory_to_mb": false,
    "metrics.kernel_event_counters_enabled": false,
    "metrics.rules_counters_enabled": false,
  }, [{}]);
  ok(Number(fields!["falco.memory_rss_kb"]) > 1024);
  equal(fields!["scap.n_evts"], undefined);
  equal(fields!["scap.evts_rate_sec"], undefined);
  equal(fields!["falco.rules.matches_total"], undefined);
});

Deno.test("rates are those between two snapshots", async () => {
  const first = sampleFacts();
  const later = {
    nowNs: first.nowNs + 2_000_000_000n,
    source: { reported: 1950n, drops_buffer_open: 60n },
    live: { ...first.live, matcher: { ...first.live.matcher, EVENTS: 1090n } },
  };
  const { fields: [one, two] } = await take({}, [{}, later]);
  equal(one!["falco.num_evts_prev"], 0n);
  equal(one!["falco.evts_rate_sec"], undefined);
  equal(two!["falco.num_evts_prev"], 990n);
  equal(two!["falco.evts_rate_sec"], 50);
  equal(two!["scap.n_evts_prev"], 1010n);
  equal(two!["scap.evts_rate_sec"], 500);
  equal(two!["scap.evts_drop_rate_sec"], 25);
  equal(two!["scap.n_drops_perc"], 5);
});

Deno.test("the file has a line for each snapshot; one that cannot be written is told once and costs nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/metrics.jsonl`;
    const { log } = await take({ "metrics.output_file": path }, [{}, {}, {}]);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    deepEqual(lines.map((line) => JSON.parse(line).sample), [1, 2, 3]);
    // numbers beyond 2^53 are written in full
    match(lines[0]!, /"evt.time":1795315500000000000,/);
    deepEqual(log, []);
    const { log: told, fields } = await take({ "metrics.output_file": "/dev/full" }, [{}, {}]);
    equal(told.length, 1);
    match(told[0]!, /error cannot write metrics\.output_file \/dev\/full: /);
    equal(fields.length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
