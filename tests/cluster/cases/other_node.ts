// Pods of another node, which is an object without a machine: falco keeps nothing of them.
// FALCO_CLUSTER_PODS: how many the test `memory` makes; default 5000.

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import type { ClusterCase } from "../case.ts";
import type { ClusterLab } from "../cluster_lab.ts";
import { deployment, pod, PROGRAM_RULES } from "../objects.ts";
import { podMemory } from "../pod_memory.ts";
import { PROJECT } from "../../support/program.ts";

const SOME = 500;
const MANY = Number(Deno.env.get("FALCO_CLUSTER_PODS") ?? "5000");
const OWN = 100;
const NODE = "node2";
const NAMESPACE = "elsewhere";
const AT_ONCE = 5;
const VALUES = {
  falco: { json_output: true },
  collectors: { kubernetes: { enabled: true } },
  customRules: { "programs.yaml": PROGRAM_RULES },
  metrics: { enabled: true },
};

export const OTHER_NODE: readonly ClusterCase[] = [
  {
    name: "other-node",
    aim: `${SOME} pods of another node: falco does not keep them, and its memory stays as it was`,
    run: async (lab) => {
      await lab.install(VALUES);
      await lab.until("its own pods are known", async () => (await known(lab)) > 0);
      const [before, ownPods] = [await podMemory(lab), await known(lab)];
      return await withPodsElsewhere(lab, SOME, async () => {
        const after = await podMemory(lab);
        assert.equal(await known(lab), ownPods, "pods that falco knows");
        assert.ok(
          after.nowMiB < before.nowMiB + 20,
          `${before.nowMiB} MiB before, ${after.nowMiB} MiB after`,
        );
        return `${SOME} pods elsewhere, ${ownPods} known; ${before.nowMiB} MiB before, ${after.nowMiB} MiB after`;
      });
    },
  },
  {
    name: "memory",
    aim:
      `${OWN} pods of its node and ${MANY} of another one, with k8smeta and metrics: less than the chart requests is charged`,
    run: async (lab) => {
      await lab.install(VALUES);
      const idle = await podMemory(lab);
      return await withPodsElsewhere(lab, MANY, async () => {
        const many = await podMemory(lab);
        await lab.apply(deployment({ name: "own", labels: { of: "memory" } }, OWN));
        const path = "jsonpath={.status.availableReplicas}";
        await lab.until(
          "all pods of its node are available",
          async () => (await lab.kubectl("get", "deployment", "own", "-o", path)) === String(OWN),
          600_000,
        );
        await lab.until("they are known", async () => (await known(lab)) >= OWN);
        const all = await podMemory(lab);
        // a list of everything, as after an outage
        await lab.restart("apiserver", 1000);
        await lab.until(
          "it answers",
          async () => (await lab.tryKubectl("get", "--raw", "/readyz")).code === 0,
        );
        await lab.until("its pods are known again", async () => (await known(lab)) >= OWN);
        const { nowMiB, mostMiB } = await podMemory(lab);
        const { requests } =
          parse(await Deno.readTextFile(`${PROJECT}deploy/helm/falco/values.yaml`)).resources;
        const figures =
          `${idle.nowMiB} MiB idle, ${many.nowMiB} with ${MANY} pods elsewhere, ${all.nowMiB} with ${OWN} ` +
          `of its own as well, ${nowMiB} after the API server was away; ${mostMiB} at most; requested ${requests.memory}`;
        assert.ok(mostMiB < parseInt(requests.memory), figures);
        return figures;
      });
    },
  },
];

/** How many pods falco keeps. */
async function known(lab: ClusterLab): Promise<number> {
  return Number(/^\S*metadata\{.*subject="kubernetes",what="pods".*\} (\d+)/m.exec(await lab.metrics())?.[1]);
}

async function withPodsElsewhere(
  lab: ClusterLab,
  count: number,
  use: () => Promise<string>,
): Promise<string> {
  await lab.apply({ apiVersion: "v1", kind: "Node", metadata: { name: NODE } }, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: NAMESPACE },
  });
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, async (_, part) => {
      const numbers = Array.from({ length: count }, (_, i) => i).filter((i) => i % AT_ONCE === part);
      const objects = numbers.map((i) => {
        const { spec, ...rest } = pod({ name: `p${i}`, namespace: NAMESPACE }) as { spec: object };
        return { ...rest, spec: { ...spec, nodeName: NODE } };
      });
      await lab.withFile(
        objects.map((object) => stringify(object)).join("---\n"),
        (file) => lab.kubectl("create", "-f", file),
      );
    }));
    return await use();
  } finally {
    await lab.delete("deployment", "own");
    await lab.delete("namespace", NAMESPACE, "--wait=false");
    await lab.delete("node", NODE);
  }
}
