// falco by its operator, as docs/operator.md has it: the bundle, a Falco object, rules and what becomes of them, the end.

import assert from "node:assert/strict";
import type { ClusterCase } from "../case.ts";
import type { ClusterLab } from "../cluster_lab.ts";
import { pod } from "../objects.ts";
import { applyBundle, OPERATOR_NAMESPACE, removeBundle } from "../operator_bundle.ts";

const NAMESPACE = "falco-system";
const INSTANCE = "instance.falcosecurity.dev/v1alpha1";
const ARTIFACT = "artifact.falcosecurity.dev/v1alpha1";
const OWN_RULE = "Own program started";

export const OPERATOR: readonly ClusterCase[] = [
  {
    name: "operator",
    aim:
      "the bundle, an instance, a Rulesfile: good rules alert and are Programmed, bad ones say why, Components what is built in; nothing is left",
    run: async (lab) => {
      await lab.kubectl("create", "namespace", NAMESPACE);
      try {
        await applyBundle(lab);
        await lab.apply(
          { apiVersion: INSTANCE, kind: "Falco", metadata: { name: "falco", namespace: NAMESPACE } },
          component("metacollector"),
          component("falcosidekick"),
          rulesfile("own", "proc.name = id"),
          pod({ name: "victim" }),
        );
        const readyMs = await lab.until(
          "the instance is available",
          () => is(lab, "falco/falco", "Available", "True"),
        );
        await lab.until("the rules are programmed", () => is(lab, "rulesfile/own", "Programmed", "True"));
        await lab.kubectl("wait", "pod/victim", "--for=condition=Ready", "--timeout=60s");
        await lab.until("an alert of the own rule", async () => {
          await lab.kubectl("exec", "victim", "--", "id");
          return (await logOf(lab)).includes(`victim ran id`);
        });

        await lab.apply(rulesfile("own", "proc.nam = id"));
        await lab.until("bad rules are told", () => is(lab, "rulesfile/own", "Programmed", "False"));
        assert.match(
          await message(lab, "rulesfile/own", "Programmed"),
          /there is no field `proc\.nam`.*node1/,
        );
        const before = (await logOf(lab)).match(/victim ran id/g)!.length;
        await lab.until("the last good rules still alert", async () => {
          await lab.kubectl("exec", "victim", "--", "id");
          return (await logOf(lab)).match(/victim ran id/g)!.length > before;
        });

        assert.ok(await is(lab, "component/metacollector", "Reconciled", "True"));
        assert.match(
          await message(lab, "component/metacollector", "Reconciled"),
          /Built in: .* Not built in: /,
        );
        assert.match(await message(lab, "component/falcosidekick", "Available"), /arrive nowhere/);
        // rights that are missing would be told here
        const log = await lab.kubectl("logs", "-n", OPERATOR_NAMESPACE, "deployment/falco-operator");
        assert.doesNotMatch(log + await logOf(lab), /forbidden|status 403/);

        const kinds = "falcos,rulesfiles,components,artifactnodes";
        await lab.kubectl("delete", "rulesfile", "own", "-n", NAMESPACE, "--timeout=60s");
        await lab.kubectl("delete", "falco", "falco", "-n", NAMESPACE, "--timeout=60s");
        await lab.kubectl("delete", "components", "--all", "-n", NAMESPACE, "--timeout=60s");
        await lab.until("nothing is left", async () => {
          const objects = ["get", `${kinds},daemonsets,services,roles,rolebindings`, "-n", NAMESPACE];
          const left = await lab.kubectl(...objects, "--no-headers", "--ignore-not-found");
          const bindings = await lab.kubectl("get", "clusterrolebindings", "-o", "name");
          return left.trim() === "" && !/falco-instance:/.test(bindings);
        });
        return `available after ${
          (readyMs / 1000).toFixed(1)
        } s; bad rules are told, the last good ones stay; nothing is left`;
      } finally {
        // in this order: without the operator nobody takes finalizers away
        await lab.tryKubectl(
          "delete",
          "rulesfiles,falcos,components",
          "--all",
          "-n",
          NAMESPACE,
          "--timeout=30s",
        );
        await removeBundle(lab);
        await lab.tryKubectl("delete", "namespace", NAMESPACE, "--timeout=60s");
      }
    },
  },
];

function component(type: string): object {
  const metadata = { name: type, namespace: NAMESPACE };
  return { apiVersion: INSTANCE, kind: "Component", metadata, spec: { component: { type } } };
}

function rulesfile(name: string, condition: string): object {
  return {
    apiVersion: ARTIFACT,
    kind: "Rulesfile",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      inlineRules: [{
        rule: OWN_RULE,
        desc: "a program of the test",
        condition: `evt.type in (execve, execveat) and container and ${condition}`,
        output: "%k8s.pod.name ran %proc.name",
        priority: "NOTICE",
      }],
    },
  };
}

async function conditionOf(lab: ClusterLab, object: string, type: string, part: string): Promise<string> {
  const path = `jsonpath={.status.conditions[?(@.type=="${type}")].${part}}`;
  return (await lab.tryKubectl("get", "-n", NAMESPACE, object, "-o", path)).text.trim();
}

async function is(lab: ClusterLab, object: string, type: string, status: string): Promise<boolean> {
  return await conditionOf(lab, object, type, "status") === status;
}

async function message(lab: ClusterLab, object: string, type: string): Promise<string> {
  return await conditionOf(lab, object, type, "message");
}

async function logOf(lab: ClusterLab): Promise<string> {
  return (await lab.tryKubectl("logs", "-n", NAMESPACE, "ds/falco", "--tail=-1")).text;
}
