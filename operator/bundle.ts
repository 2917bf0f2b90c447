// The operator's installation: deploy/falco-operator.yaml.
// In: the image. Out: YAML: a namespace, custom kinds, roles with a reason for each line, a Deployment.
// Elsewhere: writing the file (scripts/docs.ts), the custom kinds (api/crds.ts).

import { stringify } from "yaml";
import { ARTIFACT_GROUP, INSTANCE_GROUP } from "./api/kinds.ts";
import { customKinds } from "./api/crds.ts";

const NAMESPACE = "falco-operator";
const NAME = "falco-operator";
const LABELS = { "app.kubernetes.io/name": NAME };
const READ = ["get", "list", "watch"];
const OWN = [...READ, "create", "patch", "delete"];

export function operatorBundle(image: string): string {
  const account = [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }];
  const rbac = "rbac.authorization.k8s.io/v1";
  const role = (name: string, rules: readonly unknown[]) => ({
    apiVersion: rbac,
    kind: "ClusterRole",
    metadata: { name, labels: LABELS },
    rules,
  });
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
    role("falco-operator-instance", INSTANCE_RULES),
    role(NAME, [...OPERATOR_RULES, ...INSTANCE_RULES]),
    bind("ClusterRole"),
    {
      apiVersion: rbac,
      kind: "Role",
      metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
      // who of several operators works
      rules: [{
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        verbs: ["get", "create", "update"],
      }],
    },
    bind("Role", NAMESPACE),
    deployment(image),
  ];
  const head = "# falco's operator. Written by scripts/docs.ts from operator/bundle.ts.\n";
  return head +
    parts.map((part) => stringify(part, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}

/** What every falco may read in the whole cluster: fields k8smeta.*, and its node's labels for selectors. */
const INSTANCE_RULES = [
  { apiGroups: [""], resources: ["pods", "namespaces", "services", "replicationcontrollers"], verbs: READ },
  {
    apiGroups: ["apps"],
    resources: ["daemonsets", "deployments", "replicasets", "statefulsets"],
    verbs: READ,
  },
  { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
];

const OPERATOR_RULES = [
  // what users write
  { apiGroups: [INSTANCE_GROUP], resources: ["falcos", "components"], verbs: [...READ, "patch"] },
  {
    apiGroups: [INSTANCE_GROUP],
    resources: ["falcos/finalizers", "components/finalizers"],
    verbs: ["update"],
  },
  { apiGroups: [INSTANCE_GROUP], resources: ["falcos/status", "components/status"], verbs: ["patch"] },
  // patch: their finalizers, until no node has files of them
  { apiGroups: [ARTIFACT_GROUP], resources: ["rulesfiles", "configs", "plugins"], verbs: [...READ, "patch"] },
  {
    apiGroups: [ARTIFACT_GROUP],
    resources: ["rulesfiles/status", "configs/status", "plugins/status"],
    verbs: ["patch"],
  },
  // what it makes of an instance
  { apiGroups: [""], resources: ["configmaps", "services", "serviceaccounts"], verbs: OWN },
  { apiGroups: ["apps"], resources: ["daemonsets", "deployments"], verbs: OWN },
  {
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: ["roles", "rolebindings", "clusterrolebindings"],
    verbs: OWN,
  },
  // nobody may give rights that they do not have: those of the instances' Role
  // list and patch: finalizers of those that an artifact names; nothing in them is asked for
  { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "patch"] },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create"] },
  { apiGroups: [ARTIFACT_GROUP], resources: ["artifactnodes"], verbs: OWN },
  { apiGroups: [ARTIFACT_GROUP], resources: ["artifactnodes/status"], verbs: ["patch"] },
];

function deployment(image: string) {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const probe = (path: string) => ({ httpGet: { path, port: 8081 }, periodSeconds: 10 });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      replicas: 1,
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
            livenessProbe: probe("/healthz"),
            readinessProbe: probe("/healthz"),
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
