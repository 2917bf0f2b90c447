// Rulesfile, Config and Plugin objects on a node: what becomes a file, and whether what is said about it is true.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { parse } from "yaml";
import { loadSettings } from "../../../config/mod.ts";
import { KubernetesArtifacts } from "../../../service/artifacts/kubernetes_artifacts.ts";
import { FakeRegistry } from "../../artifacts/fake_registry.ts";
import { FakeCluster, type Kept } from "../../operator/fake_cluster.ts";
import { loadingHere } from "./loading_here.ts";

const GROUP = "artifact.falcosecurity.dev/v1alpha1";
const PATH = `/apis/${GROUP}/namespaces/ns`;
const PLURALS = { Rulesfile: "rulesfiles", Config: "configs", Plugin: "plugins" } as const;

interface Lab {
  readonly cluster: FakeCluster;
  readonly folder: string;
  readonly reloads: string[];
  put(kind: keyof typeof PLURALS, name: string, spec: unknown): void;
  /** the condition of this node, once it is `status` */
  said(
    kind: keyof typeof PLURALS,
    name: string,
    status: string,
    type?: string,
  ): Promise<Record<string, unknown>>;
  files(folder: "rules.d" | "config.d"): string[];
}

const rule = (name: string, condition = "evt.type = openat and fd.name = /etc/shadow") => ({
  rule: name,
  desc: "a test",
  condition,
  output: "opened %fd.name",
  priority: "WARNING",
});

