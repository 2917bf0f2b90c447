// `falco operator` against an API server: an instance from a Falco object, changes of it, drift, its end, several of them.

import assert from "node:assert/strict";
import { ApiClient } from "../../kube/mod.ts";
import { whileLeader } from "../../operator/mod.ts";
import { FakeCluster } from "./fake_cluster.ts";
import {
  condition,
  DAEMON_SET,
  DEPLOYMENT,
  falco,
  FALCOS,
  OWNED,
  template,
  withOperator,
} from "./operator_lab.ts";

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
      requests: { cpu: "100m", memory: "256Mi" },
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
    const types = ["metacollector", "falcosidekick", "falcosidekick-ui"];
    for (const type of types) {
      const spec = { component: { type } };
      cluster.put(`${path}/${type}`, {
        apiVersion: "instance.falcosecurity.dev/v1alpha1",
        kind: "Component",
        metadata: { name: type },
        spec,
      });
    }
    const said = (name: string) => condition(cluster.object(`${path}/${name}`), "Reconciled");
    await cluster.until(() => types.every((type) => said(type) !== undefined));
    assert.deepEqual(types.map((type) => said(type)?.["status"]), ["True", "False", "False"]);
    for (const type of types) {
      assert.match(
        String(said(type)?.["message"]),
        /^nothing is deployed\. Built in: .*\. Not built in: /,
        type,
      );
    }
    assert.match(String(said("falcosidekick")?.["message"]), /arrive nowhere/);
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
