// What the falco of a run is told: rules, sources, engines, and the users of its host.
// In: the run's folder, settings of the strangers. Out: falco.yaml, a command in whose mount namespace falco starts.

import { must } from "../live/lab.ts";

export const MARK_RULE = "Marked file opened";
/** A user with a home in the run's folder, who is logged in. */
export const USER = 61_077;

const RULES = (folder: string) => `
- rule: ${MARK_RULE}
  desc: whether alerts come
  condition: evt.type in (open, openat, openat2) and fd.name startswith ${folder}/mark-
  output: "opened %fd.name by %proc.name"
  priority: WARNING
- rule: Privileged pod
  desc: so that audit events are evaluated
  source: k8s_audit
  condition: ka.req.pod.containers.privileged intersects (true)
  output: "pod %ka.target.name"
  priority: WARNING
`;

/** @param more of the strangers; without any it is a falco that nobody but the host's processes reach */
export function writeSettings(
  folder: string,
  name: string,
  webPort: number,
  more: Readonly<Record<string, unknown>>,
): string {
  Deno.writeTextFileSync(`${folder}/marks.yaml`, RULES(folder));
  const { auditPort, engines, rules, config, kubernetesUrl } = more;
  const nobody = Object.fromEntries(
    ["docker", "podman", "cri", "containerd"].map((engine) => [engine, { enabled: false }]),
  );
  const asked = Object.entries((engines ?? {}) as Record<string, readonly string[]>)
    .map(([engine, sockets]) => [engine, { enabled: true, sockets }]);
  const isReference = Object.keys(more).length === 0;
  // of Podman the usual places: a user's socket and storage among them
  const podman = isReference ? {} : { podman: { enabled: true } };
  const settings = {
    rules_files: [`${folder}/marks.yaml`, ...rules === undefined ? [] : [rules]],
    config_files: config === undefined ? [] : [config],
    webserver: {
      enabled: true,
      listen_address: "127.0.0.1",
      listen_port: webPort,
      prometheus_metrics_enabled: true,
    },
    metrics: { enabled: true, interval: "1m", output_rule: false },
    plugins: [
      {
        name: "container",
        library_path: "libcontainer.so",
        init_config: { engines: { ...nobody, ...podman, ...Object.fromEntries(asked) } },
      },
      ...auditPort === undefined ? [] : [{
        name: "k8saudit",
        library_path: "libk8saudit.so",
        init_config: {},
        open_params: `http://127.0.0.1:${auditPort}/k8s-audit`,
      }],
    ],
    load_plugins: ["container", ...auditPort === undefined ? [] : ["k8saudit"]],
    ...kubernetesUrl === undefined ? {} : {
      metadata: {
        kubernetes: { enabled: true, url: kubernetesUrl, node_name: "node-1", token_file: "", ca_file: "" },
      },
    },
  };
  const path = `${folder}/${name}.yaml`;
  Deno.writeTextFileSync(path, JSON.stringify(settings));
  return path;
}

/** A wrapper under which the users of this host are root, nobody, and one with a home in the run's folder. */
export async function ownUsers(folder: string): Promise<{ readonly wrapper: readonly string[] }> {
  const home = `${folder}/home`, runtime = `/run/user/${USER}`;
  await must("mkdir", "-p", home, `${runtime}/podman`);
  Deno.writeTextFileSync(
    `${folder}/passwd`,
    ["root:x:0:0:root:/root:/bin/sh", `fuzz:x:${USER}:${USER}::${home}:/bin/sh`, ""].join("\n"),
  );
  await must("chown", "-R", `${USER}:${USER}`, home, runtime);
  return {
    wrapper: [
      "unshare",
      "--mount",
      "sh",
      "-c",
      `mount --bind ${folder}/passwd /etc/passwd && exec "$@"`,
      "sh",
    ],
  };
}

export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
