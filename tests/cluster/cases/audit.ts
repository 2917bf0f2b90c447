// Audit events of the real API server, sent by its webhook to a receiver that our chart makes.

import assert from "node:assert/strict";
import { parse } from "yaml";
import { PROJECT } from "../../live/falco_process.ts";
import { AUDIT_ADDRESS } from "../audit_settings.ts";
import type { ClusterCase } from "../case.ts";
import type { ClusterLab } from "../cluster_lab.ts";
import { configMap, pod } from "../objects.ts";

const EXAMPLE = `${PROJECT}deploy/helm/examples/audit_receiver.yaml`;
/** What each of these requests is reported as. */
const EXPECTED = [
  "K8s Namespace Created",
  "K8s ConfigMap Created",
  "Create/Modify Configmap With Private Credentials",
  "K8s Service Created",
  "Create NodePort Service",
  "K8s Serviceaccount Created",
  "K8s Role/Clusterrole Created",
  "K8s Role/Clusterrolebinding Created",
  "Attach to cluster-admin Role",
  "ClusterRole With Wildcard Created",
  "ClusterRole With Write Privileges Created",
  "ClusterRole With Pod Exec Created",
  "Create Privileged Pod",
  "Create HostNetwork Pod",
  "Create Sensitive Mount Pod",
  "Attach/Exec Pod",
  "K8s Secret Created",
  "K8s Secret Deleted",
  "K8s ConfigMap Deleted",
  "K8s Deployment Created",
];

export const AUDIT: readonly ClusterCase[] = [
  {
    name: "audit-webhook",
    aim:
      "the API server's own audit events, sent to the receiver of deploy/helm/examples: requests become alerts",
    run: async (lab) => {
      const values = parse(await Deno.readTextFile(EXAMPLE));
      // plain http at an address that the API server has known from its start on: no certificates before there is a cluster
      delete values.mounts;
      values.falco.plugins[0].init_config = {};
      values.falco.plugins[0].open_params = "http://:9765/k8s-audit";
      // a request may be what several rules are about
      values.falco.rule_matching = "all";
      values.services[0].clusterIP = AUDIT_ADDRESS;
      await lab.install(values);
      await requests(lab);
      let seen: string[] = [];
      const missing = () => EXPECTED.filter((rule) => !seen.includes(rule));
      await lab.until("all alerts", async () => {
        seen = [...new Set((await lab.log()).flatMap((line) => /"rule":"([^"]+)"/.exec(line)?.[1] ?? []))];
        return missing().length === 0;
      }, 60_000).catch(() => {});
      assert.deepEqual(missing(), [], `seen: ${seen.join(", ")}`);
      return `${seen.length} rules answered, all ${EXPECTED.length} that were asked for`;
    },
  },
];

async function requests(lab: ClusterLab): Promise<void> {
  const namespace = "audited";
  await lab.kubectl("create", "namespace", namespace);
  const create = (...args: string[]) => lab.kubectl("create", "-n", namespace, ...args);
  await lab.apply(configMap("keys", namespace, { "aws": "aws_access_key_id=AKIA aws_secret_access_key=x" }));
  await create("service", "nodeport", "front", "--tcp=80:80");
  await create("serviceaccount", "robot");
  await create("role", "all", "--verb=*", "--resource=pods");
  await lab.kubectl("create", "clusterrole", "audited-wild", "--verb=*", "--resource=*");
  await lab.kubectl("create", "clusterrole", "audited-write", "--verb=create,delete", "--resource=pods");
  await lab.kubectl("create", "clusterrole", "audited-exec", "--verb=get,create", "--resource=pods/exec");
  await lab.kubectl(
    "create",
    "clusterrolebinding",
    "audited-admin",
    "--clusterrole=cluster-admin",
    "--user=somebody",
  );
  await create("secret", "generic", "s", "--from-literal=a=b");
  await create("deployment", "web", "--image=localhost/busybox:1");
  await lab.apply(privileged(namespace));
  await lab.apply(pod({ name: "target", namespace }));
  await lab.kubectl("wait", "-n", namespace, "pod/target", "--for=condition=Ready", "--timeout=60s");
  await lab.kubectl("exec", "-n", namespace, "target", "--", "id");
  await lab.kubectl("delete", "-n", namespace, "secret/s", "configmap/keys");
  await lab.delete("clusterrole", "audited-wild", "audited-write", "audited-exec");
  await lab.delete("clusterrolebinding", "audited-admin");
  await lab.delete("namespace", namespace, "--wait=false");
}

function privileged(namespace: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "mighty", namespace },
    spec: {
      hostNetwork: true,
      terminationGracePeriodSeconds: 0,
      containers: [{
        name: "main",
        image: "localhost/busybox:1",
        imagePullPolicy: "Never",
        command: ["sleep", "1000"],
        securityContext: { privileged: true },
        volumeMounts: [{ name: "etc", mountPath: "/host-etc" }],
      }],
      volumes: [{ name: "etc", hostPath: { path: "/etc" } }],
    },
  };
}
