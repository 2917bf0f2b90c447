// falco that takes audit events and watches system calls, for attacks on its webhook.
// In: a target. Out: the running falco, where it takes events, an event, what it needs of memory.

import { type FalcoProcess } from "../live/falco_process.ts";
import { run } from "../live/lab.ts";
import type { Target } from "./target.ts";
import { PROJECT } from "../support/program.ts";

export interface Audited {
  readonly falco: FalcoProcess;
  readonly url: string;
  stop(): Promise<void>;
}

/** Of the rule that reports this command; see `canary`. */
export const CANARY = "Canary";
const CANARY_RULE = `
- rule: ${CANARY}
  desc: a command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains audit-canary-5b1
  output: "%proc.args"
  priority: WARNING
`;

export async function startAudited(target: Target): Promise<Audited> {
  const folder = Deno.makeTempDirSync();
  const remove = () => Deno.removeSync(folder, { recursive: true });
  const [config, rules] = [`${folder}/falco.yaml`, `${folder}/rules.yaml`];
  Deno.writeTextFileSync(
    config,
    `engine: {kind: modern_ebpf}
load_plugins: [k8saudit]
plugins: [{name: k8saudit, library_path: libk8saudit.so, open_params: "http://127.0.0.1:0/k8s-audit"}]
`,
  );
  Deno.writeTextFileSync(rules, CANARY_RULE);
  const audit = `${PROJECT}rules/bundled/k8s_audit_rules.yaml`;
  try {
    const falco = await target.start(["-c", config, "-r", rules, "-r", audit]);
    const address = () => falco.log.map((line) => /come from (http:\S+)/.exec(line)?.[1]).find(Boolean);
    const endMs = performance.now() + 20_000;
    while (address() === undefined && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const url = address();
    if (url === undefined) throw new Error(`no address in the log:\n${falco.log.join("\n")}`);
    return {
      falco,
      url,
      async stop() {
        await falco.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs a command that has to alert, and waits for it; how many milliseconds that took. */
export async function canary({ falco }: Audited, number: number): Promise<number> {
  const startMs = performance.now();
  await run("/bin/true", `audit-canary-5b1-${number}`);
  const isIt = ({ output }: { readonly output: string }) => output.endsWith(`-${number}`);
  const { arrivedMs } = await falco.alert(CANARY, isIt, 20_000);
  return arrivedMs - startMs;
}

/** A pod that is created with privileges, as an API server tells of it; its name tells events apart. */
export function privilegedPod(name: string, more: object = {}): Record<string, unknown> {
  const object = {
    metadata: { name, ...more },
    spec: { containers: [{ name: "c", image: "nginx", securityContext: { privileged: true } }] },
  };
  return {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID: name,
    stage: "ResponseComplete",
    requestURI: "/api/v1/namespaces/d/pods",
    verb: "create",
    user: { username: "jane", groups: ["system:authenticated"] },
    objectRef: { resource: "pods", namespace: "d", name, apiVersion: "v1" },
    responseStatus: { metadata: {}, code: 201 },
    stageTimestamp: new Date().toISOString(),
    annotations: { "authorization.k8s.io/decision": "allow" },
    requestObject: object,
    responseObject: object,
  };
}

export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<number> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body,
  });
  await answer.body?.cancel();
  return answer.status;
}

/** Of a process and those that it has started, in MB. */
export function residentMb(pid: number): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`);
  const own = Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024;
  const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim();
  return own +
    (children === "" ? 0 : children.split(" ").reduce((sum, child) => sum + residentMb(Number(child)), 0));
}
