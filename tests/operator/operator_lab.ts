// The operator with a cluster that is not there, for tests: objects as users and nodes write them.

import { ApiClient } from "../../kube/mod.ts";
import { runOperator } from "../../operator/mod.ts";
import { FakeCluster, type Kept } from "./fake_cluster.ts";

export const FALCOS = "/apis/instance.falcosecurity.dev/v1alpha1/namespaces/ns/falcos";
export const falco = (spec = {}, metadata = {}) => ({
  apiVersion: "instance.falcosecurity.dev/v1alpha1",
  kind: "Falco",
  metadata: { name: "f", ...metadata },
  spec,
});
export const at = (what: string) =>
  what.startsWith("v1/") ? `/api/v1/namespaces/ns/${what.slice(3)}/f` : `/apis/${what}/f`;
export const DAEMON_SET = at("apps/v1/namespaces/ns/daemonsets");
export const DEPLOYMENT = at("apps/v1/namespaces/ns/deployments");
export const OWNED = [
  at("v1/serviceaccounts"),
  at("v1/configmaps"),
  at("v1/services"),
  at("rbac.authorization.k8s.io/v1/namespaces/ns/roles"),
  at("rbac.authorization.k8s.io/v1/namespaces/ns/rolebindings"),
  "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/falco-instance:ns:f",
];

export async function withOperator(
  body: (cluster: FakeCluster) => Promise<void>,
  excludedLabels: string[] = [],
): Promise<void> {
  await using cluster = new FakeCluster();
  const client = new ApiClient({ url: cluster.url, tokenFile: "", caFile: "" });
  const stop = new AbortController();
  const timing = { firstPauseMs: 10, longestPauseMs: 50 };
  const options = { client, image: "falco:test", version: "0.0.1", excludedLabels, log: () => {}, timing };
  const running = runOperator(options, stop.signal);
  try {
    await body(cluster);
  } finally {
    stop.abort();
    await running;
    client.close();
  }
}

export const condition = (object: Kept | undefined, type: string) =>
  ((object?.status?.["conditions"] ?? []) as Record<string, unknown>[]).find((one) => one["type"] === type);
export const putPod = (cluster: FakeCluster, nodeName: string, ready = "True") =>
  cluster.put(`/api/v1/namespaces/ns/pods/f-${nodeName}`, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `f-${nodeName}`, labels: { "app.kubernetes.io/name": "falco" } },
    spec: { nodeName },
    ...podStatus(ready),
  });
export const setStatus = async (cluster: FakeCluster, path: string, body: Record<string, unknown>) => {
  const client = new ApiClient({ url: cluster.url, tokenFile: "", caFile: "" });
  await client.send(`${path}/status`, {}, { method: "PATCH", body }, new AbortController().signal);
  client.close();
};
export const podStatus = (ready: string) => ({
  status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
});
export const ARTIFACTS = "artifact.falcosecurity.dev/v1alpha1";
export const ARTIFACTS_PATH = `/apis/${ARTIFACTS}/namespaces/ns`;
export const nodeObject = (cluster: FakeCluster, nodeName: string, metadata = {}) =>
  cluster.put(`${ARTIFACTS_PATH}/artifactnodes/rulesfile--r--${nodeName}`, {
    apiVersion: ARTIFACTS,
    kind: "ArtifactNode",
    metadata: {
      name: `rulesfile--r--${nodeName}`,
      labels: { "artifact.falcosecurity.dev/parent": "r", "artifact.falcosecurity.dev/kind": "rulesfile" },
      ...metadata,
    },
    spec: { nodeName },
    status: { conditions: [{ type: "Programmed", status: "True", reason: "Programmed", message: "fine" }] },
  });
export const rulesfile = (cluster: FakeCluster, spec = {}, metadata = {}) =>
  cluster.put(`${ARTIFACTS_PATH}/rulesfiles/r`, {
    apiVersion: ARTIFACTS,
    kind: "Rulesfile",
    metadata: { name: "r", ...metadata },
    spec,
  });
export const finalizersOf = (cluster: FakeCluster, path: string) =>
  (cluster.object(path)?.metadata["finalizers"] ?? []) as string[];
export const template = (cluster: FakeCluster) => {
  const spec = cluster.object(DAEMON_SET)!["spec"] as {
    template: { spec: { containers: Record<string, unknown>[] } };
  };
  return spec.template.spec;
};
