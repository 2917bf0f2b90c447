// One soak: falco watches this host under a steady load, with alerts to all kinds of sinks, while its rules are changed
// again and again and a receiver dies and comes back.
// In: how long, how much. Out: what was made, what has arrived at each sink, memory, losses.
// Elsewhere: the load (load.c), the receivers (receivers.ts, servers.ts), counting (arrivals.ts), printing (../soak.ts).

import { FalcoProcess } from "../../tests/live/falco_process.ts";
import { parsePrometheus, type Sample } from "../../tests/service/prometheus_parser.ts";
import { Arrivals, type Made } from "./arrivals.ts";
import { MortalHttpServer, syslogServer } from "./receivers.ts";
import { ResidentMemory } from "./resident_memory.ts";
import { installedServers, type SoakServer } from "./servers.ts";
import { PROJECT } from "../../tests/support/program.ts";

export interface SoakOptions {
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly alertsPerSecond: number;
  readonly reloadSeconds: number;
  /** the mortal receivers live so long, and are dead for half of it */
  readonly lifeSeconds: number;
}

export interface SoakReport {
  readonly made: Made & { readonly events: number; readonly seconds: number };
  readonly sinks: readonly Arrivals[];
  /** alerts that falco says a sink will never get, by sink and cause */
  readonly dropped: readonly string[];
  readonly retries: number;
  readonly deaths: number;
  readonly reloads: number;
  readonly memory: ReturnType<ResidentMemory["report"]>;
  /** events that the kernel had no room for, as falco counted them */
  readonly eventDrops: string;
  readonly exitCode: number;
  readonly log: readonly string[];
}

/** Of the marked calls that noise control is to hold back. */
const NOISY_SHARE = 0.2;
const DRAIN_LIMIT_MS = 60_000;

export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "falco-soak-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const prefix = `/falco-soak-${Deno.pid}`;
  const arrivals = (sink: string) => new Arrivals(sink, prefix);
  const [stdout, file, program] = ["stdout", "file", "program"].map(arrivals) as [
    Arrivals,
    Arrivals,
    Arrivals,
  ];

  const syslog = arrivals("syslog");
  const syslogPort = stack.use(await syslogServer(syslog)).port;
  const http = arrivals("http");
  const httpUrl = stack.use(await MortalHttpServer.start(http)).url;
  const mortal = arrivals("mortal (http, spool, killed and revived)");
  const mortalServer = stack.use(await MortalHttpServer.start(mortal));
  const servers: { readonly type: string; readonly arrivals: Arrivals; readonly server: SoakServer }[] = [];
  for (const { type, start } of installedServers()) {
    const its = arrivals(type === "redis" ? "redis (kill -9 and started again)" : type);
    const server = await start(its);
    stack.use(server.process);
    servers.push({ type, arrivals: its, server });
  }

  const rules = `${folder}/rules.yaml`;
  Deno.writeTextFileSync(rules, rulesText(prefix, 0));
  Deno.writeTextFileSync(
    `${folder}/falco.yaml`,
    JSON.stringify({
      rules_files: [`${PROJECT}rules/bundled/falco_rules.yaml`, rules],
      json_output: true,
      log_syslog: false,
      webserver: { enabled: true, listen_port: 0, prometheus_metrics_enabled: true },
      metrics: { enabled: true },
      syslog_output: { enabled: true, address: `tcp://127.0.0.1:${syslogPort}` },
      file_output: {
        enabled: true,
        keep_alive: true,
        filename: `${folder}/alerts`,
        rotate_size_mb: 8,
        rotate_keep: 1000,
      },
      program_output: { enabled: true, keep_alive: true, program: `cat >> ${folder}/program` },
      http_output: { enabled: true, url: httpUrl },
      spool: { directory: `${folder}/spool` },
      sinks: [
        { type: "http", name: "mortal", url: mortalServer.url, spool: true, batch_max: 50 },
        ...servers.map(({ type, server }) => ({ type, ...server.keys })),
      ],
      noise_control: {
        summary_interval: "2s",
        rules: [{ rule: "Soak, noisy", rate: 1, max_burst: 1 }],
      },
    }),
  );
  const falco = await FalcoProcess.start(["-v", "-c", `${folder}/falco.yaml`]);
  stack.defer(() => kill(falco.pid));
  const memory = new ResidentMemory(falco.pid);
  stack.defer(() => memory.stop());

  const load = runLoad(folder, prefix, options);
  const ends = new AbortController();
  let deaths = 0;
  const redis = servers.find(({ type }) => type === "redis")?.server.process;
  const dying = repeat(options.lifeSeconds, ends.signal, async () => {
    deaths++;
    await Promise.all([mortalServer.kill(), redis?.kill()]);
    await pause(options.lifeSeconds * 500, ends.signal);
    await Promise.all([mortalServer.revive(), redis?.start()]);
  });
  const reloading = repeat(options.reloadSeconds, ends.signal, (round) => {
    Deno.writeTextFileSync(`${rules}.new`, rulesText(prefix, round));
    Deno.renameSync(`${rules}.new`, rules);
    if (round % 2 === 0) Deno.kill(falco.pid, "SIGHUP");
  });
  const made: SoakReport["made"] = JSON.parse(await load);
  ends.abort();
  await Promise.all([dying, reloading]);
  memory.stop();

  const url = falco.log.map((line) => /web server: (http:\S+)/.exec(line)?.[1]).find((url) =>
    url !== undefined
  );
  const samples = await drained(`${url}/metrics`);
  const exitCode = await falco.stop("SIGTERM");
  for (const { server } of servers) await server.collect();
  for (const { output_fields, arrivedAtMs } of falco.alerts) {
    stdout.take(JSON.stringify(output_fields), arrivedAtMs);
  }
  for await (const text of alertFiles(folder)) file.takeLines(text);
  program.takeLines(Deno.readTextFileSync(`${folder}/program`));
  const of = (name: string) => samples.filter((sample) => sample.name === `falcosecurity_falco_${name}`);
  return {
    made,
    sinks: [stdout, file, program, syslog, http, mortal, ...servers.map(({ arrivals }) => arrivals)],
    dropped: of("sink_dropped_total").filter(({ value }) => value > 0)
      .map(({ labels, value }) => `${labels["sink"]} ${labels["cause"]} ${value}`),
    retries: of("sink_retries_total").reduce((sum, { value }) => sum + value, 0),
    deaths,
    reloads: falco.log.filter((line) => line.includes("reloaded after")).length,
    memory: memory.report(),
    eventDrops: falco.log.map((line) => /(drops \d+.*)$/.exec(line)?.[1]).findLast((text) => text) ??
      "unknown",
    exitCode,
    log: falco.log,
  };
}

