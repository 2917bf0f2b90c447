// `falco operator` against an API server: an instance from a Falco object, changes of it, drift, its end, several of them.

import assert from "node:assert/strict";
import { ApiClient } from "../../kube/mod.ts";
import { runOperator, whileLeader } from "../../operator/mod.ts";
import { FakeCluster, type Kept } from "./fake_cluster.ts";

const FALCOS = "/apis/instance.falcosecurity.dev/v1alpha1/namespaces/ns/falcos";
const falco = (spec = {}, metadata = {}) => ({
  apiVersion: "instance.falcosecurity.dev/v1alpha1",
  kind: "Falco",
  metadata: { name: "f", ...metadata },
  spec,
});
const at = (what: string) =>
  what.startsWith("v1/") ? `/api/v1/namespaces/ns/${what.slice(3)}/f` : `/apis/${what}/f`;
const DAEMON_SET = at("apps/v1/namespaces/ns/daemonsets");
const DEPLOYMENT = at("apps/v1/namespaces/ns/deployments");
const OWNED = [
  at("v1/serviceaccounts"),
  at("v1/configmaps"),
  at("v1/services"),
  at("rbac.authorization.k8s.io/v1/namespaces/ns/roles"),
  at("rbac.authorization.k8s.io/v1/namespaces/ns/rolebindings"),
  "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/falco-instance:ns:f",
];

async function withOperator(
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

const condition = (object: Kept | undefined, type: string) =>
  ((object?.status?.["conditions"] ?? []) as Record<string, unknown>[]).find((one) => one["type"] === type);
const putPod = (cluster: FakeCluster, nodeName: string, ready = "True") =>
  cluster.put(`/api/v1/namespaces/ns/pods/f-${nodeName}`, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `f-${nodeName}`, labels: { "app.kubernetes.io/name": "falco" } },
    spec: { nodeName },
    ...podStatus(ready),
  });
const setStatus = async (cluster: FakeCluster, path: string, body: Record<string, unknown>) => {
  const client = new ApiClient({ url: cluster.url, tokenFile: "", caFile: "" });
  await client.send(`${path}/status`, {}, { method: "PATCH", body }, new AbortController().signal);
  client.close();
};
const podStatus = (ready: string) => ({
  status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
});
const ARTIFACTS = "artifact.falcosecurity.dev/v1alpha1";
const ARTIFACTS_PATH = `/apis/${ARTIFACTS}/namespaces/ns`;
const nodeObject = (cluster: FakeCluster, nodeName: string, metadata = {}) =>
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
const rulesfile = (cluster: FakeCluster, spec = {}, metadata = {}) =>
  cluster.put(`${ARTIFACTS_PATH}/rulesfiles/r`, {
    apiVersion: ARTIFACTS,
    kind: "Rulesfile",
    metadata: { name: "r", ...metadata },
    spec,
  });
const finalizersOf = (cluster: FakeCluster, path: string) =>
  (cluster.object(path)?.metadata["finalizers"] ?? []) as string[];
const template = (cluster: FakeCluster) => {
  const spec = cluster.object(DAEMON_SET)!["spec"] as {
    template: { spec: { containers: Record<string, unknown>[] } };
  };
  return spec.template.spec;
};

