// Values as users set them, each with what it shows. Golden files hold what the chart makes of them.

import type { RenderOptions } from "./helm/chart.ts";
import { VERSION } from "../../base/versions.ts";
import { VALUES_TABLE, valuesOf } from "../../scripts/docs/values_table.ts";
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
  artifacts: {
    values: {
      falcoctl: {
        config: {
          artifact: {
            install: { refs: ["falco-rules:5", "ghcr.io/team/rules:^1.2"] },
            follow: { refs: ["registry.example:5000/own:1"], every: "6h", cron: "0 3 * * *" },
          },
        },
      },
      falco: { artifacts: { signatures: [{ match: "*", key: "/etc/falco/keys/cosign.pub" }] } },
      mounts: {
        volumes: [{ name: "keys", secret: { secretName: "cosign" } }],
        volumeMounts: [{ name: "keys", mountPath: "/etc/falco/keys", readOnly: true }],
      },
    },
  },
  older_kubernetes: { values: {}, options: { kubeVersion: "v1.25.4" } },
};

/** What Falco's chart is given for Kubernetes audit events, with and without system calls. */
const AUDIT = {
  falcoctl: {
    artifact: { install: { enabled: true }, follow: { enabled: true } },
    config: {
      artifact: {
        install: { refs: ["k8saudit-rules:0.16", "k8saudit:0.16"] },
        follow: { refs: ["k8saudit-rules:0.16"] },
      },
    },
  },
  services: [{ name: "k8saudit-webhook", type: "NodePort", ports: [{ port: 9765, nodePort: 30007 }] }],
  falco: {
    rules_files: ["/etc/falco/k8s_audit_rules.yaml", "/etc/falco/rules.d"],
    plugins: [
      {
        name: "k8saudit",
        library_path: "libk8saudit.so",
        init_config: "",
        open_params: "http://:9765/k8s-audit",
      },
      { name: "json", library_path: "libjson.so", init_config: "" },
    ],
    load_plugins: ["k8saudit", "json"],
  },
};

/** Values files of Falco's chart, by their names there. */
export const FALCOS_FILES: Readonly<Record<string, Fields>> = {
  "values.yaml": valuesOf(VALUES_TABLE.values),
  "values-k8saudit.yaml": {
    ...AUDIT,
    driver: { enabled: false },
    collectors: { enabled: false },
    controller: { kind: "deployment", deployment: { replicas: 1 } },
  },
  "values-syscall-k8saudit.yaml": {
    ...AUDIT,
    driver: { enabled: true, kind: "module" },
    collectors: { enabled: true },
    controller: { kind: "daemonset" },
  },
};

/** What the table of values refuses because of several values, by its names. */
export const REFUSED_TOGETHER: Readonly<Record<string, Fields>> = {
  rules_folder: {
    customRules: { "a.yaml": "" },
    falco: { rules_files: ["/etc/falco/falco_rules.yaml", "/etc/falco/rules.data"] },
  },
  rules_below: {
    customRules: { "a.yaml": "" },
    mounts: {
      volumeMounts: [{ name: "one", mountPath: "/etc/falco/rules.d/one.yaml", subPath: "one.yaml" }],
    },
  },
  no_shell: { image: { tag: VERSION }, falco: { program_output: { enabled: true, program: "cat" } } },
  no_url: { falco: { http_output: { enabled: true } } },
  no_syslog: { falco: { stdout_output: { enabled: false }, syslog_output: { enabled: true } } },
  falcos_image: { image: { registry: "registry.example", repository: "falcosecurity/falco" } },
  no_authority: { certs: { client: { key: "k", crt: "c" } } },
};

/** Near those, and nothing is lost. */
export const NOT_REFUSED: readonly Fields[] = [
  {
    mounts: {
      volumeMounts: [{ name: "one", mountPath: "/etc/falco/rules.d/one.yaml", subPath: "one.yaml" }],
    },
  },
  { customRules: { "a.yaml": "" }, falco: { rules_files: ["/etc/falco/rules.d/a.yaml"] } },
  { customRules: { "a.yaml": "" }, falco: { rules_files: [] }, extra: { args: ["-r=/etc/falco/rules.d"] } },
  { falco: { program_output: { enabled: true, program: "cat" } } },
  { image: { tag: "own" }, falco: { program_output: { enabled: true, program: "cat" } } },
  {
    falco: { stdout_output: { enabled: false }, syslog_output: { enabled: true } },
    mounts: { volumeMounts: [{ name: "log", mountPath: "/dev/log" }] },
  },
  { falco: { stdout_output: null, syslog_output: { enabled: true }, sinks: [{ type: "stdout" }] } },
  { image: { registry: "docker.io", repository: "falcosecurity/falco-debian" } },
  // only what is loaded counts
  { falco: { plugins: [{ name: "cloudtrail", library_path: "libcloudtrail.so" }], load_plugins: [] } },
  {
    falcoctl: {
      artifact: { install: { enabled: false } },
      config: { artifact: { install: { refs: ["own-rules:1"] } } },
    },
  },
];
