// `deno task operator-proof URL TOKEN_FILE CA_FILE [EXAMPLES [OPERATOR]]`: the bundle, the operator and a node's half against a real API
// server, each with the rights of its own account.
// In: an API server with nothing in it that is needed, an administrator's token; a folder with the examples of Falco's
// operator, and that operator itself, built from its source by Go (./cmd/instance).
// Out: a line for each step; exit code 1 when one is not as it should be.
// Elsewhere: requests (server.ts), the same rules against a server that refuses and forgets (tests/operator/instances_test.ts, artifacts_test.ts).

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSettings } from "../../../config/mod.ts";
import { runOperator, whileLeader } from "../../../operator/mod.ts";
import { KubernetesArtifacts } from "../../../service/artifacts/kubernetes_artifacts.ts";
import { LoadingThread } from "../../../service/loading/mod.ts";
import { condition, type Json, type KubeObject, Server } from "./server.ts";
import { sourcesSteps } from "./sources_steps.ts";
import { takeoverSteps } from "./takeover_steps.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const [url = "", tokenFile = "", caFile = "", examples, operator] = Deno.args;
const folder = await Deno.makeTempDir();
const stop = new AbortController();
const server = new Server(url, tokenFile, caFile, folder);
const step = server.step.bind(server), apply = server.apply.bind(server), get = server.get.bind(server);
const until: Server["until"] = server.until.bind(server);

async function proof(): Promise<void> {
  const count = await server.applyFile(await Deno.readTextFile(`${ROOT}deploy/falco-operator.yaml`));
  step("the bundle is taken", true, `${count} objects`);
  const { client } = await server.clientOf("falco-operator", "falco-operator");
  const log: string[] = [];
  const say = (text: string) => void log.push(text);
  const lease = { client, namespace: "falco-operator", name: "falco-operator", identity: "proof", log: say };
  const running = whileLeader(
    lease,
    stop.signal,
    (signal) =>
      runOperator({ client, image: "falco:proof", version: "0.0.1", excludedLabels: [], log: say }, signal),
  );
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "falco-proof" } });
  await apply({ apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } });
  const falcos = "/apis/instance.falcosecurity.dev/v1alpha1/namespaces/falco-proof/falcos/falco";
  await apply({
    apiVersion: "instance.falcosecurity.dev/v1alpha1",
    kind: "Falco",
    metadata: { name: "falco", namespace: "falco-proof" },
  });
  const falco = await until("a Falco object is reconciled", async () => {
    const found = await get(falcos);
    return condition(found, "Reconciled") !== undefined && found;
  });
  step(
    "a Falco object is reconciled",
    condition(falco, "Reconciled")?.["status"] === "True",
    String(condition(falco, "Reconciled")?.["message"]),
  );
  const daemonSets = "/apis/apps/v1/namespaces/falco-proof/daemonsets/falco";
  const before = await get(daemonSets);
  step("its DaemonSet is there", before !== undefined);
  await server.patch(daemonSets, { spec: { template: { spec: { serviceAccountName: "other" } } } });
  await until("drift is repaired", async () => {
    const template = ((await get(daemonSets))?.spec?.["template"] as Json | undefined)?.["spec"] as
      | Json
      | undefined;
    return template?.["serviceAccountName"] === "falco";
  }) && step("drift is repaired", true);

  const node = await startNode();
  const artifacts = "/apis/artifact.falcosecurity.dev/v1alpha1/namespaces/falco-proof";
  const rulesfile = (name: string, field: string): KubeObject => ({
    apiVersion: "artifact.falcosecurity.dev/v1alpha1",
    kind: "Rulesfile",
    metadata: { name, namespace: "falco-proof" },
    spec: {
      inlineRules: [{
        rule: `Own ${name}`,
        desc: "a",
        condition: `open_read and ${field} = /etc/own`,
        output: "a",
        priority: "WARNING",
      }],
    },
  });
  for (const [name, field, status] of [["good", "fd.name", "True"], ["bad", "fd.nam", "False"]] as const) {
    await apply(rulesfile(name, field));
    const said = await until(`Rulesfile ${name} is ${status}`, async () => {
      const found = condition(await get(`${artifacts}/rulesfiles/${name}`), "Programmed");
      return found?.["status"] === status && found;
    });
    if (said !== undefined) step(`Rulesfile ${name} is ${status}`, true, String(said["message"]));
  }
  const files = [...Deno.readDirSync(join(folder, "rules.d"))].map(({ name }) => name);
  step("only the good one is on the node", files.join() === "50-03-good-inline.yaml", files.join());
  await server.remove(`${artifacts}/rulesfiles/good`);
  await until(
    "a deleted Rulesfile leaves the node",
    () => Promise.resolve([...Deno.readDirSync(join(folder, "rules.d"))].length === 0),
  ) &&
    step("a deleted Rulesfile leaves the node", true);
  await sourcesSteps(server, "falco-proof");
  await server.remove(`${artifacts}/rulesfiles/bad`);
  await until(
    "the last Rulesfile goes",
    async () => (await get(`${artifacts}/rulesfiles/bad`)) === undefined,
  );
  if (examples !== undefined) await applyExamples(examples);
  await server.remove(falcos);
  await until("a deleted Falco object goes", async () => (await get(falcos)) === undefined) &&
    step(
      "a deleted Falco object goes, with its ClusterRoleBinding",
      (await get(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/falco-instance:falco-proof:falco",
      )) === undefined,
    );
  const refused = log.filter((line) => /forbidden|status 40[13]/i.test(line));
  step("the operator's rights are enough", refused.length === 0, refused[0] ?? "");
  await node.close();
  stop.abort();
  await running;
  client.close();
  if (operator !== undefined) await takeoverSteps(server, { url, tokenFile, caFile }, operator, folder);
}