Deno.test("operator: a Falco object becomes an instance with all that it needs, and its status says so", async () => {
  await withOperator(async (cluster) => {
    const { metadata } = cluster.put(`${FALCOS}/f`, falco());
    await cluster.until(() => condition(cluster.object(`${FALCOS}/f`), "Reconciled") !== undefined);
    for (const path of [...OWNED, DAEMON_SET]) assert.ok(cluster.object(path), path);
    for (const path of [...OWNED.slice(0, -1), DAEMON_SET]) {
      const [owner] = cluster.object(path)!.metadata["ownerReferences"] as Record<string, unknown>[];
      assert.deepEqual([owner?.["kind"], owner?.["uid"]], ["Falco", metadata.uid]);
    }
    assert.equal(template(cluster).containers[0]!["image"], "falco:test");
    const before = cluster.object(`${FALCOS}/f`);
    assert.equal(condition(before, "Reconciled")?.["status"], "True");
    assert.deepEqual(
      [condition(before, "Available")?.["status"], condition(before, "Available")?.["reason"]],
      ["False", "DaemonSetUnavailable"],
    );
    cluster.put(DAEMON_SET, { ...cluster.object(DAEMON_SET) });
    const client = new ApiClient({ url: cluster.url, tokenFile: "", caFile: "" });
    const status = { desiredNumberScheduled: 2, numberAvailable: 2 };
    const change = { method: "PATCH", body: { status } } as const;
    await client.send(`${DAEMON_SET}/status`, {}, change, new AbortController().signal);
    client.close();
    await cluster.until(() => condition(cluster.object(`${FALCOS}/f`), "Available")?.["status"] === "True");
    assert.deepEqual(
      (({ resourceType, version, desiredReplicas, availableReplicas, unavailableReplicas }) => ({
        resourceType,
        version,
        desiredReplicas,
        availableReplicas,
        unavailableReplicas,
      }))(cluster.object(`${FALCOS}/f`)!.status!),
      {
        resourceType: "DaemonSet",
        version: "0.0.1",
        desiredReplicas: 2,
        availableReplicas: 2,
        unavailableReplicas: 0,
      },
    );
  });
});

Deno.test("operator: the user's podTemplateSpec is merged into the pod", async () => {
  await withOperator(async (cluster) => {
    const podTemplateSpec = {
      metadata: { annotations: { own: "yes" } },
      spec: {
        nodeSelector: { disk: "ssd" },
        tolerations: [],
        containers: [
          {
            name: "falco",
            tty: true,
            resources: { limits: { memory: "2Gi" } },
            env: [{ name: "OWN", value: "1" }, { name: "FALCO_HOSTNAME", value: "h" }],
          },
          { name: "artifact-operator", image: "theirs" },
        ],
        volumes: [{ name: "tmp", hostPath: { path: "/tmp" } }],
      },
    };
    cluster.put(`${FALCOS}/f`, falco({ podTemplateSpec, updateStrategy: { type: "OnDelete" } }));
    await cluster.until(() => cluster.object(DAEMON_SET) !== undefined);
    const spec = template(cluster) as unknown as Record<string, unknown>;
    const [own, second] = spec["containers"] as Record<string, unknown>[];
    assert.deepEqual([own!["tty"], own!["image"], second!["image"]], [true, "falco:test", "theirs"]);
    assert.deepEqual(own!["resources"], {
      requests: { cpu: "100m", memory: "512Mi" },
      limits: { cpu: "1000m", memory: "2Gi" },
    });
    const env = own!["env"] as Record<string, unknown>[];
    assert.deepEqual(env.find(({ name }) => name === "FALCO_HOSTNAME"), {
      name: "FALCO_HOSTNAME",
      value: "h",
    });
    assert.deepEqual(env.at(-1), { name: "OWN", value: "1" });
    const volumes = spec["volumes"] as Record<string, unknown>[];
    assert.deepEqual(volumes.filter(({ name }) => name === "tmp"), podTemplateSpec.spec.volumes);
    assert.deepEqual([spec["tolerations"], spec["nodeSelector"]], [[], { disk: "ssd" }]);
    assert.deepEqual((cluster.object(DAEMON_SET)!["spec"] as Record<string, unknown>)["updateStrategy"], {
      type: "OnDelete",
    });
  });
});

Deno.test("operator: a privileged pod of the user's loses what would contradict it", async () => {
  await withOperator(async (cluster) => {
    const containers = [{ name: "falco", securityContext: { privileged: true } }];
    cluster.put(`${FALCOS}/f`, falco({ podTemplateSpec: { spec: { containers } } }));
    await cluster.until(() => cluster.object(DAEMON_SET) !== undefined);
    assert.deepEqual(template(cluster).containers[0]!["securityContext"], { privileged: true });
  });
});

