// The pod of an instance, before the user's podTemplateSpec comes over it.
// In: names, the image, the kind. Out: a pod template with the least that works.
// Elsewhere: the user's part (merge_template.ts), the same for the Helm chart (deploy/helm/falco/templates/_pod.tpl).

import { CONFIG_FOLDER, RULES_FOLDER, type WorkloadKind } from "./falco_settings.ts";

export interface PodNames {
  readonly name: string;
  readonly image: string;
  readonly kind: WorkloadKind;
  readonly labels: Readonly<Record<string, string>>;
  /** changes with falco.yaml, which is mounted as one file and not followed */
  readonly settingsHash: string;
}

const probe = (more: Readonly<Record<string, number>>) => ({
  httpGet: { path: "/healthz", port: 8765 },
  timeoutSeconds: 5,
  ...more,
});
const HOST_FOLDERS: Readonly<Record<string, string>> = {
  "proc-fs": "/proc",
  "etc-fs": "/etc",
  "run-fs": "/run",
  "var-run-fs": "/var/run",
};

export function podTemplate({ name, image, kind, labels, settingsHash }: PodNames) {
  const isWatching = kind === "DaemonSet";
  const folders = isWatching ? Object.entries(HOST_FOLDERS) : [];
  return {
    metadata: {
      labels,
      annotations: { "kubectl.kubernetes.io/default-container": "falco", "falco/settings": settingsHash },
    },
    spec: {
      serviceAccountName: name,
      ...isWatching
        ? {
          tolerations: ["master", "control-plane"].map((role) => ({
            key: `node-role.kubernetes.io/${role}`,
            effect: "NoSchedule",
          })),
        }
        : {},
      containers: [{
        name: "falco",
        image,
        imagePullPolicy: "IfNotPresent",
        args: ["/usr/bin/falco"],
        env: [
          { name: "HOST_ROOT", value: "/host" },
          {
            name: "FALCO_HOSTNAME",
            valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } },
          },
          {
            name: "FALCO_K8S_NODE_NAME",
            valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } },
          },
        ],
        ports: [{ name: "web", containerPort: 8765, protocol: "TCP" }],
        startupProbe: probe({ initialDelaySeconds: 3, periodSeconds: 5, failureThreshold: 20 }),
        livenessProbe: probe({ periodSeconds: 15, failureThreshold: 3 }),
        readinessProbe: probe({ periodSeconds: 15, failureThreshold: 3 }),
        resources: {
          requests: { cpu: "100m", memory: "256Mi" },
          limits: { cpu: "1000m", memory: "1024Mi" },
        },
        securityContext: securityContext(isWatching),
        volumeMounts: [
          {
            name: "falco-config-default",
            mountPath: "/etc/falco/falco.yaml",
            subPath: "falco.yaml",
            readOnly: true,
          },
          { name: "falco-configs", mountPath: CONFIG_FOLDER },
          { name: "falco-rulesfiles", mountPath: RULES_FOLDER },
          { name: "tmp", mountPath: "/tmp" },
          ...isWatching ? [{ name: "sys-fs", mountPath: "/sys/kernel", readOnly: true }] : [],
          ...folders.map(([volume, path]) => ({ name: volume, mountPath: `/host${path}`, readOnly: true })),
        ],
      }],
      volumes: [
        { name: "falco-config-default", configMap: { name } },
        { name: "falco-configs", emptyDir: {} },
        { name: "falco-rulesfiles", emptyDir: {} },
        { name: "tmp", emptyDir: {} },
        ...isWatching ? [{ name: "sys-fs", hostPath: { path: "/sys/kernel" } }] : [],
        ...folders.map(([volume, path]) => ({ name: volume, hostPath: { path } })),
      ],
    },
  };
}

/** As the chart has it: what loads the probe, reads open files of others, and what belongs to other users. */
function securityContext(isWatching: boolean) {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: {
      drop: ["ALL"],
      ...isWatching ? { add: ["BPF", "PERFMON", "SYS_PTRACE", "DAC_READ_SEARCH"] } : {},
    },
    ...isWatching
      ? { runAsUser: 0, seccompProfile: { type: "Unconfined" }, appArmorProfile: { type: "Unconfined" } }
      : {},
  };
}
