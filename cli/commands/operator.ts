// `falco operator`: runs falco in a cluster as Falco objects say.
// In: flags, the pod's own account. Out: log on standard error; exit code 0 when it is told to stop.
// Elsewhere: the work (operator/), the installation (deploy/falco-operator.yaml).

import { EnvironmentError, VERSION } from "../../base/mod.ts";
import { kubernetesConfig, loadSettings } from "../../config/mod.ts";
import { ApiClient } from "../../kube/mod.ts";
import { runOperator, whileLeader } from "../../operator/mod.ts";
import { createRunLog } from "../../service/loading/mod.ts";

export interface OperatorOptions {
  readonly image: string;
  readonly namespace: string;
  readonly identity: string;
  readonly healthPort?: number;
  readonly excludeLabel?: readonly string[];
}

const LEASE = "falco-operator";

export async function operator(options: OperatorOptions): Promise<number> {
  const { settings } = loadSettings(undefined, ["metadata.kubernetes.enabled=true"]);
  const log = createRunLog({ settings, warnings: [] });
  const config = kubernetesConfig(settings, (name) => Deno.env.get(name), () => Deno.hostname());
  if (config === undefined || "problem" in config) {
    throw new EnvironmentError({
      problem: "Cannot ask the API server of Kubernetes",
      tried: ["KUBERNETES_SERVICE_HOST and the pod's service account"],
      found: [config?.problem ?? "nothing"],
      remedy: ["Run it in a cluster: kubectl apply -f deploy/falco-operator.yaml"],
    });
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop.abort());
  const health = options.healthPort === undefined ? undefined : Deno.serve(
    { port: options.healthPort, hostname: "0.0.0.0", onListen: () => {} },
    ({ url }) =>
      ["/healthz", "/readyz"].includes(new URL(url).pathname)
        ? Response.json({ status: "ok" })
        : new Response("", { status: 404 }),
  );
  const client = new ApiClient(config);
  const say = (text: string, level: "info" | "warning" = "info") =>
    log(level, text.replace(/\s*\n\s*/g, " "));
  try {
    const { namespace, identity } = options;
    await whileLeader(
      { client, namespace, name: LEASE, identity, log: say },
      stop.signal,
      (signal) =>
        runOperator({
          client,
          image: options.image,
          version: VERSION,
          excludedLabels: options.excludeLabel ?? [],
          log: say,
        }, signal),
    );
  } finally {
    client.close();
    await health?.shutdown();
  }
  if (stop.signal.aborted) return 0;
  log("error", "another operator leads now");
  return 1;
}
