// The service as others see it: canary, web server and snapshots, as the settings ask for them.
// In: the run. Out: facts for all of these; what listens and what has a timer, until the run ends.
// Nothing here can end detection: a port that is taken or a certificate that cannot be read is told, and tried again.
// Elsewhere: what becomes of the facts (the other files here, ../web).

import { createHash } from "node:crypto";
import { messageOf, within } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import type { Engine, EngineCounters } from "../../engine/mod.ts";
import { realtimeNs } from "../../ffi/mod.ts";
import { readRegularFile } from "../../files/mod.ts";
import { alertHostname } from "../../outputs/mod.ts";
import { type CompiledRule, MAX_SOURCE_BYTES } from "../../rules/mod.ts";
import type { AlertOutput } from "../run/alert_output.ts";
import { Canary, type CanaryState } from "../health/canary.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { Component, RunState } from "../run/run_state.ts";
import { BearerToken } from "../web/bearer_token.ts";
import { WebServer } from "../web/web_server.ts";
import type { LoadedFile, ReloadFacts, ServiceFacts } from "./facts.ts";
import { metricsText } from "./metrics_text.ts";
import { MetricsSnapshots } from "./snapshots.ts";

/** What of the run is looked at. */
export interface Observed extends Pick<RunState, "settings" | "raise" | "log" | "files"> {
  readonly sources?: RunState["sources"];
  readonly engine: Pick<
    Engine,
    "counters" | "filterProblem" | "hostProblem" | "liveCounters" | "ruleCosts" | "onCanary"
  >;
  readonly rules: { readonly rules: readonly CompiledRule[] };
  readonly output: Pick<AlertOutput, "matches" | "sinkStats" | "noise">;
  readonly lateness?: Pick<RunState["lateness"], "state">;
  readonly lastResort?: Pick<RunState["lastResort"], "count">;
  readonly reloads?: Pick<RunState["reloads"], "json">;
  readonly faults?: Pick<RunState["faults"], "all">;
}

/** Of the parts that ask container engines and Kubernetes. */
export type MetadataCounters = () => ServiceFacts["metadata"];

/** A busy worker answers between two turns; who asks does not wait longer for it, but gets what it said last. */
const WORKER_PATIENCE_MS = 50;
const RETRY_MS = 10_000;
const LOOPBACK = /^(127\.|::1$)/;

export class Observation implements Component {
  readonly #run: Observed;
  readonly #metadata: MetadataCounters;
  readonly #startedNs = realtimeNs();
  /** those that are in force here */
  #settings: Settings;
  #files: Pick<ServiceFacts, "rulesFiles" | "configFiles">;
  #reload: ReloadFacts = { succeeded: 0, failed: 0, lastNs: undefined, problem: undefined };
  #canary: Canary | undefined;
  #server: WebServer | undefined;
  #snapshots: MetricsSnapshots | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #source: EngineCounters = {};
  #asked: Promise<void> | undefined;
  #text: Promise<string> | undefined;
  /** openings and closings, one after the other */
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** what the watchdog sees (service/health/watchdog.ts) */
  standstill: () => string | undefined = () => undefined;

  private constructor(run: Observed, metadata: MetadataCounters) {
    this.#run = run;
    this.#metadata = metadata;
    this.#settings = run.settings;
    this.#files = hashed(run.files);
  }

  /** Resolves when what is configured listens, or has failed to. */
  static async start(run: Observed, metadata: MetadataCounters = () => ({})): Promise<Observation> {
    const observation = new Observation(run, metadata);
    await observation.#then(() => observation.#open());
    return observation;
  }