/** Each version has other rules in front, so that the marked calls meet other code. */
function rulesText(prefix: string, round: number): string {
  const rule = (name: string, condition: string) =>
    `- {rule: "${name}", desc: soak, priority: WARNING, output: "%evt.arg.name", condition: '${condition}'}\n`;
  const opened = (kind: string) => `evt.type = openat and evt.arg.name startswith "${prefix}/${kind}/"`;
  const others = Array.from(
    { length: round % 5 },
    (_, i) => rule(`Never ${i}`, `evt.type = openat and evt.arg.name = "/nowhere/${round}/${i}"`),
  );
  return [...others, rule("Soak", opened("a")), rule("Soak, noisy", opened("n"))].join("");
}

/** Gives what the load says that it has made. */
async function runLoad(folder: string, prefix: string, options: SoakOptions): Promise<string> {
  const program = `${folder}/load`;
  const source = new URL("load.c", import.meta.url).pathname;
  const { success, stderr } = await new Deno.Command("cc", { args: ["-O2", "-o", program, source] }).output();
  if (!success) throw new Error(`the load does not compile: ${new TextDecoder().decode(stderr)}`);
  const { alertsPerSecond, eventsPerSecond, seconds } = options;
  const noisy = alertsPerSecond * NOISY_SHARE;
  const args = [prefix, eventsPerSecond, alertsPerSecond - noisy, noisy, seconds].map(String);
  const { stdout } = await new Deno.Command(program, { args }).output();
  return new TextDecoder().decode(stdout);
}

/** Does something every so many seconds until the signal. */
async function repeat(
  seconds: number,
  signal: AbortSignal,
  act: (round: number) => void | Promise<void>,
): Promise<void> {
  for (let round = 1;; round++) {
    await pause(seconds * 1000, signal);
    if (signal.aborted) return;
    await act(round);
  }
}

/** Ends early with the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
  clearTimeout(timer);
}

/** The metrics when no sink has anything left to deliver. */
async function drained(url: string): Promise<readonly Sample[]> {
  for (const startMs = performance.now();;) {
    const { samples } = parsePrometheus(await (await fetch(url)).text());
    const queued = samples.filter(({ name, value }) =>
      name === "falcosecurity_falco_sink_queued_alerts" && value > 0
    );
    if (queued.length === 0 || performance.now() - startMs > DRAIN_LIMIT_MS) return samples;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The rotated ones first. */
async function* alertFiles(folder: string): AsyncGenerator<string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    /^alerts\b/.test(name)
  );
  for (const name of [...names.filter((name) => name !== "alerts").sort(), "alerts"]) {
    const { readable } = await Deno.open(`${folder}/${name}`);
    yield await new Response(
      name.endsWith(".gz") ? readable.pipeThrough(new DecompressionStream("gzip")) : readable,
    ).text();
  }
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // it has ended, as it should
  }
}
