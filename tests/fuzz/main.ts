// `deno task fuzz`: lets strangers write whatever they can to a running falco, and sees whether it still works.
// In: [SECONDS] (1800) [--executable] [--seed N] [--only NAME]. Out: what was done how often, the worst figures; exit
// code 1 when a limit was passed, an alert did not come, or falco ended.
// Elsewhere: the strangers (strangers/), what is watched (watch_falco.ts).

import { parseArgs } from "node:util";
import { must } from "../live/lab.ts";
import { Target } from "../attacks/target.ts";
import { Random } from "./random.ts";
import type { Prepared, Stranger } from "./stranger.ts";
import auditBodies from "./strangers/audit_bodies.ts";
import cgroupNames from "./strangers/cgroup_names.ts";
import dockerEngine from "./strangers/docker_engine.ts";
import grpcEngine from "./strangers/grpc_engine.ts";
import kubeApi from "./strangers/kube_api.ts";
import processes from "./strangers/processes.ts";
import watchedFolders from "./strangers/watched_folders.ts";
import { FalcoWatch, type Figures, MARK_RULE } from "./watch_falco.ts";

const STRANGERS: readonly Stranger[] = [
  ...[auditBodies, cgroupNames, dockerEngine, grpcEngine, kubeApi, processes, watchedFolders],
];
const DEFAULT_SECONDS = 1800;
/** A user with a home in the run's folder, who is logged in. */
const USER = 61_001;

/** No thread may hang for a second, and memory stays below 400 MB. */
const LIMITS: Partial<Figures> = {
  healthSlowestMs: 1000,
  canarySlowestMs: 1000,
  // a call each second, and one second late
  canaryLongestSilenceMs: 2000,
  peakResidentMiB: 400e6 / 2 ** 20,
};

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { executable: { type: "boolean" }, seed: { type: "string" }, only: { type: "string" } },
  });
  const seconds = Number(positionals[0] ?? DEFAULT_SECONDS);
  const seed = Number(values.seed ?? Date.now() % 1e9);
  const strangers = STRANGERS.filter(({ name }) => values.only === undefined || name.includes(values.only));
  const folder = Deno.makeTempDirSync({ prefix: "falco-fuzz-", dir: "/var/tmp" });
  Deno.chmodSync(folder, 0o755);
  const prepared: Prepared[] = [];
  console.log(`seed ${seed}, ${seconds} s: ${strangers.map(({ name }) => name).join(", ")}`);
  try {
    const [webPort, auditPort] = [freePort(), freePort()];
    const target = values.executable === true ? await Target.executable(folder) : Target.source();
    const lab = { folder, random: new Random(seed), auditPort };
    for (const stranger of strangers) prepared.push(await stranger.prepare(lab));
    const config = writeSettings(
      folder,
      webPort,
      auditPort,
      Object.assign({}, ...prepared.map((one) => one.settings)),
    );
    const falco = await target.start(["-c", config], await ownUsers(folder));
    const watch = new FalcoWatch(falco, webPort, folder);
    for (const one of prepared) one.start();
    const endMs = performance.now() + seconds * 1000;
    let problem: string | undefined;
    while (performance.now() < endMs && problem === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (!isRunning(falco.pid)) problem = "falco has ended";
    }
    for (const one of prepared) await one.stop();
    await watch.stop().catch((error) => problem ??= error instanceof Error ? error.message : String(error));
    const stopMs = performance.now();
    const code = problem === "falco has ended"
      ? await falco.stop().catch(() => -1)
      : await falco.stop("SIGTERM");
    const passed = report(strangers, prepared, watch);
    console.log(`SIGTERM: exit code ${code} after ${((performance.now() - stopMs) / 1000).toFixed(1)} s`);
    if (problem !== undefined) console.log(shown(`${problem}\n${falco.log.slice(-40).join("\n")}`));
    return passed && problem === undefined && code === 0 ? 0 : 1;
  } finally {
    for (const one of prepared) await one.stop();
    Deno.removeSync(folder, { recursive: true });
    await Deno.remove(`/run/user/${USER}`).catch(() => {});
  }
}

