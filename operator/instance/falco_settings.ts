// The falco.yaml of an instance.
// In: what kind of instance. Out: settings. Elsewhere: Config objects, which come on top (node/), the keys (config/).

import { stringify } from "yaml";

export type WorkloadKind = "DaemonSet" | "Deployment";

/** Where the objects of the artifact kinds become files; the pod has folders there. */
export const CONFIG_FOLDER = "/etc/falco/config.d";
export const RULES_FOLDER = "/etc/falco/rules.d";

/** The bundled rules come first, so that Rulesfiles find their macros and can change them. */
export function falcoSettings(kind: WorkloadKind): string {
  return stringify({
    append_output: [{ suggested_output: true }],
    artifacts: { kubernetes: true },
    config_files: [CONFIG_FOLDER],
    engine: { kind: kind === "DaemonSet" ? "modern_ebpf" : "nodriver" },
    log_syslog: false,
    metadata: { kubernetes: { enabled: kind === "DaemonSet" } },
    metrics: { enabled: true },
    rules_files: ["/etc/falco/falco_rules.yaml", RULES_FOLDER],
    stdout_output: { enabled: true },
    syslog_output: { enabled: false },
    watch_config_files: true,
    webserver: { enabled: true, listen_port: 8765, prometheus_metrics_enabled: true },
  });
}
