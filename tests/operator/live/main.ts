// `deno task operator-proof URL TOKEN_FILE CA_FILE [EXAMPLES]`: the bundle, the operator and a node's half against a real API
// server, each with the rights of its own account.
// In: an API server with nothing in it that is needed, an administrator's token; a folder with the examples of Falco's operator.
// Out: a line for each step; exit code 1 when one is not as it should be.
// Elsewhere: the same rules against a server that refuses and forgets (tests/operator/instances_test.ts, artifacts_test.ts).

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { loadSettings } from "../../../config/mod.ts";
import { ApiClient, ApiError } from "../../../kube/mod.ts";
import { runOperator, whileLeader } from "../../../operator/mod.ts";
import { KubernetesArtifacts } from "../../../service/artifacts/kubernetes_artifacts.ts";
import { LoadingThread } from "../../../service/loading/mod.ts";

type Json = Record<string, unknown>;
type KubeObject = Json & {
  kind: string;
  apiVersion: string;
  metadata: { name: string; namespace?: string; labels?: Json };
};

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const [url = "", tokenFile = "", caFile = "", examples] = Deno.args;
const OF_CLUSTER = ["Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "Node"];
const IRREGULAR: Readonly<Record<string, string>> = { ConfigMap: "configmaps" };
const forever = new AbortController().signal;
const admin = new ApiClient({ url, tokenFile, caFile });
const folder = await Deno.makeTempDir();
const stop = new AbortController();
let failures = 0;

function step(name: string, isGood: boolean, detail = ""): void {
  if (!isGood) failures++;
  console.log(`${isGood ? "ok  " : "FAIL"} ${name}${detail === "" ? "" : `: ${detail}`}`);
}

function pathOf({ kind, apiVersion, metadata: { name, namespace } }: KubeObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = OF_CLUSTER.includes(kind) ? "" : `/namespaces/${namespace ?? "default"}`;
  return `${group}${within}/${IRREGULAR[kind] ?? `${kind.toLowerCase()}s`}/${name}`;
}

async function apply(object: KubeObject): Promise<void> {
  const change = { method: "PATCH", contentType: "application/apply-patch+yaml", body: object } as const;
  for (let attempt = 0;; attempt++) {
    try {
      await admin.send(pathOf(object), { fieldManager: "user", force: "true" }, change, forever);
      return;
    } catch (error) {
      // a kind that has just been defined is not served at once
      if (!(error instanceof ApiError && error.status === 404) || attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function applyFile(text: string): Promise<number> {
  const objects = parseAllDocuments(text).map((one) => one.toJS() as KubeObject | null).filter((one) =>
    one !== null
  );
  for (const object of objects) await apply(object);
  return objects.length;
}

const get = async (path: string) => {
  try {
    return await admin.get(path, {}, "whole", forever) as KubeObject & { status?: Json; spec?: Json };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
};

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T | undefined> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  step(what, false, "not within 20 s");
  return undefined;
}

/** A client with the rights of an account, as a pod has them. */
async function clientOf(namespace: string, account: string): Promise<{ client: ApiClient; file: string }> {
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 3600 },
  };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const answer = await admin.send(path, {}, { method: "POST", body }, forever) as {
    status: { token: string };
  };
  const file = join(folder, `${account}.token`);
  await Deno.writeTextFile(file, answer.status.token);
  return { client: new ApiClient({ url, tokenFile: file, caFile }), file };
}

const condition = (object: { status?: Json } | undefined, type: string) =>
  ((object?.status?.["conditions"] ?? []) as Json[]).find((one) => one["type"] === type);

async function proof(): Promise<void> {
  const count = await applyFile(await Deno.readTextFile(`${ROOT}deploy/falco-operator.yaml`));
  step("the bundle is taken", true, `${count} objects`);
  const { client } = await clientOf("falco-operator", "falco-operator");
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
  const change = { method: "PATCH", contentType: "application/merge-patch+json" } as const;
  await admin.send(daemonSets, {}, {
    ...change,
    body: { spec: { template: { spec: { serviceAccountName: "other" } } } },
  }, forever);
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
  await admin.send(`${artifacts}/rulesfiles/good`, {}, { method: "DELETE", body: {} }, forever);
  await until(
    "a deleted Rulesfile leaves the node",
    () => Promise.resolve([...Deno.readDirSync(join(folder, "rules.d"))].length === 0),
  ) &&
    step("a deleted Rulesfile leaves the node", true);
  if (examples !== undefined) await applyExamples(examples);
  await admin.send(falcos, {}, { method: "DELETE", body: {} }, forever);
  await until("a deleted Falco object goes", async () => (await get(falcos)) === undefined) &&
    step(
      "a deleted Falco object goes, with its ClusterRoleBinding",
      (await get(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/falco-instance:falco-proof:falco",
      )) === undefined,
    );
  const refused = log.filter((line) => /forbidden|cannot/i.test(line));
  step("the operator's rights are enough", refused.length === 0, refused[0] ?? "");
  await node.close();
  stop.abort();
  await running;
  client.close();
}

async function startNode() {
  const { client, file } = await clientOf("falco-proof", "falco");
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
  const change = { method: "PATCH", contentType: "application/merge-patch+json" } as const;
  await admin.send(`${pod}/status`, {}, { ...change, body: { status: ready } }, forever);
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
      await applyFile(await Deno.readTextFile(join(from, name)));
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
  admin.close();
  await Deno.remove(folder, { recursive: true });
}
console.log(
  failures === 0 ? "all steps are as they should be" : `${failures} steps are not as they should be`,
);
Deno.exit(failures === 0 ? 0 : 1);
