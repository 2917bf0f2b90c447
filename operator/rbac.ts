// What the operator and the instances may do in the cluster: each line with what needs it.
// In: nothing. Out: rules of roles, and their text for the installations.
// Elsewhere: the installations (bundle.ts, deploy/helm/falco-operator/), what an instance may do in its own namespace
// (instance/instance_objects.ts).

import { stringify } from "yaml";
import { ARTIFACT_GROUP, INSTANCE_GROUP } from "./api/kinds.ts";

export interface RbacRule {
  readonly why: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Of instances; the operator binds them to it by this name. */
export const INSTANCE_ROLE = "falco-operator-instance";

const RBAC = "rbac.authorization.k8s.io";
const FOLLOW = ["list", "watch"];
const READ = ["get", ...FOLLOW];
const OWN = [...READ, "create", "patch", "delete"];
/** What belongs to an object in a namespace goes with it; nobody has to delete it. */
const APPLY = [...FOLLOW, "create", "patch"];

/** For fields k8smeta.*, by whatever installs falco: deploy/helm/falco and deploy/kubernetes have the same rules. */
export const METADATA_RULES: readonly RbacRule[] = [
  {
    why: "pods of the node, and whose labels and names belong to them: listed once, then watched",
    apiGroups: [""],
    resources: ["pods", "namespaces", "services"],
    verbs: FOLLOW,
  },
  {
    why: "what pods belong to: asked for one by one, as pods refer to them",
    apiGroups: [""],
    resources: ["replicationcontrollers"],
    verbs: ["get"],
  },
  { why: "the same", apiGroups: ["apps"], resources: ["replicasets", "deployments"], verbs: ["get"] },
];

/** What every falco of the operator may read in the whole cluster. */
export const INSTANCE_RULES: readonly RbacRule[] = [
  ...METADATA_RULES,
  { why: "labels of its node, for selectors", apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
];

export const OPERATOR_RULES: readonly RbacRule[] = [
  {
    why: "what users write; get, patch: finalizers",
    apiGroups: [INSTANCE_GROUP],
    resources: ["falcos", "components"],
    verbs: [...READ, "patch"],
  },
  {
    why: "owner references that keep them until what belongs to them is gone",
    apiGroups: [INSTANCE_GROUP],
    resources: ["falcos/finalizers"],
    verbs: ["update"],
  },
  {
    why: "what became of them",
    apiGroups: [INSTANCE_GROUP],
    resources: ["falcos/status", "components/status"],
    verbs: ["patch"],
  },
  {
    why: "get, patch: their finalizers, until no node has files of them",
    apiGroups: [ARTIFACT_GROUP],
    resources: ["rulesfiles", "configs", "plugins"],
    verbs: [...READ, "patch"],
  },
  {
    why: "what all nodes say together",
    apiGroups: [ARTIFACT_GROUP],
    resources: ["rulesfiles/status", "configs/status", "plugins/status"],
    verbs: ["patch"],
  },
  {
    why: "what nodes say, and its end with their falco",
    apiGroups: [ARTIFACT_GROUP],
    resources: ["artifactnodes"],
    verbs: OWN,
  },
  {
    why: "nobody gives a right that they do not have: those of the instances' Role",
    apiGroups: [ARTIFACT_GROUP],
    resources: ["artifactnodes/status"],
    verbs: ["patch"],
  },
  { why: "the same", apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create"] },
  {
    why: "parts of an instance",
    apiGroups: [""],
    resources: ["services", "serviceaccounts"],
    verbs: APPLY,
  },
  {
    why: "the same; get: finalizers of those that an artifact names",
    apiGroups: [""],
    resources: ["configmaps"],
    verbs: ["get", ...APPLY],
  },
  {
    why: "the workload of an instance; get, delete: that of another type",
    apiGroups: ["apps"],
    resources: ["daemonsets", "deployments"],
    verbs: OWN,
  },
  {
    why: "the rights of an instance",
    apiGroups: [RBAC],
    resources: ["roles", "rolebindings"],
    verbs: APPLY,
  },
  {
    why: "the same; nothing in a namespace can own it, so that it has to be deleted",
    apiGroups: [RBAC],
    resources: ["clusterrolebindings"],
    verbs: ["create", "patch", "delete"],
  },
  {
    why: "what an instance may read in the whole cluster is given without being had",
    apiGroups: [RBAC],
    resources: ["clusterroles"],
    resourceNames: [INSTANCE_ROLE],
    verbs: ["bind"],
  },
  { why: "where falco runs, and is ready", apiGroups: [""], resources: ["pods"], verbs: FOLLOW },
  {
    why:
      "list and patch: finalizers of those that an artifact names, without what is in them; get: the instances' Role has it",
    apiGroups: [""],
    resources: ["secrets"],
    verbs: ["get", "list", "patch"],
  },
];

/** In the operator's own namespace. */
export const LEASE_RULES: readonly RbacRule[] = [
  {
    why: "which of several operators works",
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: ["get", "create", "update"],
  },
];

/** A list in YAML, each rule below a comment that says what needs it. */
export function rulesText(rules: readonly RbacRule[]): string {
  return rules.map(({ why, ...rule }) =>
    `# ${why}\n${stringify([rule], { aliasDuplicateObjects: false, lineWidth: 0 })}`
  ).join("");
}
