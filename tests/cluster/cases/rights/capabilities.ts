// The capabilities of falco's pod: each is taken away, and the pod is not ready or says what is lost.
// In: the chart's security context. Out: for each capability what was said.

import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import type { ClusterCase } from "../../case.ts";
import { CHART, type ClusterLab, NAMESPACE, SELECTOR } from "../../cluster_lab.ts";

interface SecurityContext {
  readonly capabilities: { readonly drop: readonly string[]; readonly add: readonly string[] };
}

export const CAPABILITIES: readonly ClusterCase[] = [
  {
    name: "rights-capabilities",
    aim:
      "each capability of the pod is needed: without it the pod is not ready, or its log says what is lost",
    run: async (lab) => {
      const whole = await securityContext(lab);
      const { drop, add } = whole.capabilities;
      const rows: string[] = [];
      for (const capability of add) {
        const less = { drop, add: add.filter((one) => one !== capability) };
        await lab.install({ containerSecurityContext: { ...whole, capabilities: less } }).catch(() => {});
        rows.push(`\n          without ${capability}: ${await whatIsLost(lab, capability)}`);
        await lab.uninstall();
      }
      return `${rows.length} capabilities, each needed${rows.join("")}`;
    },
  },
];

async function securityContext(lab: ClusterLab): Promise<SecurityContext> {
  const text = await lab.helm("template", "falco", CHART, "--kube-version", lab.place.version);
  const workload = parseAllDocuments(text).map((one) => one.toJS()).find((one) => one?.kind === "DaemonSet");
  return workload.spec.template.spec.containers[0].securityContext;
}

async function whatIsLost(lab: ClusterLab, capability: string): Promise<string> {
  const path = "jsonpath={.items[0].status.containerStatuses[0].ready}";
  const isReady = (await lab.kubectl("get", "pods", "-n", NAMESPACE, "-l", SELECTOR, "-o", path)) === "true";
  const log = [...await lab.log(), ...await previousLog(lab)];
  const line = log.find((one) => one.includes(`CAP_${capability}`));
  assert.ok(line !== undefined, `nothing is said of CAP_${capability}; ready: ${isReady}\n${log.join("\n")}`);
  return `${isReady ? "ready" : "not ready"}: ${line.slice(0, 200)}`;
}

async function previousLog(lab: ClusterLab): Promise<string[]> {
  const { text } = await lab.tryKubectl("logs", "-n", NAMESPACE, "-l", SELECTOR, "--previous", "--tail=-1");
  return text.split("\n");
}
