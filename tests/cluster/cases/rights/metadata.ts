// The role for k8smeta.*: each of its lines is taken away, and what it is for is gone.
// In: the rules that the chart, the overlay and the operator have. Out: a line of the log and a field for each.

import assert from "node:assert/strict";
import { METADATA_RULES } from "../../../../operator/rbac.ts";
import { BUSYBOX } from "../../../../scripts/cluster/images.ts";
import type { ClusterCase } from "../../case.ts";
import { type Alert, type ClusterLab, NAMESPACE, SELECTOR } from "../../cluster_lab.ts";
import { deployment } from "../../objects.ts";
import { type Line, linesOf, roleOf, tableOf } from "./lines.ts";

const RULE = "Program of the rights";
const ROLE = "falco";
const PEOPLE = "rights";
const VALUES = {
  falco: { json_output: true },
  collectors: { kubernetes: { enabled: true } },
  metrics: { enabled: true },
  customRules: {
    "programs.yaml": `
- rule: ${RULE}
  desc: a program of the case
  condition: evt.type in (execve, execveat) and proc.name = id and k8s.ns.name = ${PEOPLE}
  output: >
    %container.id %k8s.pod.name %k8smeta.pod.name %k8smeta.ns.labels %k8smeta.svc.name %k8smeta.deployment.name
    %k8smeta.deployment.labels %k8smeta.rc.name %k8smeta.rc.labels
  priority: NOTICE
`,
  },
};

/** What a pod of which kind is told without. */
const GONE: Readonly<Record<string, readonly ["web" | "old", string]>> = {
  pods: ["web", "k8smeta.pod.name"],
  namespaces: ["web", "k8smeta.ns.labels"],
  services: ["web", "k8smeta.svc.name"],
  replicasets: ["web", "k8smeta.deployment.name"],
  deployments: ["web", "k8smeta.deployment.labels"],
  replicationcontrollers: ["old", "k8smeta.rc.labels"],
};

export const METADATA_RIGHTS: readonly ClusterCase[] = [
  {
    name: "rights-metadata",
    aim: "each line of the role for k8smeta.* is needed: without it a field is empty, and the log says why",
    run: async (lab) => {
      await lab.install(VALUES);
      try {
        await makePods(lab);
        for (const [resource, [app, field]] of Object.entries(GONE)) {
          await lab.until(`${field} with all rights`, async () => await told(lab, app, field) !== null);
          assert.ok(resource);
        }
        const rows: { line: Line; said: string }[] = [];
        for (const line of linesOf(METADATA_RULES)) {
          await lab.apply(roleOf("ClusterRole", ROLE, line.others));
          await restartFalco(lab);
          rows.push({ line, said: await whatIsMissing(lab, line) });
        }
        await lab.apply(roleOf("ClusterRole", ROLE, METADATA_RULES));
        return `${rows.length} lines, each needed${tableOf(rows)}`;
      } finally {
        await lab.delete("namespace", PEOPLE, "--wait=false");
      }
    },
  },
];

async function whatIsMissing(lab: ClusterLab, { verb, resource }: Line): Promise<string> {
  const [app, field] = GONE[resource]!;
  const refusal = new RegExp(
    `kubernetes: .*cannot be read from .*403.*cannot ${verb} resource "${resource}"`,
  );
  let said = "";
  await lab.until(`a line about ${verb} ${resource}`, async () => {
    said = (await lab.log()).find((line) => refusal.test(line)) ?? "";
    return said !== "";
  }, 60_000);
  if (verb === "watch") {
    const lists = () => count(lab, "lists");
    const before = await lists();
    await lab.until("it has to be listed again and again", async () => await lists() > before, 60_000);
    return "told; listed again and again";
  }
  assert.equal(await told(lab, app, field), null, `${field} without ${verb} ${resource}`);
  return `told; no ${field}`;
}

async function restartFalco(lab: ClusterLab): Promise<void> {
  await lab.kubectl("delete", "pod", "-n", NAMESPACE, "-l", SELECTOR, "--grace-period=1");
  await lab.isRolledOut();
}

/** The field in an alert about a program that is started now. */
async function told(lab: ClusterLab, app: string, field: string): Promise<unknown> {
  const before = (await alertsOf(lab, app)).length;
  await lab.tryKubectl("exec", "-n", PEOPLE, app === "web" ? "deployment/web" : "rc/old", "--", "id");
  let found: Alert[] = [];
  await lab.until("an alert", async () => (found = await alertsOf(lab, app)).length > before);
  return found.at(-1)!.output_fields[field];
}

async function alertsOf(lab: ClusterLab, app: string): Promise<Alert[]> {
  return (await lab.alerts(RULE)).filter(({ output_fields: fields }) =>
    String(fields["k8s.pod.name"]).startsWith(`${app}-`)
  );
}

async function count(lab: ClusterLab, what: string): Promise<number> {
  const found = new RegExp(`^\\S*metadata\\S*\\{.*subject="kubernetes",what="${what}".*\\} (\\d+)`, "m");
  return Number(found.exec(await lab.metrics())?.[1]);
}

/** Of a Deployment and of a ReplicationController, with a Service. */
async function makePods(lab: ClusterLab): Promise<void> {
  const metadata = (name: string) => ({ name, namespace: PEOPLE, labels: { team: "blue" } });
  const web = deployment({ name: "web", namespace: PEOPLE }, 1) as { metadata: object };
  await lab.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: PEOPLE, labels: { team: "blue" } } },
    { ...web, metadata: metadata("web") },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata("front"),
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    },
    {
      apiVersion: "v1",
      kind: "ReplicationController",
      metadata: metadata("old"),
      spec: {
        replicas: 1,
        selector: { app: "old" },
        template: {
          metadata: { labels: { app: "old" } },
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{
              name: "main",
              image: BUSYBOX,
              imagePullPolicy: "Never",
              command: ["sleep", "100000"],
            }],
          },
        },
      },
    },
  );
  for (const app of ["web", "old"]) {
    await lab.until(`a pod of ${app}`, async () => {
      const path = "jsonpath={.items[0].status.containerStatuses[0].ready}";
      return (await lab.tryKubectl("get", "pods", "-n", PEOPLE, "-l", `app=${app}`, "-o", path)).text ===
        "true";
    });
  }
}
