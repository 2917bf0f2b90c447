// The rights of an instance of the operator: each line is taken away, and falco on its node is refused something.
// In: the Role that the operator has made, and the ClusterRole of the bundle. Out: for each line what was refused.
// Elsewhere: fields k8smeta.* (metadata.ts), the operator's own rights (operator.ts).

import assert from "node:assert/strict";
import { INSTANCE_ROLE, INSTANCE_RULES, METADATA_RULES } from "../../../../operator/rbac.ts";
import { GUARDED_REGISTRY } from "../../../../scripts/cluster/place.ts";
import type { ClusterCase } from "../../case.ts";
import type { ClusterLab } from "../../cluster_lab.ts";
import { configMap } from "../../objects.ts";
import { applyBundle, OPERATOR_NAMESPACE, removeBundle } from "../../operator_bundle.ts";
import { isAsked, type Line, linesOf, roleOf, type Rule, tableOf } from "./lines.ts";

const PLACE = "falco-system";
const NAME = "falco";
const HERE = ["-n", PLACE];
const ARTIFACT = "artifact.falcosecurity.dev/v1alpha1";
const NO_NODE = { matchLabels: { "kubernetes.io/hostname": "nowhere" } };

export const INSTANCE_RIGHTS: readonly ClusterCase[] = [
  {
    name: "rights-instance",
    aim:
      "each line of an instance's roles is needed: without it the API server refuses falco a part of its work",
    run: async (lab) => {
      await applyBundle(lab);
      try {
        await lab.kubectl("create", "namespace", PLACE);
        await lab.apply({
          apiVersion: "instance.falcosecurity.dev/v1alpha1",
          kind: "Falco",
          metadata: { name: NAME, namespace: PLACE },
        });
        await lab.until(
          "its workload",
          async () => (await lab.tryKubectl("get", ...HERE, "daemonset", NAME)).code === 0,
        );
        await lab.kubectl("rollout", "status", ...HERE, `daemonset/${NAME}`, "--timeout=120s");
        const role = JSON.parse(await lab.kubectl("get", "role", ...HERE, NAME, "-o", "json"));
        // it would bring back what is taken away
        await lab.kubectl("scale", "-n", OPERATOR_NAMESPACE, "deployment/falco-operator", "--replicas=0");
        const rows = [
          ...await tryLines(
            lab,
            linesOf(role.rules),
            (rules) => roleOf("Role", NAME, rules, PLACE),
            role.rules,
          ),
          ...await tryLines(
            lab,
            linesOf(INSTANCE_RULES.slice(METADATA_RULES.length)),
            (rules) => roleOf("ClusterRole", INSTANCE_ROLE, rules),
            INSTANCE_RULES,
          ),
        ];
        const idle = rows.filter(({ said }) => said === "");
        assert.equal(idle.length, 0, `not needed:${tableOf(idle)}`);
        return `${rows.length} lines, each needed${tableOf(rows)}`;
      } finally {
        await lab.tryKubectl("scale", "-n", OPERATOR_NAMESPACE, "deployment/falco-operator", "--replicas=1");
        const kinds = "rulesfiles,configs,plugins,falcos";
        await lab.tryKubectl("delete", kinds, "--all", ...HERE, "--timeout=60s");
        await removeBundle(lab);
        await lab.tryKubectl("delete", "namespace", PLACE, "--timeout=60s");
      }
    },
  },
];

async function tryLines(
  lab: ClusterLab,
  lines: readonly Line[],
  role: (rules: readonly Rule[]) => object,
  all: readonly Rule[],
) {
  const rows: { line: Line; said: string }[] = [];
  for (const line of lines.filter(({ resource }) => isAsked(resource))) {
    await lab.apply(role(line.others));
    await lab.tryKubectl(
      "delete",
      "pod",
      ...HERE,
      "-l",
      `app.kubernetes.io/name=${NAME}`,
      "--grace-period=1",
    );
    await lab.kubectl("rollout", "status", ...HERE, `daemonset/${NAME}`, "--timeout=120s");
    rows.push({ line, said: await refusal(lab, line) });
    await lab.apply(role(all));
  }
  return rows;
}

/** Artifacts that come, change, are meant for another node, and whose ArtifactNode somebody takes away. */
async function refusal(lab: ClusterLab, { verb, resource }: Line): Promise<string> {
  const direct = `cannot ${verb} resource "${resource}"`;
  const said = async () => {
    const { text } = await lab.tryKubectl("logs", ...HERE, `daemonset/${NAME}`, "--tail=-1");
    const path = "jsonpath={.items[*].status.conditions[*].message}";
    return (text + (await lab.tryKubectl("get", "artifactnodes", ...HERE, "-o", path)).text).includes(direct);
  };
  const isThere = async (name: string) =>
    (await lab.tryKubectl("get", "artifactnodes", ...HERE, "-o", "name")).text.includes(`--${name}--`);
  const steps: (readonly [string, () => Promise<unknown>, () => Promise<boolean>])[] = [
    [
      "artifacts are taken",
      () => artifacts(lab, "[]"),
      () => allOf(["one", "two", "config", "plugin"], isThere),
    ],
    ["a ConfigMap changes", () => artifacts(lab, "- list: l\n  items: [a]\n"), () => isThere("one")],
    [
      "it is said again",
      () => lab.kubectl("delete", "artifactnodes", "--all", ...HERE),
      () => allOf(["one", "two", "config", "plugin"], isThere),
    ],
    [
      "what is for another node is withdrawn",
      () => lab.apply(rulesfile("one", { selector: NO_NODE, inlineRules: [] })),
      async () => !await isThere("one"),
    ],
  ];
  try {
    for (const [what, act, isDone] of steps) {
      await act();
      await lab.until(what, async () => await said() || await isDone(), 60_000);
      if (await said()) return "refused";
    }
    // what it has said about the registry may come later
    await lab.until("a refusal", said, 5_000).catch(() => {});
    return await said() ? "refused" : "";
  } finally {
    await lab.tryKubectl(
      "delete",
      "rulesfiles,configs,plugins,artifactnodes",
      "--all",
      ...HERE,
      "--timeout=30s",
    );
  }
}

async function artifacts(lab: ClusterLab, rules: string): Promise<void> {
  await lab.apply(
    configMap("map", PLACE, { "rules.yaml": rules }),
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "key", namespace: PLACE },
      stringData: { username: "a", password: "b" },
    },
    rulesfile("one", { configMapRef: { name: "map" } }),
    rulesfile("two", {
      ociArtifact: {
        image: { repository: "rules", tag: "1" },
        registry: { name: GUARDED_REGISTRY, plainHTTP: true, auth: { secretRef: { name: "key" } } },
      },
    }),
    artifact("Config", "config", { config: { priority: "debug" } }),
    artifact("Plugin", "plugin", {}),
  );
}

function rulesfile(name: string, spec: object): object {
  return artifact("Rulesfile", name, spec);
}

function artifact(kind: string, name: string, spec: object): object {
  return { apiVersion: ARTIFACT, kind, metadata: { name, namespace: PLACE }, spec };
}

async function allOf(names: readonly string[], isTrue: (name: string) => Promise<boolean>): Promise<boolean> {
  for (const name of names) if (!await isTrue(name)) return false;
  return true;
}
