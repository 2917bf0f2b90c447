// Values as users set them, each with what it shows. Golden files hold what the chart makes of them.

import type { RenderOptions } from "./helm/chart.ts";
import type { Fields } from "./helm/template_functions.ts";

export interface ChartCase {
  readonly values: Fields;
  readonly options?: RenderOptions;
}

const RULE = `- rule: Read of our secret
  desc: somebody reads it
  condition: open_read and fd.name = /srv/secret
  output: secret read (file=%fd.name user=%user.name)
  priority: WARNING
`;

export const CASES: Readonly<Record<string, ChartCase>> = {
  default: { values: {} },
  custom_rules: { values: { customRules: { "own_rules.yaml": RULE, "more.yaml": "# nothing yet" } } },
  /** what many set for Falco's chart */
  as_for_falco: {
    values: {
      tty: true,
      driver: {
        kind: "modern_ebpf",
        modernEbpf: { leastPrivileged: false, bufSizePreset: 6, cpusForEachBuffer: 2 },
      },
      collectors: {
        docker: { enabled: false }, // of the chart before 4.0
        containerEngine: { engines: { docker: { enabled: false }, podman: { enabled: false } } },
      },
      falcoctl: { artifact: { install: { enabled: false }, follow: { enabled: false } } },
      falcosidekick: { enabled: false },
      falco: {
        json_output: true,
        priority: "notice",
        rule_matching: "all",
        load_plugins: [],
        plugins: [],
        http_output: { enabled: true, url: "http://collector.logging:2801" },
        grpc: { enabled: false },
      },
      extra: { args: ["-v"], env: [{ name: "CLUSTER", value: "{{ .Release.Name }}-1" }] },
      tolerations: [{ operator: "Exists" }],
    },
    options: { release: "security", namespace: "monitoring" },
  },
  everything: {
    values: {
      image: { registry: "registry.example:5000", repository: "team/falco", tag: "1.2" },
      imagePullSecrets: [{ name: "registry" }],
      serviceAccount: {
        annotations: { "example.com/role": "falco" },
        imagePullSecrets: [{ name: "registry" }],
      },
      collectors: { kubernetes: { enabled: true } },
      metrics: {
        enabled: true,
        interval: "10m",
        service: { labels: { team: "a" }, annotations: { scrape: "yes" }, ipFamilies: ["IPv6"] },
      },
      serviceMonitor: {
        create: true,
        labels: { release: "prometheus" },
        selector: { team: "a" },
        relabelings: [{ action: "labeldrop", regex: "pod" }],
        tlsConfig: { insecureSkipVerify: true },
        targetLabels: ["team"],
      },
      services: [{
        name: "audit",
        type: "NodePort",
        ports: [{ port: 9765, nodePort: 30007, protocol: "TCP" }],
      }],
      certs: { existingSecret: "web", client: { key: "KEY\n", crt: "CRT\n" }, ca: { crt: "CA\n" } },
      falco: { webserver: { ssl_enabled: true, ssl_certificate: "/etc/falco/certs/falco.pem" } },
      extra: {
        env: [{ name: "FALCO_HOSTNAME", value: "own" }],
        initContainers: [{ name: "wait", image: "busybox", args: ["true"] }],
      },
      mounts: {
        volumes: [{ name: "spool", hostPath: { path: "/var/lib/falco" } }],
        volumeMounts: [{ name: "spool", mountPath: "/var/lib/falco" }],
      },
      controller: { annotations: { a: "b" }, labels: { c: "d" } },
      podAnnotations: { e: "f" },
      podLabels: { g: "h" },
      podPriorityClassName: "system-node-critical",
      podHostname: "watcher",
      podSecurityContext: { fsGroup: 0 },
      nodeSelector: { "kubernetes.io/os": "linux" },
      affinity: { nodeAffinity: {} },
    },
    options: { apiVersions: ["security.openshift.io/v1"] },
  },
  no_driver: {
    values: {
      driver: { enabled: false },
      controller: { kind: "deployment", deployment: { replicas: 2, revisionHistoryLimit: 1 } },
      serviceAccount: { create: false },
      certs: { server: { key: "KEY\n", crt: "CRT\n" } },
      fullnameOverride: "audit",
      namespaceOverride: "kube-system",
    },
  },
  older_kubernetes: { values: {}, options: { kubeVersion: "v1.25.4" } },
};

/** Each with what the message has to say. */
export const REFUSED: readonly { readonly values: Fields; readonly message: RegExp }[] = [
  { values: { falcosidekick: { enabled: true } }, message: /no falcosidekick.*falco\.http_output\.url/ },
  { values: { controller: { kind: "statefulset" } }, message: /controller\.kind.*daemonset or deployment/ },
  { values: { serviceMonitor: { create: true } }, message: /needs metrics\.enabled/ },
  { values: { certs: { client: { key: "k", crt: "c" } } }, message: /certs\.ca\.crt/ },
];