async function startNode() {
  const { client, file } = await server.clientOf("falco-proof", "falco");
  client.close();
  for (const name of ["rules.d", "config.d"]) await Deno.mkdir(join(folder, name));
  await Deno.writeTextFile(join(folder, "namespace"), "falco-proof");
  const settings = join(folder, "falco.yaml");
  await Deno.writeTextFile(
    settings,
    `artifacts: {kubernetes: true}
metadata: {kubernetes: {url: "${url}", node_name: node-1, token_file: "${file}", ca_file: "${caFile}"}}
config_files: [${folder}/config.d]
rules_files: [/etc/falco/falco_rules.yaml, ${folder}/rules.d]
`,
  );
  // who says something about a node has a pod there
  const pod = "/api/v1/namespaces/falco-proof/pods/falco-1";
  await apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "falco-1", namespace: "falco-proof", labels: { "app.kubernetes.io/name": "falco" } },
    spec: {
      nodeName: "node-1",
      serviceAccountName: "falco",
      containers: [{ name: "falco", image: "falco" }],
    },
  });
  const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  await server.patch(`${pod}/status`, { status: ready });
  const artifacts = KubernetesArtifacts.start(
    {
      settings: loadSettings(settings, []).settings,
      log: (level, text) => level === "info" || console.log(`     node: ${text}`),
      requestReload: () => {
        queueMicrotask(() => void artifacts.reloaded());
        return true;
      },
    },
    new LoadingThread({ c: settings }, () => {}),
    {
      folders: { rules: join(folder, "rules.d"), config: join(folder, "config.d") },
      namespaceFile: join(folder, "namespace"),
    },
  );
  return artifacts;
}

async function applyExamples(from: string): Promise<void> {
  for (const { name } of [...Deno.readDirSync(from)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    try {
      await server.applyFile(await Deno.readTextFile(join(from, name)));
      step(`example ${name} is taken`, true);
    } catch (error) {
      step(`example ${name} is taken`, false, (error as Error).message);
    }
  }
  for (const [namespace, name] of [["default", "falco-custom"], ["falco", "falco"]]) {
    const path = `/apis/instance.falcosecurity.dev/v1alpha1/namespaces/${namespace}/falcos/${name}`;
    const found = await until(
      `example ${namespace}/${name} is reconciled`,
      async () => condition(await get(path), "Reconciled"),
    );
    step(
      `example ${namespace}/${name} is reconciled`,
      found?.["status"] === "True",
      String(found?.["message"]),
    );
  }
}

try {
  await proof();
} finally {
  stop.abort();
  server.admin.close();
  await Deno.remove(folder, { recursive: true });
}
console.log(
  server.failures === 0
    ? "all steps are as they should be"
    : `${server.failures} steps are not as they should be`,
);
Deno.exit(server.failures === 0 ? 0 : 1);
