// A pod of the chart as options of `podman run`: what a kubelet would do with it, as far as one container needs it.
// In: rendered objects, a scratch folder. Out: options, arguments, the ConfigMaps as folders that can be swapped.
// Folders of the node that this host lacks are left out: a runtime of Kubernetes makes them, podman does not.

import { ConfigMapFolder } from "./falco_container.ts";
import type { Manifest } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly hostPath?: { readonly path: string };
}

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly Mount[];
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly securityContext: {
    readonly runAsUser: number;
    readonly allowPrivilegeEscalation: boolean;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilities: { readonly drop: readonly string[]; readonly add: readonly string[] };
    readonly seccompProfile: { readonly type: string };
  };
}

export interface PodOptions {
  readonly options: readonly string[];
  readonly args: readonly string[];
  readonly configMaps: ReadonlyMap<string, ConfigMapFolder>;
}

export function podOptions(objects: readonly Manifest[], folder: string): PodOptions {
  const owner = objects.find(({ kind }) => kind === "DaemonSet")!;
  const { containers: [container], volumes } = (owner["spec"] as Fields & {
    template: { spec: { containers: [Container]; volumes: Volume[] } };
  }).template.spec;
  const configMaps = new Map<string, ConfigMapFolder>();

  function mount({ name, mountPath, readOnly = false }: Mount): string[] {
    const { configMap, hostPath } = volumes.find((volume) => volume.name === name)!;
    const mode = readOnly ? "ro" : "rw";
    if (hostPath !== undefined) {
      return exists(hostPath.path) ? ["-v", `${hostPath.path}:${mountPath}:rbind,${mode}`] : [];
    }
    if (configMap === undefined) return ["--tmpfs", mountPath];
    const map = objects.find(({ kind, metadata }) =>
      kind === "ConfigMap" && metadata.name === configMap.name
    )!;
    const files = new ConfigMapFolder(
      `${folder}/configmap-${configMap.name}`,
      (map["data"] ?? {}) as Record<string, string>,
    );
    configMaps.set(configMap.name, files);
    return ["-v", `${files.path}:${mountPath}:${mode}`];
  }

  const { capabilities, seccompProfile, ...security } = container.securityContext;
  const options = [
    ...["--user", String(security.runAsUser)],
    ...capabilities.drop.flatMap((name) => ["--cap-drop", name]),
    ...capabilities.add.flatMap((name) => ["--cap-add", name]),
    ...["--security-opt", `seccomp=${seccompProfile.type.toLowerCase()}`],
    ...(security.allowPrivilegeEscalation ? [] : ["--security-opt", "no-new-privileges"]),
    ...(security.readOnlyRootFilesystem ? ["--read-only"] : []),
    ...["--memory", container.resources.limits.memory.replace("Mi", "m")],
    // a field of the pod stands for the name of the node
    ...container.env.flatMap(({ name, value = "node-1" }) => ["-e", `${name}=${value}`]),
    ...container.volumeMounts.flatMap(mount),
  ];
  return { options, args: container.args.slice(1), configMaps };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
