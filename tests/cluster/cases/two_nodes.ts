// Two nodes with a kubelet and a containerd each: falco on both, each for the pods of its own.
// In: a second node (scripts/cluster/second_node.ts). Out: which falco tells what.
//
// Both nodes have one kernel, so each falco sees the programs of both. What it can know of a container, it has from its own
// node's containerd and API server: of the other's pods it has nothing but the id.

import assert from "node:assert/strict";
import { endSecondNode } from "../../../scripts/cluster/down.ts";
import { NODE, SECOND_NODE } from "../../../scripts/cluster/place.ts";
import { startSecondNode } from "../../../scripts/cluster/second_node.ts";
import type { ClusterCase } from "../case.ts";
import { type Alert, type ClusterLab, NAMESPACE, SELECTOR } from "../cluster_lab.ts";
import { deployment, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const NODES = [NODE, SECOND_NODE];
const VALUES = {
  falco: { json_output: true },
  collectors: { kubernetes: { enabled: true } },
  metrics: { enabled: true },
  customRules: { "programs.yaml": PROGRAM_RULES },
};

export const TWO_NODES: readonly ClusterCase[] = [
  {
    name: "two-nodes",
    aim:
      "a falco on each of two nodes: pods are told by that of their node, with k8smeta.*, also while a node is cordoned and drained",
    run: async (lab) => {
      try {
        await startSecondNode(lab.place);
        await lab.loadOn(SECOND_NODE);
        await lab.install(VALUES);
        await lab.apply(...NODES.map(({ name }) => onNode(`on-${name}`, name)));
        const rows: string[] = [];
        for (const { name } of NODES) {
          const own = await firstOf(lab, name, `on-${name}`);
          assert.deepEqual(factsOf(own), [`on-${name}`, "busybox", `on-${name}`, name], JSON.stringify(own));
          const other = NODES.find((one) => one.name !== name)!.name;
          const foreign = (await alertsOn(lab, name)).filter((alert) =>
            String(alert.output_fields["k8s.pod.name"]).startsWith(`on-${other}`)
          );
          assert.equal(foreign.length, 0, `${name} tells pods of ${other}`);
          rows.push(`${name} keeps ${await knownOn(lab, name)} pods`);
        }

        await lab.kubectl("cordon", SECOND_NODE.name);
        await lab.apply(deployment({ name: "elsewhere" }, 2));
        await lab.kubectl("rollout", "status", "deployment/elsewhere", "--timeout=60s");
        const nodes = await lab.kubectl(
          "get",
          "pods",
          "-l",
          "app=elsewhere",
          "-o",
          "jsonpath={.items[*].spec.nodeName}",
        );
        assert.equal(nodes, `${NODE.name} ${NODE.name}`, "a cordoned node gets no pods");
        await lab.kubectl(
          ...[
            "drain",
            SECOND_NODE.name,
            "--ignore-daemonsets",
            "--force",
            "--delete-emptydir-data",
            "--timeout=90s",
          ],
        );
        assert.match(await stateOn(lab, SECOND_NODE.name), /^true 0$/, "falco stays on a drained node");
        await lab.kubectl("uncordon", SECOND_NODE.name);
        await lab.apply(onNode("again", SECOND_NODE.name));
        const back = await firstOf(lab, SECOND_NODE.name, "again");
        assert.deepEqual(factsOf(back), ["again", "busybox", "again", SECOND_NODE.name]);
        return `${rows.join(", ")}; drained: falco stays, and tells pods that come later`;
      } finally {
        await lab.clear();
        await endSecondNode(lab.place);
      }
    },
  },
];

function onNode(name: string, node: string): object {
  const object = deployment({ name }, 1) as { spec: { template: { spec: object } } };
  Object.assign(object.spec.template.spec, { nodeSelector: { "kubernetes.io/hostname": node } });
  return object;
}

function selectorOn(node: string): readonly string[] {
  return ["-n", NAMESPACE, "-l", SELECTOR, "--field-selector", `spec.nodeName=${node}`];
}

/** Deployment, image, pod's Deployment by the API server, the node's name. */
function factsOf({ output_fields: fields, hostname }: Alert): unknown[] {
  const [image] = String(fields["container.image.repository"]).split("/").slice(-1);
  const name = String(fields["k8s.pod.name"]).replace(/-[^-]+-[^-]+$/, "");
  return [name, image, fields["k8smeta.deployment.name"], hostname];
}

async function alertsOn(lab: ClusterLab, node: string): Promise<Alert[]> {
  const pod = await lab.kubectl("get", "pods", ...selectorOn(node), "-o", "name");
  return await lab.alertsOf(PROGRAM_RULE, pod.trim());
}

async function firstOf(lab: ClusterLab, node: string, name: string): Promise<Alert> {
  let found: Alert | undefined;
  await lab.until(`an alert of ${name} by ${node}`, async () => {
    found = (await alertsOn(lab, node)).find(({ output_fields: fields }) =>
      String(fields["k8s.pod.name"]).startsWith(`${name}-`) && fields["container.name"] === "main"
    );
    return found !== undefined;
  });
  return found!;
}

/** How many pods the falco of this node keeps. */
async function knownOn(lab: ClusterLab, node: string): Promise<number> {
  const address = await lab.kubectl(
    "get",
    "pods",
    ...selectorOn(node),
    "-o",
    "jsonpath={.items[0].status.podIP}",
  );
  return Number(/what="pods".*\} (\d+)/.exec(await lab.metricsOf(address.trim()))?.[1]);
}

async function stateOn(lab: ClusterLab, node: string): Promise<string> {
  const path =
    "jsonpath={.items[0].status.containerStatuses[0].ready} {.items[0].status.containerStatuses[0].restartCount}";
  return await lab.kubectl("get", "pods", ...selectorOn(node), "-o", path);
}