Deno.test("operator: drift is repaired, and what is as it should be is left alone", async () => {
  await withOperator(async (cluster) => {
    cluster.put(`${FALCOS}/f`, falco());
    await cluster.until(() => condition(cluster.object(`${FALCOS}/f`), "Reconciled") !== undefined);
    const settings = cluster.object(OWNED[1]!)!["data"];
    cluster.put(OWNED[1]!, { ...cluster.object(OWNED[1]!)!, data: { "falco.yaml": "json_output: true" } });
    await cluster.until(() =>
      JSON.stringify(cluster.object(OWNED[1]!)!["data"]) === JSON.stringify(settings)
    );
    cluster.remove(DAEMON_SET);
    await cluster.until(() => cluster.object(DAEMON_SET) !== undefined);
    const version = cluster.object(DAEMON_SET)!.metadata["resourceVersion"];
    cluster.put(`${FALCOS}/f`, { ...cluster.object(`${FALCOS}/f`)!, spec: { version: "0.39.2" } });
    await cluster.until(() =>
      condition(cluster.object(`${FALCOS}/f`), "Reconciled")?.["observedGeneration"] === 2
    );
    assert.equal(cluster.object(DAEMON_SET)!.metadata["resourceVersion"], version);
  });
});

Deno.test("operator: another type takes the old workload away, the end takes everything", async () => {
  await withOperator(async (cluster) => {
    cluster.put(`${FALCOS}/f`, falco());
    await cluster.until(() => cluster.object(DAEMON_SET) !== undefined);
    await cluster.until(() => condition(cluster.object(`${FALCOS}/f`), "Reconciled") !== undefined);
    cluster.put(`${FALCOS}/f`, {
      ...cluster.object(`${FALCOS}/f`)!,
      spec: { type: "Deployment", replicas: 2 },
    });
    await cluster.until(() =>
      cluster.object(DEPLOYMENT) !== undefined && cluster.object(DAEMON_SET) === undefined
    );
    assert.equal((cluster.object(DEPLOYMENT)!["spec"] as Record<string, unknown>)["replicas"], 2);
    assert.match(
      (cluster.object(OWNED[1]!)!["data"] as Record<string, string>)["falco.yaml"]!,
      /kind: nodriver/,
    );
    cluster.remove(`${FALCOS}/f`);
    await cluster.until(() => cluster.object(`${FALCOS}/f`) === undefined);
    for (const path of [...OWNED, DEPLOYMENT]) assert.equal(cluster.object(path), undefined, path);
  });
});

Deno.test("operator: what the server refuses is in the status, and it is tried again", async () => {
  await withOperator(async (cluster) => {
    const refusal = Response.json({ message: "forbidden: exceeded quota" }, { status: 403 });
    cluster.refuse = (method, path) =>
      method === "PATCH" && path === DAEMON_SET ? refusal.clone() : undefined;
    cluster.put(`${FALCOS}/f`, falco());
    await cluster.until(() => condition(cluster.object(`${FALCOS}/f`), "Reconciled")?.["status"] === "False");
    const { reason, message } = condition(cluster.object(`${FALCOS}/f`), "Reconciled")!;
    assert.equal(reason, "ResourceApplyError");
    assert.match(String(message), /DaemonSet f: status 403: forbidden: exceeded quota/);
    cluster.refuse = () => undefined;
    await cluster.until(() => condition(cluster.object(`${FALCOS}/f`), "Reconciled")?.["status"] === "True");
  });
});

Deno.test("operator: labels of the object are passed on, but for excluded ones", async () => {
  await withOperator(async (cluster) => {
    cluster.put(`${FALCOS}/f`, falco({}, { labels: { team: "a", "argocd.argoproj.io/instance": "x" } }));
    await cluster.until(() => cluster.object(DAEMON_SET) !== undefined);
    const labels = cluster.object(DAEMON_SET)!.metadata.labels!;
    assert.deepEqual([labels["team"], labels["argocd.argoproj.io/instance"]], ["a", undefined]);
  }, ["argocd.argoproj.io/*"]);
});

