// What the API server knows of pods, by real watches: what is made later, what changes, a server that was away.

import assert from "node:assert/strict";
import type { ClusterCase } from "../case.ts";
import type { Alert, ClusterLab } from "../cluster_lab.ts";
import { deployment, pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const VALUES = {
  falco: { json_output: true },
  collectors: { kubernetes: { enabled: true } },
  customRules: { "programs.yaml": PROGRAM_RULES },
};
const AWAY_MS = 25_000;

export const METADATA: readonly ClusterCase[] = [
  {
    name: "k8smeta",
    aim: "namespaces made after falco's start have labels, pods their deployments; kubectl label counts",
    run: async (lab) => {
      await lab.install(VALUES);
      await lab.kubectl("create", "namespace", "late");
      await lab.kubectl("label", "namespace", "late", "team=blue");
      await lab.apply(deployment({ name: "web", namespace: "late", labels: { tier: "front" } }, 1));
      const alert = await firstAlert(
        lab,
        (fields) => fields["k8s.ns.name"] === "late" && fields["container.name"] === "main",
      );
      const before = alert.output_fields;
      assert.match(String(before["k8smeta.ns.labels"]), /team:blue/, JSON.stringify(before));
      assert.equal(before["k8smeta.deployment.name"], "web");
      assert.match(String(before["k8s.pod.labels"]), /tier:front/);
      const name = String(before["k8s.pod.name"]);
      await lab.kubectl("label", "-n", "late", "pod", name, "tier=back", "--overwrite");
      const ms = await lab.until("the new label", async () => {
        await lab.kubectl("exec", "-n", "late", name, "--", "id");
        const now = (await lab.alerts(PROGRAM_RULE)).filter(({ output_fields }) =>
          output_fields["k8s.pod.name"] === name
        );
        return /tier:back/.test(String(now.at(-1)?.output_fields["k8s.pod.labels"]));
      });
      await lab.delete("namespace", "late", "--wait=false");
      return `first alert with namespace, labels and deployment; new label within ${Math.round(ms)} ms`;
    },
  },
  {
    name: "api-restart",
    aim: `an API server that was away for ${
      AWAY_MS / 1000
    } s: pods made as soon as it is back have k8smeta.*, states are told once`,
    run: async (lab) => {
      await lab.install(VALUES);
      await lab.restart("apiserver", AWAY_MS);
      await lab.until(
        "the API server is back",
        async () => (await lab.tryKubectl("get", "--raw", "/readyz")).code === 0,
      );
      const names = Array.from({ length: 5 }, (_, i) => `back${i}`);
      for (const name of names) {
        await lab.until(`pod ${name} is taken`, async () => {
          const { code } = await lab.tryKubectl("get", "pod", name);
          if (code === 0) return true;
          return await lab.apply(pod({ name })).then(() => true, () => false);
        });
      }
      const found: Alert[] = [];
      for (const name of names) {
        found.push(
          await firstAlert(
            lab,
            (fields) => fields["k8s.pod.name"] === name && fields["container.name"] === "main",
          ),
        );
      }
      const without = found.filter(({ output_fields }) => output_fields["k8smeta.pod.name"] === null);
      const told = async (word: RegExp) =>
        (await lab.log()).filter((line) => /kubernetes: /.test(line) && word.test(line));
      await lab.until("all is said to be read again", async () => (await told(/are read from/)).length >= 6);
      const troubles = await told(/cannot be read/);
      await lab.delete("pod", ...names);
      assert.equal(without.length, 0, `${without.length} of ${names.length} pods have no k8smeta.pod.name`);
      assert.ok(troubles.length <= 4, `told more than once each:\n${troubles.join("\n")}`);
      assert.ok(troubles.every((line) => !/40[13]/.test(line)), troubles.join("\n"));
      return `${names.length} pods of the first seconds all known; ${troubles.length} lines of trouble, one for each kind`;
    },
  },
];

async function firstAlert(
  lab: ClusterLab,
  fits: (fields: Alert["output_fields"]) => boolean,
): Promise<Alert> {
  let found: Alert | undefined;
  await lab.until("an alert of the pod", async () => {
    found = (await lab.alerts(PROGRAM_RULE)).find(({ output_fields }) => fits(output_fields));
    return found !== undefined;
  });
  return found!;
}
