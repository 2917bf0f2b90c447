// A second node, of which there is nothing but the object: what falco knows of a large cluster, and how much memory that takes.
// FALCO_CLUSTER_PODS: how many pods the other node has; default 500.

import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { ClusterCase } from "../case.ts";
import { pod, PROGRAM_RULES } from "../objects.ts";
import { podMemory } from "../pod_memory.ts";

const PODS = Number(Deno.env.get("FALCO_CLUSTER_PODS") ?? "500");
const NODE = "node2";
const NAMESPACE = "elsewhere";
const AT_ONCE = 5;

export const OTHER_NODE: readonly ClusterCase[] = [
  {
    name: "other-node",
    aim: `${PODS} pods of another node: falco does not keep them, and its memory stays as it was`,
    run: async (lab) => {
      await lab.install({
        falco: { json_output: true },
        collectors: { kubernetes: { enabled: true } },
        customRules: { "programs.yaml": PROGRAM_RULES },
        metrics: { enabled: true },
      });
      const known = async () =>
        Number(/^\S*metadata\{.*subject="kubernetes",what="pods".*\} (\d+)/m.exec(await lab.metrics())?.[1]);
      await lab.until("its own pods are known", async () => (await known()) > 0);
      const [before, ownPods] = [await podMemory(lab), await known()];
      await lab.apply({ apiVersion: "v1", kind: "Node", metadata: { name: NODE } }, {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: NAMESPACE },
      });
      try {
        const share = Math.ceil(PODS / AT_ONCE);
        await Promise.all(Array.from({ length: AT_ONCE }, async (_, part) => {
          const objects = Array.from({ length: share }, (_, i) => {
            const { spec, ...rest } = pod({ name: `p${part * share + i}`, namespace: NAMESPACE }) as {
              spec: object;
            };
            return { ...rest, spec: { ...spec, nodeName: NODE } };
          });
          await lab.withFile(
            objects.map((object) => stringify(object)).join("---\n"),
            (file) => lab.kubectl("create", "-f", file),
          );
        }));
        const after = await podMemory(lab);
        assert.equal(await known(), ownPods, "pods that falco knows");
        assert.ok(
          after.nowMiB < before.nowMiB + 20,
          `${before.nowMiB} MiB before, ${after.nowMiB} MiB after`,
        );
        return `${
          share * AT_ONCE
        } pods elsewhere, ${ownPods} known; ${before.nowMiB} MiB before, ${after.nowMiB} MiB after`;
      } finally {
        await lab.delete("namespace", NAMESPACE, "--wait=false");
        await lab.delete("node", NODE);
      }
    },
  },
];
