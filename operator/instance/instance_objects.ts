// All that an instance of falco consists of.
// In: a Falco object, the image. Out: objects to apply, in this order; the workload last.
// Elsewhere: applying them (instance_controller.ts), the pod (pod_template.ts).

import { createHash } from "node:crypto";
import { type JsonObject, objectAt, objectOf, textOf } from "../../base/mod.ts";
import { ARTIFACT_GROUP, KINDS } from "../api/kinds.ts";
import { type KubeObject, type Meta, metaOf, ownerOf } from "../api/objects.ts";
import { INSTANCE_ROLE } from "../rbac.ts";
import { falcoSettings, type WorkloadKind } from "./falco_settings.ts";
import { mergeTemplate } from "./merge_template.ts";
import { podTemplate } from "./pod_template.ts";

export interface InstanceOptions {
  readonly image: string;
  /** keys that are not passed on to what belongs to an instance; * stands for anything */
  readonly excludedLabels: readonly string[];
}

export const MANAGED_BY = { "app.kubernetes.io/managed-by": "falco-operator" } as const;

export function workloadKind(falco: unknown): WorkloadKind {
  return objectAt(falco, "spec")["type"] === "Deployment" ? "Deployment" : "DaemonSet";
}

/** Of all namespaces there is one of this name. */
export function bindingName(namespace: string, name: string): string {
  return `falco-instance:${namespace}:${name}`;
}

/** That of Falco's operator, which is left as it is as long as the object is there. */
export function foreignBindingName(namespace: string, name: string): string {
  return [name, namespace].map((part) => part.replaceAll("--", "__DASH__")).join("--");
}

export function instanceObjects(falco: unknown, options: InstanceOptions): KubeObject[] {
  const { name, namespace, labels: users } = metaOf(falco);
  const kind = workloadKind(falco);
  // a workload's selector cannot be changed: this is the one of Falco's operator
  const selector = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name };
  const labels = { ...passedOn(users, options.excludedLabels), ...selector, ...MANAGED_BY };
  // some clusters ask for a right to this, which the operator has (update falcos/finalizers)
  const owner = { ...ownerOf(KINDS.Falco, falco), blockOwnerDeletion: true };
  const metadata: Meta = { name, namespace, labels, ownerReferences: [owner] };
  const account = [{ kind: "ServiceAccount", name, namespace }];
  const settings = falcoSettings(kind);
  return [
    object("ServiceAccount", { metadata }),
    object("Role", { metadata, rules: roleRules() }),
    object("RoleBinding", {
      metadata,
      subjects: account,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    }),
    object("ClusterRoleBinding", {
      // nothing in a namespace can own it: the finalizer takes it away
      metadata: { name: bindingName(namespace, name), labels },
      subjects: account,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: INSTANCE_ROLE },
    }),
    object("ConfigMap", { metadata, data: { "falco.yaml": settings } }),
    object("Service", {
      metadata,
      spec: { selector, ports: [{ name: "web", port: 8765, targetPort: 8765, protocol: "TCP" }] },
    }),
    workload(falco, kind, { metadata, selector, labels, image: options.image, settings }),
  ];
}

interface WorkloadParts {
  readonly metadata: Meta;
  readonly selector: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly settings: string;
}

function workload(falco: unknown, kind: WorkloadKind, parts: WorkloadParts): KubeObject {
  const spec = objectAt(falco, "spec");
  const { metadata, selector, labels, image, settings } = parts;
  const settingsHash = createHash("sha256").update(settings).digest("hex").slice(0, 16);
  const base = podTemplate({ name: metadata.name, image, kind, labels, settingsHash });
  const template = mergeTemplate(base, objectOf(spec["podTemplateSpec"]));
  const strategy = kind === "DaemonSet" ? spec["updateStrategy"] : spec["strategy"];
  return object(kind, {
    metadata,
    spec: {
      selector: { matchLabels: selector },
      template,
      ...kind === "Deployment" ? { replicas: Number(spec["replicas"] ?? 1) } : {},
      ...strategy === undefined ? {} : { [kind === "DaemonSet" ? "updateStrategy" : "strategy"]: strategy },
    },
  });
}

/** What the artifact kinds of its own namespace need, and no more. */
function roleRules() {
  const follow = ["list", "watch"];
  return [
    // sources of Rulesfiles and Configs, credentials of registries
    { apiGroups: [""], resources: ["configmaps"], verbs: follow },
    { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
    { apiGroups: [ARTIFACT_GROUP], resources: ["configs", "rulesfiles", "plugins"], verbs: follow },
    // what it says about each of them on its node
    {
      apiGroups: [ARTIFACT_GROUP],
      resources: ["artifactnodes"],
      verbs: [...follow, "create", "patch", "delete"],
    },
    { apiGroups: [ARTIFACT_GROUP], resources: ["artifactnodes/status"], verbs: ["patch"] },
    // for `kubectl describe` of an artifact
    { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create"] },
  ];
}

function object(kind: keyof typeof KINDS, rest: JsonObject & { readonly metadata: Meta }): KubeObject {
  return { apiVersion: KINDS[kind].apiVersion, kind, ...rest };
}

function passedOn(labels: Readonly<Record<string, string>>, excluded: readonly string[]) {
  const patterns = excluded.map((pattern) =>
    new RegExp(
      `^${pattern.split("*").map((part) => part.replace(/[.\\+^$(){}|[\]?]/g, "\\$&")).join("[^]*")}$`,
    )
  );
  return Object.fromEntries(
    Object.entries(labels).filter(([key, value]) =>
      textOf(value) === value && !patterns.some((pattern) => pattern.test(key))
    ),
  );
}
