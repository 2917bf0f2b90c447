// The web server of a falco that watches this host: healthy while events flow, not when they are kept from it, healthy
// again afterwards; metrics of what really happened; reloads. Needs root and BTF.

import { equal, match, ok } from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";
import { parsePrometheus } from "./prometheus_parser.ts";
import { emptyInterest, stopThread } from "./stop_events.ts";

const refusal = await liveRefusal();

/** MARK is the folder of the test, which is in the command line of the falco that is watched and of no other. */
const RULES = `
- rule: Shadow read
  desc: d
  condition: evt.type = openat and fd.name = /etc/shadow
  output: read by %proc.name
  priority: WARNING
  tags: [T1003]
- rule: Canary must not match
  desc: d
  condition: evt.type = prctl and proc.cmdline contains MARK
  output: "%evt.args"
  priority: WARNING
- rule: Nothing of this program
  desc: d
  condition: evt.num > 0 and proc.cmdline contains MARK
  output: "%evt.type %evt.args"
  priority: WARNING
`;

const rulesOf = (folder: string) => RULES.replaceAll("MARK", folder);

/** A request that is never answered fails. */
const ask = (url: string) => fetch(url, { signal: AbortSignal.timeout(60_000) });

async function until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!await check()) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

class Lab {
  constructor(readonly falco: FalcoProcess, readonly url: string, readonly folder: string) {}

  static async start(folder: string): Promise<Lab> {
    await Deno.writeTextFile(`${folder}/rules.yaml`, rulesOf(folder));
    const settings = [
      "webserver.enabled=true",
      "webserver.listen_port=0",
      "webserver.healthz_timeout=2s",
      "webserver.prometheus_metrics_enabled=true",
      "metrics.enabled=true",
      "metrics.interval=300ms",
      "metrics.output_rule=true",
      `metrics.output_file=${folder}/metrics.jsonl`,
      "rule_matching=all",
    ];
    const falco = await FalcoProcess.start([
      "-r",
      `${folder}/rules.yaml`,
      ...settings.flatMap((setting) => ["-o", setting]),
    ]);
    const address = () =>
      falco.log.map((line) => /web server: (http:\S+)/.exec(line)?.[1]).find((url) => url);
    await until("the address in the log", () => address() !== undefined);
    return new Lab(falco, address()!, folder);
  }

  async health(): Promise<{ status: number; problems: string }> {
    const response = await ask(`${this.url}/healthz`);
    const body = await response.json();
    equal(body.status, response.status === 200 ? "ok" : "failing");
    return { status: response.status, problems: body.problems.join() };
  }

  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const text = await (await ask(`${this.url}/metrics`)).text();
    return parsePrometheus(text).samples.find((sample) =>
      sample.name === `falcosecurity_${name}` &&
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
    )?.value ?? NaN;
  }

  isHealthy = async () => (await this.health()).status === 200;
}

async function healthFollowsEvents(lab: Lab): Promise<void> {
  await until("the first canary", lab.isHealthy);

  const refill = emptyInterest(lab.falco.pid);
  try {
    await until("ill without interest", async () => !await lab.isHealthy());
    match((await lab.health()).problems, /no event has come through for \d+ s/);
    equal(await lab.metric("falco_healthy"), 0);
  } finally {
    refill();
  }
  await until("well again", lab.isHealthy);

  const threads = [...Deno.readDirSync(`/proc/${lab.falco.pid}/task`)].map(({ name }) => Number(name));
  const worker = threads.find((tid) =>
    /^worker-/.test(Deno.readTextFileSync(`/proc/${lab.falco.pid}/task/${tid}/comm`))
  );
  const goOn = stopThread(worker!);
  try {
    await until("ill without worker", async () => !await lab.isHealthy());
    // metrics are answered all the same, from the memory that both threads share
    ok(await lab.metric("falco_canary_silent_seconds") > 2);
  } finally {
    goOn();
  }
  await until("well once more", lab.isHealthy);
}

async function metricsTellWhatHappened(lab: Lab): Promise<void> {
  for (let i = 0; i < 3; i++) new Deno.Command("cat", { args: ["/etc/shadow"], stdout: "null" }).outputSync();
  const rule = { rule_name: "Shadow read" };
  await until("three matches", async () => await lab.metric("falco_rules_matches_total", rule) >= 3);
  ok(await lab.metric("falco_rules_matches_total", { ...rule, tag_T1003: "true", priority: "4" }) >= 3);
  ok(await lab.metric("falco_rules_evaluations_total", rule) >= 3);
  ok(await lab.metric("falco_rules_evaluation_nanoseconds_total", rule) >= 0);
  ok(await lab.metric("falco_events_total", { type: "openat", dir: "exit" }) >= 3);
  ok(await lab.metric("scap_n_evts_total") > 0);
  ok(await lab.metric("scap_n_evts_cpu_total") >= 0);
  ok(await lab.metric("falco_sink_delivered_total", { sink: "stdout" }) >= 3);
  equal(await lab.metric("falco_events_unknown_total"), 0);

  const snapshot = await lab.falco.alert("Falco internal: metrics snapshot");
  equal(snapshot.output_fields["evt.source"], "syscall");
  await until("three matches in a snapshot", async () => {
    // the file comes after the alert
    const text = await Deno.readTextFile(`${lab.folder}/metrics.jsonl`).catch(() => "");
    const lines = text.split("\n").slice(0, -1);
    const samples = lines.map((line) => JSON.parse(line));
    samples.forEach(({ sample }, at) => equal(sample, at + 1));
    const fields = samples.at(-1)?.output_fields;
    return samples.length > 2 && fields["falco.rules.matches_total"] >= 3 &&
      fields["falco.rules.Shadow_read"] >= 3;
  });
}

async function reloadsShow(lab: Lab): Promise<void> {
  equal(await lab.metric("falco_reloads_total", { result: "ok" }), 0);
  await Deno.writeTextFile(`${lab.folder}/rules.yaml`, "- rule: broken\n");
  await until("a refused reload", async () => await lab.metric("falco_reload_problem") === 1);
  const health = await lab.health();
  equal(health.status, 200);
  ok(health.problems.length > 0);
  await Deno.writeTextFile(
    `${lab.folder}/rules.yaml`,
    rulesOf(lab.folder).replace("Shadow read", "Shadow seen"),
  );
  await until("a reload", async () => await lab.metric("falco_reload_problem") === 0);
  ok(await lab.metric("falco_reloads_total", { result: "ok" }) >= 1);
  ok(await lab.metric("falco_reloads_total", { result: "failed" }) >= 1);
  const rule = { rule_name: "Shadow seen" };
  await until("costs of the new rule", async () => {
    new Deno.Command("cat", { args: ["/etc/shadow"], stdout: "null" }).outputSync();
    return await lab.metric("falco_rules_evaluations_total", rule) > 0;
  });
  await until("well after all", lab.isHealthy);
}

Deno.test({
  name: `health, metrics and reloads of a running falco, seen from outside${
    refusal === null ? "" : ` (skipped: ${refusal})`
  }`,
  ignore: refusal !== null,
  async fn() {
    const folder = await Deno.makeTempDir();
    const lab = await Lab.start(folder);
    try {
      await metricsTellWhatHappened(lab);
      await healthFollowsEvents(lab);
      await reloadsShow(lab);
    } finally {
      equal(await lab.falco.stop(), 0);
      await Deno.remove(folder, { recursive: true });
    }
    const rules = new Set(lab.falco.alerts.map(({ rule }) => rule));
    ok(!rules.has("Canary must not match") && !rules.has("Nothing of this program"), [...rules].join());
  },
});
