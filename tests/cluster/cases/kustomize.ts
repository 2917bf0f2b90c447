// The plain manifests, as docs/kubernetes.md says to use them, and a DaemonSet as people have written it for Falco.

import assert from "node:assert/strict";
import { must } from "../../live/lab.ts";
import { exists } from "../../../scripts/compile/stamps.ts";
import type { ClusterCase } from "../case.ts";
import { type ClusterLab, NAMESPACE } from "../cluster_lab.ts";
import { configMap, pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";
import { PROJECT } from "../../support/program.ts";

const FOLDERS = ["base", "overlays/custom_rules", "overlays/k8smeta"];

export const KUSTOMIZE: readonly ClusterCase[] = [
  {
    name: "kustomize",
    aim: "each folder of deploy/kubernetes becomes running pods, with only the image's name exchanged",
    run: async (lab) => {
      for (const folder of FOLDERS) {
        await applied(lab, folder, async () => {
          await lab.kubectl("rollout", "status", "-n", NAMESPACE, "ds/falco", "--timeout=120s");
          const { status } = await lab.health();
          assert.equal(status, "ok", folder);
        });
      }
      return FOLDERS.join(", ");
    },
  },
  {
    name: "plain-daemonset",
    aim:
      "hostNetwork, hostPID, privileged, ConfigMaps over /etc/falco: alerts; a changed ConfigMap counts, a broken file does not",
    run: async (lab) => {
      await lab.tryKubectl("create", "namespace", NAMESPACE);
      const settings =
        "json_output: true\nrules_files: [/etc/falco/rules.d]\nstdout_output: {enabled: true}\n";
      const rules = (text: string) =>
        configMap("rules", NAMESPACE, { "programs.yaml": PROGRAM_RULES, "other.yaml": text });
      await lab.apply(
        configMap("settings", NAMESPACE, { "falco.yaml": settings }),
        rules("[]"),
        daemonSet(lab),
      );
      try {
        await lab.kubectl("rollout", "status", "-n", NAMESPACE, "ds/falco", "--timeout=120s");
        // it has no probe: its container runs before it watches
        await lab.until(
          "it watches",
          async () => (await lab.log()).some((line) => /watching system/.test(line)),
        );
        await lab.apply(pod({ name: "plain" }));
        await lab.until("an alert of the pod", () => fires(lab, "plain"));
        await lab.apply(rules("- rule: [broken"));
        await lab.until(
          "the broken file is told",
          async () => (await lab.log()).some((line) => /other\.yaml/.test(line)),
          180_000,
        );
        const before = (await lab.alerts(PROGRAM_RULE)).length;
        await lab.kubectl("exec", "plain", "--", "id");
        await lab.until("alerts go on", async () => (await lab.alerts(PROGRAM_RULE)).length > before);
        await lab.apply(
          rules(
            "- rule: Changed live\n  desc: d\n  condition: evt.type in (execve, execveat) and proc.cmdline contains changed\n  output: changed\n  priority: NOTICE\n",
          ),
        );
        const ms = await lab.until("the changed rule", async () => {
          await lab.kubectl("exec", "plain", "--", "echo", "changed");
          return (await lab.alerts("Changed live")).length > 0;
        }, 180_000);
        return `the changed rule after ${Math.round(ms / 1000)} s`;
      } finally {
        await lab.delete("-n", NAMESPACE, "ds/falco", "configmap/settings", "configmap/rules");
        await lab.delete("pod", "plain");
      }
    },
  },
];

async function fires(lab: ClusterLab, name: string): Promise<boolean> {
  return (await lab.alerts(PROGRAM_RULE)).some(({ output_fields }) => output_fields["k8s.pod.name"] === name);
}

/** In a copy, as a user makes one next to the folder that came with it. */
async function applied(lab: ClusterLab, folder: string, use: () => Promise<void>): Promise<void> {
  await lab.withFolder(async (copies) => {
    await must("cp", "-r", `${PROJECT}deploy/kubernetes/.`, copies);
    const place = `${copies}/${folder}`;
    const file = `${place}/kustomization.yaml`;
    const text = await Deno.readTextFile(file);
    const { repository, tag } = lab.image;
    const images = `images:\n  - name: falco\n    newName: ${repository}\n    newTag: ${tag}\n`;
    await Deno.writeTextFile(file, text.replace(/^images:\n(?: {2}.*\n)*/m, "") + images);
    assert.ok(exists(file));
    await lab.kubectl("apply", "-k", place);
    try {
      await use();
    } finally {
      await lab.kubectl("delete", "-k", place, "--wait=true", "--timeout=60s");
    }
  });
}

function daemonSet({ image }: ClusterLab): object {
  const labels = { "app.kubernetes.io/name": "falco" };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "falco", namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          hostPID: true,
          terminationGracePeriodSeconds: 5,
          containers: [{
            name: "falco",
            image: `${image.repository}:${image.tag}`,
            imagePullPolicy: "Never",
            args: ["/usr/bin/falco"],
            securityContext: { privileged: true },
            volumeMounts: [
              { name: "settings", mountPath: "/etc/falco" },
              { name: "rules", mountPath: "/etc/falco/rules.d" },
              { name: "proc", mountPath: "/host/proc", readOnly: true },
              { name: "sys", mountPath: "/host/sys", readOnly: true },
              { name: "run", mountPath: "/host/run", readOnly: true },
            ],
          }],
          volumes: [
            { name: "settings", configMap: { name: "settings" } },
            { name: "rules", configMap: { name: "rules" } },
            ...["proc", "sys", "run"].map((name) => ({ name, hostPath: { path: `/${name}` } })),
          ],
        },
      },
    },
  };
}
