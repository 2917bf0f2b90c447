// `falco operator` against an API server: what nodes say about artifacts becomes their status; how long objects stay.

import assert from "node:assert/strict";
import {
  ARTIFACTS_PATH,
  condition,
  finalizersOf,
  nodeObject,
  podStatus,
  putPod,
  rulesfile,
  setStatus,
  withOperator,
} from "./operator_lab.ts";

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

Deno.test("operator: what was said about an earlier artifact of that name, or before its last change, is not about this one", async () => {
  await withOperator(async (cluster) => {
    const said = () => condition(cluster.object(`${ARTIFACTS_PATH}/rulesfiles/r`), "Programmed");
    putPod(cluster, "one");
    nodeObject(cluster, "one", { ownerReferences: [{ uid: "another" }] });
    const { metadata: { uid } } = rulesfile(cluster);
    await cluster.until(() => said()?.["reason"] === "NoNodesAssigned");
    nodeObject(cluster, "one", { ownerReferences: [{ uid }] });
    const node = `${ARTIFACTS_PATH}/artifactnodes/rulesfile--r--one`;
    const about = async (observedGeneration: number) => {
      const good = { type: "Programmed", status: "True", reason: "Programmed", message: "fine" };
      await setStatus(cluster, node, { status: { conditions: [{ ...good, observedGeneration }] } });
    };
    await about(1);
    await cluster.until(() => said()?.["status"] === "True");
    rulesfile(cluster, { priority: 3 });
    await cluster.until(() => said()?.["reason"] === "Pending");
    assert.match(String(said()?.["message"]), /has not answered to the last change yet on one/);
    await about(2);
    await cluster.until(() => said()?.["status"] === "True");
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