function report(strangers: readonly Stranger[], prepared: readonly Prepared[], watch: FalcoWatch): boolean {
  strangers.forEach(({ name }, at) => {
    const counts = Object.entries(prepared[at]!.counts()).sort(([a], [b]) => a < b ? -1 : 1);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    console.log(`${name}: ${total} (${counts.map(([what, count]) => `${what} ${count}`).join(", ")})`);
  });
  let passed = true;
  for (const [key, value] of Object.entries(watch.figures)) {
    const limit = LIMITS[key as keyof Figures];
    const isOver = limit !== undefined && value > limit;
    if (isOver) passed = false;
    const against = limit === undefined ? "" : ` (limit ${Math.round(limit)})`;
    console.log(`${isOver ? "OVER  " : "      "}${key}: ${Math.round(value)}${against}`);
  }
  for (const problem of watch.problems) console.log(`      /healthz said: ${problem}`);
  return passed;
}

function writeSettings(
  folder: string,
  webPort: number,
  auditPort: number,
  more: Record<string, unknown>,
): string {
  Deno.writeTextFileSync(
    `${folder}/marks.yaml`,
    `- rule: ${MARK_RULE}
  desc: whether alerts come
  condition: evt.type in (open, openat, openat2) and fd.name startswith ${folder}/mark-
  output: "opened %fd.name by %proc.name"
  priority: WARNING
- rule: Privileged pod
  desc: so that audit events are judged
  source: k8s_audit
  condition: ka.req.pod.containers.privileged intersects (true)
  output: "pod %ka.target.name"
  priority: WARNING
`,
  );
  const engines = (more["engines"] ?? {}) as Record<string, readonly string[]>;
  const settings = {
    rules_files: [`${folder}/marks.yaml`, ...more["rules"] === undefined ? [] : [more["rules"]]],
    config_files: more["config"] === undefined ? [] : [more["config"]],
    // events of failed opens are what the marks are
    base_syscalls: { custom_set: [], repair: false },
    webserver: {
      enabled: true,
      listen_address: "127.0.0.1",
      listen_port: webPort,
      prometheus_metrics_enabled: true,
    },
    metrics: { enabled: true, interval: "1m", output_rule: false },
    plugins: [
      {
        name: "container",
        library_path: "libcontainer.so",
        init_config: {
          engines: Object.fromEntries(
            Object.entries(engines).map(([name, sockets]) => [name, { enabled: true, sockets }]),
          ),
        },
      },
      {
        name: "k8saudit",
        library_path: "libk8saudit.so",
        init_config: {},
        open_params: `http://127.0.0.1:${auditPort}/k8s-audit`,
      },
    ],
    load_plugins: ["container", "k8saudit"],
    ...more["kubernetesUrl"] === undefined ? {} : {
      metadata: {
        kubernetes: {
          enabled: true,
          url: more["kubernetesUrl"],
          node_name: "node-1",
          token_file: "",
          ca_file: "",
        },
      },
    },
  };
  const path = `${folder}/falco.yaml`;
  Deno.writeTextFileSync(path, JSON.stringify(settings));
  return path;
}

/** A wrapper under which the users of this host are root, nobody, and one with a home in the run's folder. */
async function ownUsers(folder: string): Promise<string[]> {
  Deno.mkdirSync(`${folder}/home`, { recursive: true });
  const lines = ["root:x:0:0:root:/root:/bin/sh", "nobody:x:65534:65534::/:/bin/false"];
  Deno.writeTextFileSync(
    `${folder}/passwd`,
    [...lines, `fuzz:x:${USER}:${USER}::${folder}/home:/bin/sh`, ""].join("\n"),
  );
  await must("mkdir", "-p", `/run/user/${USER}`);
  return ["unshare", "--mount", "sh", "-c", `mount --bind ${folder}/passwd /etc/passwd && exec "$@"`, "sh"];
}

/** Whatever a stranger has brought into it. */
function shown(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, "\ufffd");
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
