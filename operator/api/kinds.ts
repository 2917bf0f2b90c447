// The kinds of objects that the operator works with, and where the API server has them.
// In: nothing. Out: paths. Elsewhere: what is done there (objects.ts), the custom kinds' schemas (crds.ts).

export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

export const INSTANCE_GROUP = "instance.falcosecurity.dev";
export const ARTIFACT_GROUP = "artifact.falcosecurity.dev";
const VERSION = "v1alpha1";

const namespaced = (apiVersion: string, kind: string, plural: string): Kind => ({
  apiVersion,
  kind,
  plural,
  isNamespaced: true,
});
const ofCluster = (apiVersion: string, kind: string, plural: string): Kind => ({
  apiVersion,
  kind,
  plural,
  isNamespaced: false,
});

const RBAC = "rbac.authorization.k8s.io/v1";

export const KINDS = {
  Falco: namespaced(`${INSTANCE_GROUP}/${VERSION}`, "Falco", "falcos"),
  Component: namespaced(`${INSTANCE_GROUP}/${VERSION}`, "Component", "components"),
  Rulesfile: namespaced(`${ARTIFACT_GROUP}/${VERSION}`, "Rulesfile", "rulesfiles"),
  Config: namespaced(`${ARTIFACT_GROUP}/${VERSION}`, "Config", "configs"),
  Plugin: namespaced(`${ARTIFACT_GROUP}/${VERSION}`, "Plugin", "plugins"),
  ArtifactNode: namespaced(`${ARTIFACT_GROUP}/${VERSION}`, "ArtifactNode", "artifactnodes"),
  ServiceAccount: namespaced("v1", "ServiceAccount", "serviceaccounts"),
  ConfigMap: namespaced("v1", "ConfigMap", "configmaps"),
  Secret: namespaced("v1", "Secret", "secrets"),
  Service: namespaced("v1", "Service", "services"),
  Node: ofCluster("v1", "Node", "nodes"),
  Pod: namespaced("v1", "Pod", "pods"),
  Event: namespaced("events.k8s.io/v1", "Event", "events"),
  Role: namespaced(RBAC, "Role", "roles"),
  RoleBinding: namespaced(RBAC, "RoleBinding", "rolebindings"),
  ClusterRoleBinding: ofCluster(RBAC, "ClusterRoleBinding", "clusterrolebindings"),
  DaemonSet: namespaced("apps/v1", "DaemonSet", "daemonsets"),
  Deployment: namespaced("apps/v1", "Deployment", "deployments"),
  Lease: namespaced("coordination.k8s.io/v1", "Lease", "leases"),
} as const satisfies Readonly<Record<string, Kind>>;

/** Of all objects of a kind, everywhere or in a namespace. */
export function listPath({ apiVersion, plural, isNamespaced }: Kind, namespace = ""): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = isNamespaced && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${group}${within}/${plural}`;
}

export function objectPath(kind: Kind, namespace: string, name: string): string {
  return `${listPath(kind, namespace)}/${encodeURIComponent(name)}`;
}
