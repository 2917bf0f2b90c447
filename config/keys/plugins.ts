// Keys about what Falco does by plugins: containers, Kubernetes audit events, JSON.

import { MAX_BATCH_BYTES, MAX_EVENT_BYTES } from "../json_limits.ts";
import { bool, choice, idle, int, list, own, record, required, text, texts } from "../definition.ts";

const json = { type: "any", help: "what the plugin is told at its start: a mapping, or a text" } as const;

export const PLUGINS = {
  "plugins": list(
    {
      ...record({
        "name": required(text(undefined, "name of the plugin")),
        "library_path": required(text(undefined, "Falco's file for it; what it does is built in here")),
        "init_config": json,
        "open_params": text(undefined, "what is read: a URL or a path"),
      }, "a plugin"),
      takesUnknown: true,
    },
    "settings of plugins, each with `name`, `library_path`, `init_config` and `open_params`",
  ),
  "load_plugins": {
    ...texts("names of those of `plugins` that are used; without this key, all of them"),
    absent: [],
  },
  "plugins_hostinfo": idle(
    bool(true, "plugins may use what is known of this host"),
    "what is built in asks for nothing that it does not need",
  ),
};

export const JSON_SOURCES = own({
  "k8s_audit_endpoint": text(
    "",
    "URL at which Kubernetes audit events are received, as of Falco before it had plugins: http://localhost:9765/k8s-audit",
  ),
  "sources": list(
    record({
      "name": required(text(undefined, "what rules say as `source`")),
      "format": choice(
        "json",
        ["json", "k8s_audit"],
        "fields: json.* and jevt.*; those of audit events with k8s_audit",
      ),
      "input": required(
        text(
          undefined,
          "file, tail, stdin or http; or a URL to listen at, file:///PATH to follow, a path to read to its end",
        ),
      ),
      "path": text(undefined, "for file: a file or folder with a JSON text in each line; for tail: a file"),
      "url": text(undefined, "for http: where to listen, as http://:9765/events"),
      "time": text(
        undefined,
        "pointer to the time of an event, as /eventTime; without it, the time of arrival",
      ),
      "items": text(
        undefined,
        "pointer to an array of events, as /Records; without it a text is one event, or an array of them",
      ),
      "from": choice("end", ["end", "start"], "for tail: whether what is in the file at the start is read"),
      "certificate": text(undefined, "for https: PEM file with private key and certificate"),
      "client_ca": text(
        undefined,
        "for https: PEM file; only clients with a certificate of these authorities are heard",
      ),
      "token_file": text(undefined, "for http: file with the bearer token that requests must show"),
      "max_event_size": int(
        MAX_EVENT_BYTES,
        1,
        MAX_EVENT_BYTES,
        "bytes of an event; longer ones are counted and not evaluated",
      ),
      "max_batch_size": int(MAX_BATCH_BYTES, 1, MAX_BATCH_BYTES, "bytes of a request"),
      "queue_events": int(
        20_000,
        1,
        10_000_000,
        "events that may wait; when they are more, requests are answered 429",
      ),
      "queue_bytes": int(67_108_864, 1, 4_294_967_296, "bytes of them"),
    }, "a source"),
    "sources of events that are JSON, one text in each line or request",
  ),
});

const ask = (what: string) => bool(true, `ask ${what} about containers`);
const sockets = (usual: string) => texts(`its sockets; none: ${usual}`);

/** Of Falco before 0.41, where they were no plugin's; what `init_config` of the plugin container says comes first. */
export const CONTAINERS = own({
  "container_engines.docker.enabled": ask("Docker"),
  "container_engines.docker.sockets": sockets("/var/run/docker.sock"),
  "container_engines.podman.enabled": ask("Podman"),
  "container_engines.podman.sockets": sockets("/run/podman/podman.sock and those of users"),
  "container_engines.cri.enabled": ask("runtimes that speak CRI"),
  "container_engines.cri.sockets": sockets("those of containerd, CRI-O and k3s"),
  "container_engines.containerd.enabled": ask("containerd"),
  "container_engines.containerd.sockets": sockets("those of containerd and k3s"),
  "container_engines.lxc.enabled": bool(true, "know LXC containers by their cgroups"),
  "container_engines.libvirt_lxc.enabled": bool(true, "know libvirt's containers by their cgroups"),
  "container_engines.bpm.enabled": bool(true, "know bpm's containers by their cgroups"),
});

export const METADATA = own({
  "metadata.wait_ms": int(
    500,
    0,
    10_000,
    "milliseconds for which the first events of a container wait for its name and image, when they are not known yet; " +
      "0: they are evaluated at once, as Falco does",
  ),
  "metadata.kubernetes.enabled": bool(
    false,
    "ask the API server of Kubernetes about the pods of this node, for fields k8smeta.*; also when `load_plugins` has k8smeta",
  ),
  "metadata.kubernetes.url": text(
    "",
    "the API server, https://host:port; empty: the one that KUBERNETES_SERVICE_HOST and …_PORT name inside a pod",
  ),
  "metadata.kubernetes.node_name": text(
    "",
    "name of this node in Kubernetes; empty: FALCO_K8S_NODE_NAME or NODE_NAME, else the name of the host",
  ),
  "metadata.kubernetes.token_file": text(
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
    "token that is shown to the API server, read again for each request; empty: none",
  ),
  "metadata.kubernetes.ca_file": text(
    "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
    "PEM bundle of authorities that verify the API server's certificate; empty: the system's",
  ),
});