Deno.test("operator: components that falco has inside are told so, others that nothing is in their place", async () => {
  await withOperator(async (cluster) => {
    const path = "/apis/instance.falcosecurity.dev/v1alpha1/namespaces/ns/components";
    for (const type of ["metacollector", "falcosidekick"]) {
      const spec = { component: { type } };
      cluster.put(`${path}/${type}`, {
        apiVersion: "instance.falcosecurity.dev/v1alpha1",
        kind: "Component",
        metadata: { name: type },
        spec,
      });
    }
    const said = (name: string) => condition(cluster.object(`${path}/${name}`), "Reconciled");
    await cluster.until(() => said("metacollector") !== undefined && said("falcosidekick") !== undefined);
    assert.deepEqual([said("metacollector")?.["status"], said("falcosidekick")?.["status"]], [
      "True",
      "False",
    ]);
    assert.match(String(said("falcosidekick")?.["message"]), /arrive nowhere/);
  });
});

Deno.test("operator: what nodes say about an artifact becomes its status, the worst of it with the nodes' names", async () => {
  await withOperator(async (cluster) => {
    const group = "artifact.falcosecurity.dev/v1alpha1";
    const path = `/apis/${group}/namespaces/ns`;
    cluster.put(`${path}/rulesfiles/r`, {
      apiVersion: group,
      kind: "Rulesfile",
      metadata: { name: "r" },
      spec: {},
    });
    const said = () => condition(cluster.object(`${path}/rulesfiles/r`), "Programmed");
    await cluster.until(() => said()?.["reason"] === "NoNodesAssigned");
    for (const name of ["one", "two"]) putPod(cluster, name);
    const node = (nodeName: string, status: string, message: string) =>
      cluster.put(`${path}/artifactnodes/rulesfile--r--${nodeName}`, {
        apiVersion: group,
        kind: "ArtifactNode",
        metadata: {
          name: `rulesfile--r--${nodeName}`,
          labels: {
            "artifact.falcosecurity.dev/parent": "r",
            "artifact.falcosecurity.dev/kind": "rulesfile",
          },
        },
        spec: { nodeName },
        status: { conditions: [{ type: "Programmed", status, reason: "Programmed", message }] },
      });
    node("one", "True", "fine");
    await cluster.until(() => said()?.["status"] === "True");
    node("two", "False", "line 3: no field `x`");
    await cluster.until(() => said()?.["status"] === "False");
    assert.equal(said()?.["message"], "line 3: no field `x` on two");
    cluster.remove(`${path}/artifactnodes/rulesfile--r--two`);
    await cluster.until(() => said()?.["status"] === "True");
  });
});

Deno.test("operator: what a falco said goes with its pod, and counts for nothing while it is not ready", async () => {
  await withOperator(async (cluster) => {
    const said = () => condition(cluster.object(`${ARTIFACTS_PATH}/rulesfiles/r`), "Programmed");
    for (const name of ["one", "two"]) {
      putPod(cluster, name);
      nodeObject(cluster, name, { finalizers: ["rulesfile.artifact.falcosecurity.dev/finalizer-x"] });
    }
    rulesfile(cluster);
    await cluster.until(() => said()?.["status"] === "True");
    await setStatus(cluster, "/api/v1/namespaces/ns/pods/f-two", podStatus("False"));
    await cluster.until(() => said()?.["status"] === "Unknown");
    assert.deepEqual([said()?.["reason"], said()?.["message"]], [
      "FalcoNotReady",
      "falco is not ready on two",
    ]);
    cluster.remove("/api/v1/namespaces/ns/pods/f-two");
    await cluster.until(() => said()?.["status"] === "True");
    assert.equal(cluster.object(`${ARTIFACTS_PATH}/artifactnodes/rulesfile--r--two`), undefined);
    cluster.remove("/api/v1/namespaces/ns/pods/f-one");
    await cluster.until(() => said()?.["reason"] === "NoNodesAssigned");
    assert.equal(cluster.object(`${ARTIFACTS_PATH}/artifactnodes/rulesfile--r--one`), undefined);
  });
});

