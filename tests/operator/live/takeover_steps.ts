// Steps of the proof: an instance that Falco's operator has made is taken over with its objects in place, given back, and deleted.
// In: an API server, the program of Falco's operator (built by Go from its source: ./cmd/instance). Out: a line for each step.

import { join } from "node:path";
import { type ApiSettings } from "../../../kube/mod.ts";
import { runOperator } from "../../../operator/mod.ts";
import { condition, type Found, type Json, type Server } from "./server.ts";

const NAMESPACE = "falco-takeover";
const GROUP = "instance.falcosecurity.dev/v1alpha1";
const FALCO = `/apis/${GROUP}/namespaces/${NAMESPACE}/falcos/mine`;
const DAEMON_SET = `/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets/mine`;
const BINDING = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/mine--${NAMESPACE}`;

export async function takeoverSteps(
  server: Server,
  { url, tokenFile, caFile }: Pick<ApiSettings, "url" | "tokenFile" | "caFile">,
  program: string,
  folder: string,
): Promise<void> {
  const kubeconfig = join(folder, "kubeconfig");
  await Deno.writeTextFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: url, "certificate-authority": caFile } }],
      users: [{ name: "u", user: { tokenFile } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    }),
  );
  /** Falco's operator works as long as it takes. */
  const withTheirs = async (job: () => Promise<void>) => {
    const child = new Deno.Command(program, {
      args: ["--health-probe-bind-address=0"],
      env: { KUBECONFIG: kubeconfig },
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      await job();
    } finally {
      child.kill("SIGTERM");
      await child.status;
    }
  };
  const daemonSet = async (isSo: (found: Found) => boolean) => {
    const found = await server.get(DAEMON_SET);
    return found !== undefined && isSo(found) && found;
  };

  await server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  const metadata = { name: "mine", namespace: NAMESPACE };
  await server.apply({ apiVersion: GROUP, kind: "Falco", metadata });
  let theirs: Found | undefined;
  await withTheirs(async () => {
    theirs = await server.until("Falco's operator makes an instance", () => daemonSet(hasSecondContainer));
  });
  if (theirs === undefined) return;
  server.step("Falco's operator makes an instance", true);

  const { client } = await server.clientOf("falco-operator", "falco-operator");
  const stop = new AbortController();
  const running = runOperator(
    { client, image: "falco:proof", version: "0.0.1", excludedLabels: [], log: () => {} },
    stop.signal,
  );
  const ours = await server.until("it is taken over", () => daemonSet((found) => !hasSecondContainer(found)));
  const falco = await server.until("it is reconciled", async () => {
    const found = await server.get(FALCO);
    return condition(found, "Reconciled")?.["status"] === "True" && found;
  });
  stop.abort();
  await running;
  client.close();
  if (ours === undefined || falco === undefined) return;
  const left = JSON.stringify(podOf(ours));
  server.step("it is taken over, as the same DaemonSet", uidOf(ours) === uidOf(theirs));
  server.step(
    "nothing of the other pod is left in it",
    !/artifact-operator|"privileged"|lib-modules/.test(left),
  );
  server.step("one finalizer is enough for both", falco.metadata.finalizers?.length === 1);

  await withTheirs(async () => {
    const back = await server.until("it is given back", () => daemonSet(hasSecondContainer));
    const isSame = JSON.stringify(sorted(podOf(back))) === JSON.stringify(sorted(podOf(theirs)));
    server.step("it is given back, and the pod is as it was", isSame);
    await server.remove(FALCO);
    const isGone = async () =>
      (await server.get(FALCO)) === undefined && (await server.get(BINDING)) === undefined;
    if (await server.until("Falco's operator can delete it", isGone)) {
      server.step("Falco's operator can delete it", true);
    }
  });
}

function podOf(workload: Found | undefined): Json {
  return (workload?.spec?.["template"] ?? {}) as Json;
}

function uidOf(object: Found): unknown {
  return (object.metadata as Json)["uid"];
}

function hasSecondContainer(workload: Found): boolean {
  return JSON.stringify(podOf(workload)).includes('"artifact-operator"');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, sorted(inner)]),
  );
}