  /** New rules and settings are in force, maybe in another engine: what they change here starts over. */
  reloaded(): Promise<void> {
    const { succeeded } = this.#reload;
    this.#reload = { ...this.#reload, succeeded: succeeded + 1, lastNs: realtimeNs(), problem: undefined };
    this.#files = hashed(this.#run.files);
    return this.#then(async () => {
      const before = this.#settings;
      const after = this.#settings = this.#run.settings;
      if (differ(before, after, "webserver.") || before["metrics.enabled"] !== after["metrics.enabled"]) {
        await this.#closeServer();
      }
      if (differ(before, after, "metrics.")) this.#closeSnapshots();
      await this.#open();
    });
  }

  /** What was in force still is. */
  reloadRefused(problem: string): void {
    this.#reload = { ...this.#reload, failed: this.#reload.failed + 1, problem };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#work;
    this.#closeSnapshots();
    this.#canary?.stop();
    await this.#closeServer();
  }

  /** Where the web server listens. */
  get url(): string | undefined {
    return this.#server?.url;
  }

  /** Undefined when system calls are not watched. */
  get canary(): CanaryState | undefined {
    return this.#canary?.state;
  }

  async facts(): Promise<ServiceFacts> {
    await this.#askWorker();
    return this.factsNow();
  }

  /** Without asking the worker: what only it knows is as old as the last question. */
  factsNow(): ServiceFacts {
    const { engine, rules, output, lateness, lastResort, faults } = this.#run;
    const standstill = this.standstill();
    return {
      settings: this.#settings,
      nowNs: realtimeNs(),
      startedNs: this.#startedNs,
      hostname: alertHostname(),
      rules: rules.rules,
      ...this.#files,
      matches: new Map(output.matches().map(({ rule, count }) => [rule, count])),
      source: this.#source,
      live: engine.liveCounters,
      metadata: this.#metadata(),
      ruleCosts: engine.ruleCosts,
      sinks: output.sinkStats(),
      noise: output.noise(),
      reload: this.#reload,
      faults: faults?.all ?? [],
      hostProblem: engine.hostProblem,
      filterProblem: engine.filterProblem,
      canary: this.#canary?.state,
      ...lateness === undefined ? {} : { lateness: lateness.state },
      unexpectedFailures: lastResort?.count ?? 0,
      ...standstill === undefined ? {} : { standstill },
      watchesSyscalls: this.#watchesSyscalls,
    };
  }

  get #watchesSyscalls(): boolean {
    return this.#run.sources?.syscall !== false;
  }

  /** Many who ask at once get the same answer. */
  #metrics(): Promise<string> {
    return this.#text ??= this.facts().then(metricsText).finally(() => this.#text = undefined);
  }

  async #askWorker(): Promise<void> {
    this.#asked ??= this.#run.engine.counters()
      .then((counters) => void (this.#source = counters), () => {})
      .finally(() => this.#asked = undefined);
    await within(WORKER_PATIENCE_MS, this.#asked);
  }

  #then(step: () => Promise<void>): Promise<void> {
    return this.#work = this.#work.then(async () => {
      if (!this.#isClosed) await step();
    });
  }

  async #open(): Promise<void> {
    const settings = this.#settings;
    if (settings["metrics.enabled"] && this.#snapshots === undefined && hasSnapshots(settings)) {
      this.#snapshots = new MetricsSnapshots({
        settings,
        facts: () => this.facts(),
        alert: (fields) => this.#run.raise(INTERNAL_ALERTS.metricsSnapshot(fields)),
        log: this.#run.log,
      });
    }
    // it may be another engine than before
    this.#run.engine.onCanary = (number) => this.#canary?.seen(number);
    if (this.#watchesSyscalls) this.#canary ??= new Canary();
    if (!settings["webserver.enabled"]) return;
    if (this.#server === undefined) await this.#openServer(true);
  }

  async #openServer(isFirst: boolean): Promise<void> {
    const { log, reloads } = this.#run;
    const settings = this.#settings;
    const address = settings["webserver.listen_address"].trim();
    try {
      const tokenFile = settings["webserver.bearer_token_file"];
      const token = tokenFile === "" ? undefined : new BearerToken(tokenFile);
      this.#server = await WebServer.start({
        address,
        port: settings["webserver.listen_port"],
        certificate: settings["webserver.ssl_enabled"] ? settings["webserver.ssl_certificate"] : undefined,
        healthPath: settings["webserver.k8s_healthz_endpoint"],
        withMetrics: settings["metrics.enabled"] && settings["webserver.prometheus_metrics_enabled"],
        token,
        facts: () => this.factsNow(),
        metrics: () => this.#metrics(),
        ...reloads === undefined ? {} : { reload: () => reloads.json },
      });
      log("info", `web server: ${this.#server.url}`);
      if (!LOOPBACK.test(address) && token === undefined) {
        log(
          "notice",
          "web server: everybody who reaches it can read it; webserver.bearer_token_file asks for a token",
        );
      }
    } catch (error) {
      const reason = messageOf(error);
      const again = `trying again every ${RETRY_MS / 1000} s, detection goes on`;
      if (isFirst) log("error", `web server: ${reason}; ${again}`);
      this.#retry = setTimeout(() => this.#then(() => this.#openServer(false)), RETRY_MS);
      Deno.unrefTimer(this.#retry);
    }
  }

  async #closeServer(): Promise<void> {
    clearTimeout(this.#retry);
    const server = this.#server;
    this.#server = undefined;
    await server?.stop();
  }

  #closeSnapshots(): void {
    this.#snapshots?.stop();
    this.#snapshots = undefined;
  }
}

/** What is not there any more is left out: it was loaded all the same, but nobody can compare it. */
function hashed(files: Observed["files"]): Pick<ServiceFacts, "rulesFiles" | "configFiles"> {
  const hashAll = (paths: readonly string[]) =>
    paths.flatMap((path): LoadedFile[] => {
      const read = readRegularFile(path, MAX_SOURCE_BYTES);
      return "bytes" in read ? [{ path, sha256: createHash("sha256").update(read.bytes).digest("hex") }] : [];
    });
  return { rulesFiles: hashAll(files?.rules ?? []), configFiles: hashAll(files?.config ?? []) };
}

function hasSnapshots(settings: Settings): boolean {
  return settings["metrics.output_rule"] || settings["metrics.output_file"] !== "";
}

function differ(a: Settings, b: Settings, prefix: string): boolean {
  const keys = Object.keys(a).filter((key) => key.startsWith(prefix)) as (keyof Settings)[];
  return keys.some((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}
