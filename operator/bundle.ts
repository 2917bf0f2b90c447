// The operator's installation: deploy/falco-operator.yaml.
// In: the image. Out: YAML: a namespace, custom kinds, roles with a reason for each line, a Deployment.
// Elsewhere: writing the file (scripts/docs.ts), the custom kinds (api/crds.ts), the rights (rbac.ts), the same as a chart
// (deploy/helm/falco-operator/).

import { stringify } from "yaml";
import { customKinds } from "./api/crds.ts";
import {
  INSTANCE_ROLE,
  INSTANCE_RULES,
  LEASE_RULES,
  OPERATOR_RULES,
  type RbacRule,
  rulesText,
} from "./rbac.ts";

const NAMESPACE = "falco-operator";
const NAME = "falco-operator";
const LABELS = { "app.kubernetes.io/name": NAME };

export function operatorBundle(image: string): string {
  const account = [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }];
  const rbac = "rbac.authorization.k8s.io/v1";
  const role = (kind: "Role" | "ClusterRole", name: string, rules: readonly RbacRule[], namespace?: string) =>
    text({
      apiVersion: rbac,
      kind,
      metadata: { name, labels: LABELS, ...namespace === undefined ? {} : { namespace } },
    }) + `rules:\n${rulesText(rules).replace(/^(?=.)/gm, "  ")}`;
  const bind = (kind: "Role" | "ClusterRole", namespace?: string) => ({
    apiVersion: rbac,
    kind: `${kind}Binding`,
    metadata: { name: NAME, labels: LABELS, ...namespace === undefined ? {} : { namespace } },
    subjects: account,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: NAME },
  });
  const parts = [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: NAMESPACE,
        labels: { ...LABELS, "pod-security.kubernetes.io/enforce": "restricted" },
      },
    },
    ...customKinds(),
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    },
    role("ClusterRole", INSTANCE_ROLE, INSTANCE_RULES),
    role("ClusterRole", NAME, OPERATOR_RULES),
    bind("ClusterRole"),
    // who of several operators works
    role("Role", NAME, LEASE_RULES, NAMESPACE),
    bind("Role", NAMESPACE),
    deployment(image),
  ];
  const head = "# falco's operator. Written by scripts/docs.ts from operator/bundle.ts.\n";
  return head + parts.map((part) => typeof part === "string" ? part : text(part)).join("---\n");
}

/** One document for each, as the chart has them in its folder crds. */
export function customKindsText(): string {
  return customKinds().map(text).join("---\n");
}

function text(part: object): string {
  return stringify(part, { lineWidth: 0, aliasDuplicateObjects: false });
}

function deployment(image: string) {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const probe = { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 10 };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      replicas: 1,
      // two of different versions would change each other's work
      strategy: { type: "Recreate" },
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: NAME,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_532,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [{
            name: "operator",
            image,
            imagePullPolicy: "IfNotPresent",
            args: [
              ...["/usr/bin/falco", "operator", "--image", image],
              ...["--namespace", "$(POD_NAMESPACE)", "--identity", "$(POD_NAME)", "--health-port", "8081"],
            ],
            env: [field("POD_NAMESPACE", "metadata.namespace"), field("POD_NAME", "metadata.name")],
            ports: [{ name: "health", containerPort: 8081, protocol: "TCP" }],
            livenessProbe: probe,
            readinessProbe: probe,
            resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
          }],
        },
      },
    },
  };
}