Deno.test("operator: a deleted artifact stays until its nodes have let it go, and finalizers of older operators do not keep it", async () => {
  await withOperator(async (cluster) => {
    const path = `${ARTIFACTS_PATH}/rulesfiles/r`;
    const inUse = "artifact.falcosecurity.dev/node-objects-in-use";
    putPod(cluster, "one");
    nodeObject(cluster, "one");
    rulesfile(cluster, {}, {
      finalizers: ["rulesfile.artifact.falcosecurity.dev/finalizer-gone", "somebody.example/else"],
    });
    await cluster.until(() => finalizersOf(cluster, path).includes(inUse));
    assert.deepEqual(finalizersOf(cluster, path), ["somebody.example/else", inUse]);
    cluster.put(path, {
      ...cluster.object(path),
      metadata: { ...cluster.object(path)!.metadata, finalizers: [inUse] },
    });
    cluster.remove(path);
    assert.ok(cluster.object(path), "a node has it still");
    cluster.remove(`${ARTIFACTS_PATH}/artifactnodes/rulesfile--r--one`);
    await cluster.until(() => cluster.object(path) === undefined);
  });
});

Deno.test("operator: a deleted artifact does not wait for a falco that is not ready", async () => {
  await withOperator(async (cluster) => {
    const path = `${ARTIFACTS_PATH}/rulesfiles/r`;
    putPod(cluster, "one", "False");
    nodeObject(cluster, "one");
    rulesfile(cluster);
    await cluster.until(() => finalizersOf(cluster, path).length > 0);
    cluster.remove(path);
    await cluster.until(() => cluster.object(path) === undefined);
  });
});

Deno.test("operator: ConfigMaps and Secrets that an artifact names are kept as long as it names them", async () => {
  await withOperator(async (cluster) => {
    const map = "/api/v1/namespaces/ns/configmaps/rules", secret = "/api/v1/namespaces/ns/secrets/login";
    const old = "/api/v1/namespaces/ns/secrets/old";
    for (const [path, kind] of [[map, "ConfigMap"], [secret, "Secret"], [old, "Secret"]] as const) {
      const finalizers = path === old ? ["artifact.falcosecurity.dev/secret-in-use", "a.example/b"] : [];
      const name = path.split("/").at(-1);
      cluster.put(path, { apiVersion: "v1", kind, metadata: { name, finalizers } });
    }
    rulesfile(cluster, {
      configMapRef: { name: "rules" },
      ociArtifact: { registry: { auth: { secretRef: { name: "login" } } } },
    });
    await cluster.until(() =>
      finalizersOf(cluster, map).length === 1 && finalizersOf(cluster, secret).length === 1 &&
      finalizersOf(cluster, old).length === 1
    );
    assert.deepEqual([map, secret, old].map((path) => finalizersOf(cluster, path)[0]), [
      "artifact.falcosecurity.dev/configmap-in-use",
      "artifact.falcosecurity.dev/secret-in-use",
      "a.example/b",
    ]);
    cluster.remove(secret);
    assert.ok(cluster.object(secret), "it is in use");
    rulesfile(cluster, { configMapRef: { name: "rules" } });
    await cluster.until(() => cluster.object(secret) === undefined);
    cluster.remove(`${ARTIFACTS_PATH}/rulesfiles/r`);
    await cluster.until(() => finalizersOf(cluster, map).length === 0);
  });
});

Deno.test("operator: of two, one works; the other does when the first is gone", async () => {
  await using cluster = new FakeCluster();
  const client = new ApiClient({ url: cluster.url, tokenFile: "", caFile: "" });
  const lead = (identity: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>) =>
    whileLeader(
      { client, namespace: "ns", name: "l", identity, durationMs: 1000, log: () => {} },
      signal,
      work,
    );
  const first = new AbortController(), second = new AbortController();
  const works: string[] = [];
  const until = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  const began = Promise.withResolvers<void>();
  const one = lead("a", first.signal, async (signal) => {
    works.push("a");
    began.resolve();
    await until(signal);
    works.push("a ends");
  });
  await began.promise;
  const took = Promise.withResolvers<void>();
  const two = lead("b", second.signal, async (signal) => {
    works.push("b");
    took.resolve();
    await until(signal);
  });
  first.abort();
  await one;
  await took.promise;
  second.abort();
  await two;
  assert.deepEqual(works, ["a", "a ends", "b"]);
  client.close();
});
