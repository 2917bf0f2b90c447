// What the settings ask for is there, follows a reload, and never ends the run: web server, metrics, snapshots.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { defaultSettings, type Settings } from "../../config/settings.ts";
import type { InternalAlert } from "../../service/internal_alerts/internal_alerts.ts";
import { Observation, type Observed } from "../../service/metrics/observation.ts";
import { sampleFacts } from "./sample_facts.ts";

class FakeRun implements Observed {
  settings: Settings;
  files = { rules: [import.meta.filename!, "/nowhere/rules.yaml"], config: [] };
  readonly raised: InternalAlert[] = [];
  readonly lines: string[] = [];
  readonly rules = { rules: sampleFacts().rules };
  readonly engine: { -readonly [K in keyof Observed["engine"]]: Observed["engine"][K] } = {
    counters: () => Promise.resolve(sampleFacts().source),
    liveCounters: sampleFacts().live,
    ruleCosts: [],
    hostProblem: undefined,
    filterProblem: undefined,
    onCanary: undefined,
  };
  readonly output = {
    matches: () => [],
    sinkStats: () => [],
    noise: () => sampleFacts().noise,
  };

  constructor(settings: Partial<Settings>) {
    this.settings = { ...defaultSettings(), "webserver.listen_port": 0, ...settings };
  }

  raise = (alert: InternalAlert) => void this.raised.push(alert);
  log = (level: string, message: string) => void this.lines.push(`${level} ${message}`);
}

async function observe(
  settings: Partial<Settings>,
  use: (observation: Observation, run: FakeRun) => Promise<void>,
): Promise<void> {
  const run = new FakeRun(settings);
  const observation = await Observation.start(run);
  try {
    await use(observation, run);
  } finally {
    await observation.close();
  }
}

async function status(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

Deno.test("nothing listens unless it is asked to; the canary runs all the same, for the watchdog", async () => {
  await observe({}, (observation, run) => {
    equal(observation.url, undefined);
    run.engine.onCanary!(1);
    equal(observation.canary?.seen, 1);
    deepEqual(run.lines, []);
    return Promise.resolve();
  });
});

Deno.test("metrics need both keys; health waits for the first canary", async () => {
  await observe({ "webserver.enabled": true, "metrics.enabled": true }, async (observation, run) => {
    match(observation.url!, /^http:\/\/0\.0\.0\.0:\d+$/);
    equal(await status(`${observation.url}/metrics`), 404);
    equal(await status(`${observation.url}/healthz`), 503);
    run.engine.onCanary!(1);
    equal(await status(`${observation.url}/healthz`), 200);
  });
});

Deno.test("a reload moves paths and server, and is counted; a refused one is told", async () => {
  await observe({ "webserver.enabled": true }, async (observation, run) => {
    const before = observation.url!;
    run.engine.onCanary!(1);
    observation.reloadRefused("rules.yaml:1:1: no");
    match(await (await fetch(`${before}/healthz`)).text(), /rules\.yaml:1:1: no/);
    run.settings = {
      ...run.settings,
      "webserver.k8s_healthz_endpoint": "/alive",
      "metrics.enabled": true,
      "webserver.prometheus_metrics_enabled": true,
    };
    await observation.reloaded();
    equal(await status(`${observation.url}/alive`), 200);
    equal(await status(`${observation.url}/healthz`), 404);
    const metrics = await (await fetch(`${observation.url}/metrics`)).text();
    match(metrics, /^falcosecurity_falco_reloads_total\{result="ok"\} 1$/m);
    match(metrics, /^falcosecurity_falco_reloads_total\{result="failed"\} 1$/m);
    match(
      metrics,
      /^falcosecurity_falco_sha256_rules_files_info\{file_name="observation_test\.ts",sha256="\w{64}"\} 1$/m,
    );
    run.settings = { ...run.settings, "webserver.enabled": false };
    await observation.reloaded();
    equal(observation.url, undefined);
  });
});

Deno.test("a port that is taken, a certificate and a token that are not there: told, and the run goes on", async () => {
  await observe({ "webserver.enabled": true }, async ({ url }) => {
    const port = Number(new URL(url!).port);
    for (
      const [settings, told] of [
        [{ "webserver.listen_port": port }, /another program listens on .* detection goes on/],
        [
          { "webserver.ssl_enabled": true, "webserver.ssl_certificate": "/nowhere.pem" },
          /cannot read the certificate/,
        ],
        [{ "webserver.bearer_token_file": "/nowhere" }, /cannot read webserver\.bearer_token_file/],
      ] as const
    ) {
      await observe({ "webserver.enabled": true, ...settings }, (observation, run) => {
        equal(observation.url, undefined);
        equal(run.lines.length, 1);
        match(run.lines[0]!, /^error web server: /);
        match(run.lines[0]!, told);
        return Promise.resolve();
      });
    }
  });
});

Deno.test("snapshots come at the interval, and stop when a reload turns them off", async () => {
  const settings = { "metrics.enabled": true, "metrics.output_rule": true, "metrics.interval": 100 };
  await observe(settings, async (observation, run) => {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 50));
    for (let i = 0; i < 100 && run.raised.length < 2; i++) await wait();
    ok(run.raised.length >= 2);
    equal(run.raised[0]!.rule, "Falco internal: metrics snapshot");
    run.settings = { ...run.settings, "metrics.output_rule": false };
    await observation.reloaded();
    const count = run.raised.length;
    for (let i = 0; i < 6; i++) await wait();
    ok(run.raised.length <= count + 1);
  });
});
