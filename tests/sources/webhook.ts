// The webhook of audit events as it runs, on loopback, for tests of what is sent to it.
// In: plugin settings, rules. Out: where it listens, counts, alerts, lines of the log; ways to send.

import { deepEqual } from "node:assert/strict";
import { type JsonInputPlan, planSources } from "../../config/json_sources.ts";
import { defaultSettings } from "../../config/settings.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { startInput } from "../../service/json/json_inputs.ts";
import { JsonComplaints } from "../../service/json/json_complaints.ts";
import { JsonSource } from "../../service/json/json_source.ts";

const RULES = `
- rule: asked
  desc: d
  condition: ka.verb exists
  output: "%ka.verb"
  priority: NOTICE
  source: k8s_audit
`;
export interface Served {
  readonly url: string;
  readonly source: JsonSource;
  alerts: number;
  /** lines of the log, and internal alerts */
  readonly told: string[];
}

export async function serve(
  init: Readonly<Record<string, unknown>>,
  run: (served: Served) => Promise<void>,
  scheme = "http",
  rules = RULES,
): Promise<void> {
  const plugin = {
    name: "k8saudit",
    library_path: "libk8saudit.so",
    init_config: init as never,
    open_params: `${scheme}://127.0.0.1:0/k8s-audit`,
  };
  const { sources, problems } = planSources({ ...defaultSettings(), plugins: [plugin] }, false);
  deepEqual(problems, []);
  const plan = sources.inputs[0] as JsonInputPlan;
  const compiled = compileRules(loadRules([makeSource("r.yaml", rules)]).rules, { matching: "first" });
  const source = new JsonSource({
    name: "k8s_audit",
    isAudit: true,
    limits: plan,
    onAlert: () => served.alerts++,
    onFailure: (reason) => complaints.setAside(reason),
  });
  source.put(compiled.others.get("k8s_audit"));
  const told: string[] = [];
  const complaints = new JsonComplaints(
    "k8s_audit",
    (_level, line) => told.push(line),
    ({ rule, message }) => told.push(`${rule}|${message}`),
  );
  const input = await startInput(plan, source, complaints);
  const served: Served = { url: input.where, source, alerts: 0, told };
  try {
    await run(served);
  } finally {
    await input.stop();
  }
}

export function event(verb: string, more: object = {}): Record<string, unknown> {
  return { kind: "Event", auditID: "a", verb, stageTimestamp: "2026-01-31T08:15:30.5Z", ...more };
}

export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; retryAfter: string | null }> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body,
  });
  return { status: answer.status, text: await answer.text(), retryAfter: answer.headers.get("Retry-After") };
}

/** Writes to the server as it likes; resolves with what came back when the server closes the connection. */
export async function raw(url: string, write: (connection: Deno.TcpConn) => Promise<void>): Promise<string> {
  const { port } = new URL(url);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await write(connection).catch(() => {});
  const chunks: string[] = [];
  const buffer = new Uint8Array(4096);
  for (;;) {
    const bytes = await connection.read(buffer).catch(() => null);
    if (bytes === null) return chunks.join("");
    chunks.push(new TextDecoder().decode(buffer.subarray(0, bytes)));
  }
}

export const HEAD = "POST /k8s-audit HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
