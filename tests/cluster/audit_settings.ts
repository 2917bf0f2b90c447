// How the cluster's API server sends its audit events: the policy and the webhook of deploy/kubernetes/audit/, with the address
// of a Service whose number is fixed, so that it is known before the Service is there.
// In: the place. Out: flags, and the files that they name.

import { parse, stringify } from "yaml";
import type { Place } from "../../scripts/cluster/place.ts";
import { PROJECT } from "../support/program.ts";

export const AUDIT_ADDRESS = "10.96.0.50";
const FOLDER = `${PROJECT}deploy/kubernetes/audit`;
const POLICY = "audit-policy.yaml";
const WEBHOOK = "webhook-config.yaml";

export function auditFlags({ state }: Place): string[] {
  return [
    `--audit-policy-file=${state}/${POLICY}`,
    `--audit-webhook-config-file=${state}/${WEBHOOK}`,
    "--audit-webhook-mode=batch",
    "--audit-webhook-batch-max-size=100",
    "--audit-webhook-batch-max-wait=1s",
  ];
}

/** By their names in the cluster's folder. */
export function auditFiles(): Record<string, string> {
  const webhook = parse(Deno.readTextFileSync(`${FOLDER}/${WEBHOOK}`));
  // without certificates: they would have to be there before the cluster is
  webhook.clusters[0].cluster = { server: `http://${AUDIT_ADDRESS}:9765/k8s-audit` };
  webhook.users = [{ name: webhook.users[0].name, user: {} }];
  return { [POLICY]: Deno.readTextFileSync(`${FOLDER}/${POLICY}`), [WEBHOOK]: stringify(webhook) };
}
