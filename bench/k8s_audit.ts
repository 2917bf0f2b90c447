// Audit events over HTTP: 20 clients that send batches of 100, evaluated by all rules for them.
// In: `deno run -A bench/k8s_audit.ts [seconds]`; rules and recorded events of upstream's where they are, else the bundled rules and
// one event. Out: events a second, how long a request takes, memory at begin and end; then the same with a queue that is
// too small, to see that every event that was accepted is evaluated.

import { UPSTREAM_FOLDER } from "../tests/support/upstream.ts";
import { fileURLToPath } from "node:url";
import { Agent, request } from "node:http";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CLIENTS = 20;
const BATCH = 100;

const seconds = Number(Deno.args[0] ?? 10);
const rules = exists(`${UPSTREAM_FOLDER}rules/k8s_audit_rules.yaml`)
  ? `${UPSTREAM_FOLDER}rules/k8s_audit_rules.yaml`
  : `${ROOT}rules/bundled/k8s_audit_rules.yaml`;
const body = new TextEncoder().encode(JSON.stringify({
  kind: "EventList",
  apiVersion: "audit.k8s.io/v1",
  items: batch(),
}));

for (const [name, queue] of [["usual queue", 20_000], ["small queue", 300]] as const) {
  await measure(name, queue);
}

async function measure(name: string, queueEvents: number): Promise<void> {
  const port = 19_765;
  const config = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(
    config,
    `plugins: [{name: k8saudit, library_path: x, init_config: {queueEvents: ${queueEvents}}, ` +
      `open_params: "http://127.0.0.1:${port}/k8s-audit"}]\nstdout_output: {enabled: false}\n` +
      `file_output: {enabled: true, filename: /dev/null}\nengine: {kind: nodriver}\nlog_stderr: true\n`,
  );
  const falco = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${ROOT}main.ts`, "-c", config, "-r", rules],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = new Response(falco.stderr).text();
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const send = () =>
    new Promise<number>((resolve, reject) => {
      const headers = { "Content-Type": "application/json", "Content-Length": String(body.length) };
      const sent = request(
        { port, host: "127.0.0.1", path: "/k8s-audit", method: "POST", headers, agent },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  while (await send().catch(() => 0) !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  const before = rssMb(falco.pid);
  const cpuBefore = cpuSeconds(falco.pid);
  const begin = performance.now();
  const times: number[] = [];
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(rssMb(falco.pid)), 1000);
  let accepted = 1, sentBack = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (performance.now() - begin < 1000 * seconds) {
      const start = performance.now();
      const status = await send();
      times.push(performance.now() - start);
      if (status === 200) accepted++;
      else if (status === 429) {
        sentBack++;
        await new Promise((resolve) => setTimeout(resolve, 10));
      } else throw new Error(`answered ${status}`);
    }
  }));
  clearInterval(sampling);
  const took = (performance.now() - begin) / 1000;
  const cpu = cpuSeconds(falco.pid) - cpuBefore;
  const sampled = [0.25, 0.5, 0.75, 1].map((part) => memory[Math.ceil(part * memory.length) - 1]).join(" → ");
  agent.destroy();
  falco.kill("SIGTERM");
  const text = await log;
  await falco.status;
  await Deno.remove(config);
  times.sort((a, b) => a - b);
  const evaluated = Number(/source k8s_audit: (?:accepted \d+, )?evaluated (\d+)/.exec(text)?.[1] ?? -1);
  const events = (accepted - 1) * BATCH;
  console.log(
    `${name}: ${Math.round(events / took)} events/s, ${Math.round(events / cpu)} for each second of CPU, ` +
      `p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms, answered 429: ${sentBack}, ` +
      `accepted ${accepted * BATCH}, evaluated ${evaluated}, memory ${before} → ${sampled} MB, ${
        body.length / BATCH
      } bytes an event`,
  );
  if (evaluated !== accepted * BATCH) throw new Error(`not every event was evaluated:\n${text}`);
}

/** The recorded events, and ordinary reads around them: most of what an API server does. */
function batch(): unknown[] {
  const recorded = exists(`${UPSTREAM_FOLDER}k8s_audit/traces`)
    ? [...Deno.readDirSync(`${UPSTREAM_FOLDER}k8s_audit/traces`)].flatMap(({ name }) =>
      Deno.readTextFileSync(`${UPSTREAM_FOLDER}k8s_audit/traces/${name}`).trim().split("\n").map((line) =>
        JSON.parse(line)
      )
    )
    : [];
  const read = {
    kind: "Event",
    level: "Metadata",
    auditID: "7d1c1e2f-5f5f-4c1e-9b59-1d6a5f0a2c11",
    stage: "ResponseComplete",
    requestURI: "/api/v1/namespaces/default/pods/web-1",
    verb: "get",
    user: { username: "system:serviceaccount:default:web", groups: ["system:serviceaccounts"] },
    sourceIPs: ["10.0.0.7"],
    userAgent: "kubectl/v1.33.0",
    objectRef: { resource: "pods", namespace: "default", name: "web-1", apiVersion: "v1" },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: "2026-01-31T08:15:30.123456Z",
    stageTimestamp: "2026-01-31T08:15:30.125456Z",
    annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "" },
  };
  return Array.from({ length: BATCH }, (_, i) => recorded[i] ?? read);
}

function quantile(sorted: readonly number[], q: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toFixed(1);
}

function rssMb(pid: number): number {
  const pages = Number(Deno.readTextFileSync(`/proc/${pid}/statm`).split(" ")[1]);
  return Math.round(pages * 4096 / 2 ** 20);
}

/** User and system time. */
function cpuSeconds(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
