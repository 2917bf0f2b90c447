// What Kubernetes' OpenAPI says about objects: values by its schemas, and names of fields, which the schemas leave open and
// the API server refuses, by its types.
// In: objects. Out: problems as lines. Kinds that are no part of Kubernetes itself are only listed.

import { ClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import { ClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { DaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Secret } from "kubernetes-models/v1/Secret";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import type { Manifest } from "./helm/chart.ts";
import { PROJECT } from "../support/program.ts";

interface Model {
  validate(): void;
}

const MODELS: Readonly<Record<string, new (data: never) => Model>> = {
  "apps/v1/DaemonSet": DaemonSet,
  "apps/v1/Deployment": Deployment,
  "rbac.authorization.k8s.io/v1/ClusterRole": ClusterRole,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ClusterRoleBinding,
  "v1/ConfigMap": ConfigMap,
  "v1/Namespace": Namespace,
  "v1/Secret": Secret,
  "v1/Service": Service,
  "v1/ServiceAccount": ServiceAccount,
};

/** Of others: an operator's, OpenShift's. */
export const FOREIGN_KINDS = [
  "monitoring.coreos.com/v1/ServiceMonitor",
  "security.openshift.io/v1/SecurityContextConstraints",
];

export function schemaProblems(objects: readonly Manifest[]): string[] {
  return objects.flatMap((object) => {
    const kind = kindOf(object);
    if (FOREIGN_KINDS.includes(kind)) return [];
    const model = MODELS[kind];
    if (model === undefined) return [`${kind}: no such kind`];
    try {
      new model(object as never).validate();
      return [];
    } catch (error) {
      return [`${kind} ${object.metadata.name}: ${error instanceof Error ? error.message : error}`];
    }
  });
}

/** The compiler knows every field of every object: one that Kubernetes has not is an excess property of a literal. */
export async function fieldProblems(objects: readonly Manifest[]): Promise<string[]> {
  const known = objects.filter((object) => MODELS[kindOf(object)] !== undefined);
  const lines = known.map((object, i) => {
    const kind = kindOf(object);
    const type = `I${object.kind}`;
    return `import type { ${type} as T${i} } from "kubernetes-models/${kind}";\n` +
      `export const o${i}: T${i} = ${JSON.stringify(object)};\n`;
  });
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, lines.join(""));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--config", `${PROJECT}deno.json`, file],
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
    }).output();
    return success
      ? []
      : new TextDecoder().decode(stderr).match(/^.*(TS\d+|error).*$/gm) ?? ["deno check failed"];
  } finally {
    await Deno.remove(file);
  }
}

export function kindOf({ apiVersion, kind }: Manifest): string {
  return `${apiVersion}/${kind}`;
}
