// What settings of the live engine change, seen from outside: two runs on this host, whose alerts and metrics are read.
// Needs root and BTF. What can be seen without a live run is in tests/config/observed_test.ts.

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";
import { parsePrometheus, type Sample } from "./prometheus_parser.ts";

const refusal = await liveRefusal();

interface Watched {
  readonly falco: FalcoProcess;
  readonly folder: string;
  /** as the log names it */
  readonly url: string;
  readonly metrics: () => Promise<readonly Sample[]>;
}

function watched(name: string, config: string, act: (run: Watched) => Promise<void>): void {
  Deno.test({
    name: refusal === null ? `observed: ${name}` : `observed: ${name}: skipped, ${refusal}`,
    ignore: refusal !== null,
    async fn() {
      const folder = Deno.makeTempDirSync();
      let falco: FalcoProcess | undefined;
      try {
        Deno.writeTextFileSync(`${folder}/rules.yaml`, rules(folder));
        const text = `rules_files: [${folder}/rules.yaml]\nlog_syslog: false\n${config}`;
        Deno.writeTextFileSync(`${folder}/falco.yaml`, text);
        falco = await FalcoProcess.start(["-c", `${folder}/falco.yaml`]);
        const url = await webServer(falco);
        const metrics = async () => parsePrometheus(await (await fetch(`${url}/metrics`)).text()).samples;
        await act({ falco, folder, url, metrics });
      } finally {
        await falco?.stop();
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

/** It starts when events are being evaluated already. */
async function webServer({ log }: FalcoProcess): Promise<string> {
  for (const startMs = performance.now(); performance.now() - startMs < 60_000;) {
    const url = log.map((line) => /web server: (http:\S+)/.exec(line)?.[1]).find((url) => url !== undefined);
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no web server:\n${log.join("\n")}`);
}

const rules = (folder: string) => `
- rule: Opened
  desc: a test
  condition: evt.type in (open, openat) and evt.arg.name startswith ${folder}/opened
  output: "%evt.arg.name %evt.res"
  priority: INFO
- rule: Written
  desc: a test
  condition: evt.type in (write, pwrite) and fd.name startswith ${folder}/written
  output: "%evt.arg.data"
  priority: INFO
`;

const named = (samples: readonly Sample[], name: string) =>
  samples.filter((sample) => sample.name === `falcosecurity_${name}`);
const rings = (samples: readonly Sample[]) =>
  named(samples, "falco_ring_size_bytes").map(({ value }) => value);

/** Tries to read a file that is not there, then writes one that is. */
function openTwo(folder: string): void {
  try {
    Deno.readTextFileSync(`${folder}/opened-none`);
  } catch {
    // as it should be
  }
  Deno.writeTextFileSync(`${folder}/opened-new`, "");
}

watched(
  "rings for all CPUs, their size, the kernel's filter, failed calls, data of writes and its length, families of metrics, address of the server",
  `
engine: {kind: modern_ebpf, kernel_filter: auto, modern_ebpf: {cpus_for_each_buffer: 0, buf_size_preset: 1, drop_failed_exit: true}}
base_syscalls: {all: true}
falco_libs: {snaplen: 200}
webserver: {enabled: true, listen_port: 0, listen_address: 127.0.0.2, prometheus_metrics_enabled: true}
metrics:
  enabled: true
  libbpf_stats_enabled: false
  kernel_event_counters_per_cpu_enabled: false
  rule_costs_enabled: false
`,
  async ({ falco, folder, url, metrics }) => {
    const samples = await metrics();
    deepEqual(rings(samples), [1 << 20]);
    ok(named(samples, "scap_n_evts_total").length > 0);
    for (const family of ["scap_n_evts_cpu_total", "falco_rules_evaluations_total"]) {
      deepEqual(named(samples, family), []);
    }
    deepEqual(samples.filter(({ name }) => /run_cnt|avg_time/.test(name)), []);
    equal(new URL(url).hostname, "127.0.0.2");
    await rejects(fetch(url.replace("127.0.0.2", "127.0.0.1")));

    const asking = "use Fcntl; fcntl(STDIN, F_GETFL, 0) for 1..100";
    new Deno.Command("perl", { args: ["-e", asking] }).outputSync();
    const told = await metrics();
    const [seen = 0, passed = 0, dropped = 0] = ["seen", "passed", "dropped"].map((which) =>
      Number(
        named(told, `falco_kernel_filter_${which}_total`).find(({ labels }) => labels["type"] === "fcntl")
          ?.value,
      )
    );
    ok(dropped >= 100, `${dropped} fcntls are left out`);
    equal(seen, passed + dropped);

    openTwo(folder);
    await falco.alert("Opened", ({ output }) => output.includes("opened-new"));
    deepEqual(falco.alerts.filter(({ output }) => output.includes("opened-none")), []);
    Deno.writeTextFileSync(`${folder}/written`, "x".repeat(300));
    const { output } = await falco.alert("Written");
    equal(/x+$/.exec(output)?.[0].length, 200);
  },
);

watched(
  "kmod's size and failed calls, calls besides those of the rules, the families of metrics that are there by default",
  `
engine: {kind: kmod, kmod: {buf_size_preset: 2, drop_failed_exit: false}}
base_syscalls: {custom_set: [chdir]}
webserver: {enabled: true, listen_port: 0, prometheus_metrics_enabled: true}
metrics: {enabled: true}
`,
  async ({ falco, folder, metrics }) => {
    openTwo(folder);
    const failed = await falco.alert("Opened", ({ output }) => output.includes("opened-none"));
    ok(failed.output.endsWith("ENOENT"), failed.output);
    // a CPU on which nothing has happened is not counted
    for (let cpu = 0; cpu < navigator.hardwareConcurrency; cpu++) {
      new Deno.Command("taskset", { args: ["-c", `${cpu}`, "sh", "-c", "cd /"] }).outputSync();
    }
    const samples = await metrics();
    deepEqual([...new Set(rings(samples))], [2 << 20]);
    const types = named(samples, "falco_events_total").map(({ labels }) => labels["type"]);
    ok(types.includes("chdir"), types.join());
    ok(!types.includes("socket"), "a call that only the state of other rules needs");
    equal(named(samples, "scap_n_evts_cpu_total").length, navigator.hardwareConcurrency);
    ok(named(samples, "falco_rules_evaluations_total").length > 0);
  },
);
