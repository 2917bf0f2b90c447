// Steps of the proof: what an artifact names is not deleted under it, and what happens to it is told.
// In: an API server with an operator and a node at work. Out: a line for each step.

import type { Server } from "./server.ts";

const GROUP = "artifact.falcosecurity.dev/v1alpha1";
const RULE = `- rule: Of a map
  desc: a proof
  condition: evt.type = openat and fd.name = /etc/of-a-map
  output: opened
  priority: INFO
`;

export async function sourcesSteps(server: Server, namespace: string): Promise<void> {
  const core = `/api/v1/namespaces/${namespace}`;
  const map = `${core}/configmaps/rules`, secret = `${core}/secrets/login`;
  const artifact = `/apis/${GROUP}/namespaces/${namespace}/rulesfiles/named`;
  const own = { name: "rules", namespace };
  await server.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: own, data: { "rules.yaml": RULE } });
  await server.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "login", namespace },
    data: { username: btoa("me"), password: btoa("secret") },
  });
  await server.apply({
    apiVersion: GROUP,
    kind: "Rulesfile",
    metadata: { name: "named", namespace },
    spec: {
      configMapRef: { name: "rules" },
      ociArtifact: {
        image: { repository: "team/rules" },
        registry: { name: "localhost:9", auth: { secretRef: { name: "login" } } },
      },
    },
  });
  const held = async (path: string) => (await server.get(path))?.metadata.finalizers?.join() ?? "";
  for (const [path, finalizer] of [[map, "configmap-in-use"], [secret, "secret-in-use"]] as const) {
    const what = `what a Rulesfile names has the finalizer ${finalizer}`;
    const isHeld = async () => (await held(path)) === `artifact.falcosecurity.dev/${finalizer}`;
    if (await server.until(what, isHeld)) server.step(what, true);
  }
  await server.remove(secret);
  server.step("a Secret in use stays", (await server.get(secret)) !== undefined);
  const reasons = async () => {
    const list = await server.get(`/apis/events.k8s.io/v1/namespaces/${namespace}/events`);
    return (list as unknown as { items: { reason: string; regarding: { name: string } }[] }).items
      .filter(({ regarding }) => regarding.name === "named").map(({ reason }) => reason);
  };
  for (const reason of ["ConfigMapArtifactStored", "OCIArtifactStoreFailed"]) {
    const what = `an event says ${reason}`;
    if (await server.until(what, async () => (await reasons()).includes(reason))) server.step(what, true);
  }
  await server.remove(artifact);
  const what = "without the Rulesfile the ConfigMap is free, and the deleted Secret goes";
  const isFree = async () => (await held(map)) === "" && (await server.get(secret)) === undefined;
  if (await server.until(what, isFree)) server.step(what, true);
}