async function withNode(
  body: (lab: Lab) => Promise<void>,
  more = "",
  answer: (artifacts: KubernetesArtifacts) => void = (artifacts) => void artifacts.reloaded(),
): Promise<void> {
  await using cluster = new FakeCluster();
  const folder = await Deno.makeTempDir();
  for (const name of ["rules.d", "config.d"]) await Deno.mkdir(`${folder}/${name}`);
  await Deno.writeTextFile(`${folder}/namespace`, "ns\n");
  const file = `${folder}/falco.yaml`;
  await Deno.writeTextFile(
    file,
    `artifacts: {kubernetes: true${more}}
metadata: {kubernetes: {url: "${cluster.url}", node_name: node1, token_file: "", ca_file: ""}}
config_files: [${folder}/config.d]
rules_files: [/etc/falco/falco_rules.yaml, ${folder}/rules.d]
`,
  );
  cluster.put("/api/v1/nodes/node1", {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "node1", labels: { disk: "ssd" } },
  });
  const reloads: string[] = [];
  const artifacts = KubernetesArtifacts.start(
    {
      settings: loadSettings(file, []).settings,
      log: () => {},
      requestReload: (why) => {
        reloads.push(why);
        queueMicrotask(() => answer(artifacts));
        return true;
      },
    },
    loadingHere({ c: file }),
    {
      folders: { rules: `${folder}/rules.d`, config: `${folder}/config.d` },
      namespaceFile: `${folder}/namespace`,
      timing: { firstPauseMs: 10, longestPauseMs: 50 },
    },
  );
  const condition = (object: Kept | undefined, type: string) =>
    ((object?.status?.["conditions"] ?? []) as Record<string, unknown>[]).find((one) => one["type"] === type);
  try {
    await body({
      cluster,
      folder,
      reloads,
      put: (kind, name, spec) =>
        void cluster.put(`${PATH}/${PLURALS[kind]}/${name}`, {
          apiVersion: GROUP,
          kind,
          metadata: { name },
          spec,
        }),
      said: async (kind, name, status, type = "Programmed") => {
        const path = `${PATH}/artifactnodes/${kind.toLowerCase()}--${name}--node1`;
        await cluster.until(() => condition(cluster.object(path), type)?.["status"] === status);
        return condition(cluster.object(path), type)!;
      },
      files: (name) => [...Deno.readDirSync(`${folder}/${name}`)].map((entry) => entry.name).sort(),
    });
  } finally {
    await artifacts.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("node: inline rules become a file that is loaded after the bundled ones, whose macros they find", async () => {
  await withNode(async ({ put, said, files, reloads, cluster }) => {
    const [macro] = /^- macro: (\S+)/m.exec(
      Deno.readTextFileSync(new URL("../../../rules/bundled/falco_rules.yaml", import.meta.url)),
    )!.slice(1);
    put("Rulesfile", "own", { inlineRules: [rule("Own", `${macro} and fd.name = /etc/own`)], priority: 7 });
    assert.match(String((await said("Rulesfile", "own", "True"))["message"]), /programmed successfully/);
    assert.deepEqual(files("rules.d"), ["07-03-own-inline.yaml"]);
    assert.match(reloads.join(), /07-03-own-inline\.yaml/);
    const status = cluster.object(`${PATH}/artifactnodes/rulesfile--own--node1`)!.status!;
    const [installed] = status["installedArtifacts"] as Record<string, unknown>[];
    assert.deepEqual([installed?.["medium"], installed?.["priority"]], ["inline", 7]);
    cluster.remove(`${PATH}/rulesfiles/own`);
    await cluster.until(() => cluster.object(`${PATH}/artifactnodes/rulesfile--own--node1`) === undefined);
    put("Rulesfile", "next", { inlineRules: [rule("Next")] });
    await said("Rulesfile", "next", "True");
    assert.deepEqual(files("rules.d"), ["50-03-next-inline.yaml"]);
  });
});

Deno.test("node: rules with a mistake are not put in place, the status says where, and what was there before stays", async () => {
  await withNode(async ({ put, said, files, folder }) => {
    put("Rulesfile", "good", { inlineRules: [rule("Good")] });
    await said("Rulesfile", "good", "True");
    put("Rulesfile", "bad", { inlineRules: [rule("Bad", "fd.nam = /x")] });
    const { reason, message } = await said("Rulesfile", "bad", "False");
    assert.equal(reason, "ProgramFailed");
    assert.match(String(message), /50-03-bad-inline\.yaml:\d+:\d+: .*Bad.*fd\.nam/);
    assert.deepEqual(files("rules.d"), ["50-03-good-inline.yaml"]);
    assert.match(String(message), /; nothing of the file counts$/);
    const before = await Deno.readTextFile(`${folder}/rules.d/50-03-good-inline.yaml`);
    put("Rulesfile", "good", { inlineRules: [rule("Good", "no_such_macro")] });
    assert.match(String((await said("Rulesfile", "good", "False"))["message"]), /no_such_macro/);
    assert.equal(await Deno.readTextFile(`${folder}/rules.d/50-03-good-inline.yaml`), before);
    put("Rulesfile", "bad", { inlineRules: [rule("Bad")] });
    await said("Rulesfile", "bad", "True");
  });
});

Deno.test("node: of the first version of a file with a bad rule the good ones count, and the status says what is missing", async () => {
  await withNode(async ({ put, said, files, folder, cluster, reloads }) => {
    const good = ["One", "Two", "Three"].map((name) => rule(name));
    const bad = [rule("Bad", "fd.nam = /x"), { macro: "broken", condition: "fd.nam = /y" }];
    put("Rulesfile", "own", { inlineRules: [...bad, rule("Needs it", "broken"), ...good] });
    const { message } = await said("Rulesfile", "own", "False");
    assert.match(
      String(message),
      /inline\.yaml:3:\d+: .*`Bad`.*`broken`.*`Needs it`.*; the rest of the file counts$/s,
    );
    const text = await Deno.readTextFile(`${folder}/rules.d/50-03-own-inline.yaml`);
    const names = parse(text).map((item: Record<string, string>) => item["rule"]);
    assert.deepEqual(names, ["One", "Two", "Three"]);
    const status = cluster.object(`${PATH}/artifactnodes/rulesfile--own--node1`)!.status!;
    assert.equal((status["installedArtifacts"] as unknown[]).length, 1);
    put("Rulesfile", "next", { inlineRules: [rule("Next")] });
    await said("Rulesfile", "next", "True");
    assert.equal(await Deno.readTextFile(`${folder}/rules.d/50-03-own-inline.yaml`), text);
    assert.equal(reloads.length, 2, reloads.join());
    assert.deepEqual(files("rules.d"), ["50-03-next-inline.yaml", "50-03-own-inline.yaml"]);
    put("Rulesfile", "own", { inlineRules: [rule("Other"), rule("Bad", "fd.nam = /x")] });
    await cluster.until(() => {
      const node = cluster.object(`${PATH}/artifactnodes/rulesfile--own--node1`);
      return JSON.stringify(node?.status).includes("what was there before stays");
    });
    assert.equal(await Deno.readTextFile(`${folder}/rules.d/50-03-own-inline.yaml`), text);
  });
});

Deno.test("node: a reload that falco refuses is told, and nothing is called good before it", async () => {
  let refuses = true;
  await withNode(
    async ({ put, said }) => {
      put("Rulesfile", "own", { inlineRules: [rule("Own")] });
      const { message } = await said("Rulesfile", "own", "False");
      assert.equal(message, "falco has not loaded it: the probe is away");
      refuses = false;
      put("Rulesfile", "own", { inlineRules: [rule("Other")] });
      await said("Rulesfile", "own", "True");
    },
    "",
    (artifacts) => refuses ? artifacts.reloadRefused("the probe is away") : void artifacts.reloaded(),
  );
});

Deno.test("node: what somebody takes away of its words is said again, and events say what happened", async () => {
  await withNode(async ({ cluster, put, said }) => {
    put("Rulesfile", "own", { inlineRules: [rule("Own")] });
    await said("Rulesfile", "own", "True");
    cluster.remove(`${PATH}/artifactnodes/rulesfile--own--node1`);
    await said("Rulesfile", "own", "True");
    put("Rulesfile", "bad", { inlineRules: [rule("Bad", "fd.nam = /x")] });
    await said("Rulesfile", "bad", "False");
    const events = () => cluster.all("/apis/events.k8s.io/v1/namespaces/ns/events");
    await cluster.until(() => events().length === 2);
    assert.deepEqual(events().map(({ type, reason }) => [type, reason]), [
      ["Normal", "InlineArtifactStored"],
      ["Warning", "ProgramFailed"],
    ]);
  });
});

Deno.test("node: a Config that no reload can take is refused, instead of every reload after it", async () => {
  await withNode(async ({ put, said, files }) => {
    put("Config", "own", { config: { engine: { kind: "nodriver" } } });
    assert.match(
      String((await said("Config", "own", "False"))["message"]),
      /engine\.kind: nodriver cannot take effect/,
    );
    assert.deepEqual(files("config.d"), []);
  });
});

Deno.test("node: rules of a registry must be signed where the settings ask for it", async () => {
  await using registry = new FakeRegistry();
  await registry.push("own", "1", [{ name: "own.yaml", text: JSON.stringify([rule("Own")]) }], {
    config: { version: "1.0.0" },
  });
  const folder = await Deno.makeTempDir();
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await Deno.writeTextFile(`${folder}/key.pem`, publicKey.export({ type: "spki", format: "pem" }) as string);
  const signatures = `, signatures: [{match: "${registry.host}/*", key: ${folder}/key.pem}]`;
  const registries = `, registries: [{registry: "${registry.host}", plain_http: true}]`;
  await withNode(async ({ put, said, files }) => {
    put("Rulesfile", "own", {
      ociArtifact: { image: { repository: "own", tag: "1" }, registry: { name: registry.host } },
    });
    assert.match(String((await said("Rulesfile", "own", "False"))["message"]), /sign/);
    assert.deepEqual(files("rules.d"), []);
  }, signatures + registries);
  await withNode(async ({ put, said, files }) => {
    put("Rulesfile", "own", {
      ociArtifact: { image: { repository: "own", tag: "1" }, registry: { name: registry.host } },
    });
    await said("Rulesfile", "own", "True");
    assert.deepEqual(files("rules.d"), ["50-01-own-oci.yaml"]);
  }, registries);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("node: a ConfigMap may come later, and its changes are followed", async () => {
  await withNode(async ({ cluster, put, said, files, folder }) => {
    put("Rulesfile", "own", { configMapRef: { name: "rules" } });
    const { reason, message } = await said("Rulesfile", "own", "False", "ResolvedRefs");
    assert.deepEqual([reason, message], ["ReferenceResolutionFailed", 'ConfigMap "rules" not found']);
    const map = (text: string) =>
      cluster.put("/api/v1/namespaces/ns/configmaps/rules", {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "rules" },
        data: { "rules.yaml": text },
      });
    map(JSON.stringify([rule("First")]));
    await said("Rulesfile", "own", "True");
    assert.deepEqual(files("rules.d"), ["50-02-own-configmap.yaml"]);
    map("- rule: [");
    await said("Rulesfile", "own", "False");
    assert.match(await Deno.readTextFile(`${folder}/rules.d/50-02-own-configmap.yaml`), /First/);
  });
});

Deno.test("node: settings are checked before they become a file", async () => {
  await withNode(async ({ put, said, files }) => {
    put("Config", "own", { config: { json_output: true } });
    await said("Config", "own", "True");
    put("Config", "wrong", { config: { json_outputt: true }, priority: 60 });
    assert.match(String((await said("Config", "wrong", "False"))["message"]), /json_outputt/);
    assert.deepEqual(files("config.d"), ["50-03-own-inline.yaml"]);
  });
});

Deno.test("node: plugins that are inside falco are told so, others that they cannot be loaded", async () => {
  await withNode(async ({ put, said, files }) => {
    const image = { repository: "falcosecurity/plugins/plugin/json", tag: "latest" };
    put("Plugin", "json", { ociArtifact: { image }, config: { initConfig: {} } });
    assert.match(String((await said("Plugin", "json", "True"))["message"]), /is inside falco/);
    assert.deepEqual(files("config.d"), ["00-03-json-inline.yaml"]);
    put("Plugin", "sample", { ociArtifact: { image } });
    await said("Plugin", "sample", "True");
    put("Plugin", "cloudtrail", {
      ociArtifact: { image: { repository: "falcosecurity/plugins/plugin/cloudtrail" } },
    });
    assert.match(
      String((await said("Plugin", "cloudtrail", "False"))["message"]),
      /falco loads no libraries/,
    );
  });
});

Deno.test("node: a selector that does not mean this node leaves it without the file", async () => {
  await withNode(async ({ cluster, put, said, files }) => {
    put("Rulesfile", "own", { inlineRules: [rule("Own")], selector: { matchLabels: { disk: "ssd" } } });
    await said("Rulesfile", "own", "True");
    put("Rulesfile", "own", { inlineRules: [rule("Own")], selector: { matchLabels: { disk: "hdd" } } });
    await cluster.until(() => cluster.object(`${PATH}/artifactnodes/rulesfile--own--node1`) === undefined);
    put("Rulesfile", "next", {
      inlineRules: [rule("Next")],
      selector: { matchExpressions: [{ key: "disk", operator: "Exists" }] },
    });
    await said("Rulesfile", "next", "True");
    assert.deepEqual(files("rules.d"), ["50-03-next-inline.yaml"]);
  });
});

Deno.test("node: rules of a registry come with the Secret's credentials; one that is away is told", async () => {
  await using registry = new FakeRegistry();
  await registry.push("own", "1", [{ name: "own.yaml", text: JSON.stringify([rule("Own")]) }], {
    config: { version: "1.0.0" },
  });
  const basic = `Basic ${btoa("me:secret")}`;
  registry.fault = ({ headers }) =>
    headers.get("authorization") === basic
      ? undefined
      : new Response("", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } });
  await withNode(async ({ cluster, put, said, files }) => {
    const artifact = (tag: string) => ({
      image: { repository: "own", tag },
      registry: { name: registry.host, plainHTTP: true, auth: { secretRef: { name: "login" } } },
    });
    put("Rulesfile", "own", { ociArtifact: artifact("1") });
    assert.match(String((await said("Rulesfile", "own", "False"))["message"]), /Secret "login" not found/);
    cluster.put("/api/v1/namespaces/ns/secrets/login", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "login" },
      data: { username: btoa("me"), password: btoa("secret") },
    });
    await said("Rulesfile", "own", "True");
    assert.deepEqual(files("rules.d"), ["50-01-own-oci.yaml"]);
    put("Rulesfile", "own", { ociArtifact: artifact("none") });
    assert.match(String((await said("Rulesfile", "own", "False"))["message"]), /no manifests\/none/);
    assert.deepEqual(files("rules.d"), ["50-01-own-oci.yaml"], "the last good one stays");
  });
});
