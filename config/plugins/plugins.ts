// What the plugins that are built in take as `init_config`. Keys are Falco's plugins' own.
// In: nothing. Out: a table for each. Elsewhere: checking it (config/plugins/check.ts), what it means (metadata/, sources/).

import { MAX_BATCH_BYTES, MAX_EVENT_BYTES } from "../json_limits.ts";
import { bool, choice, choices, type Definition, int, record, text, texts } from "../definition.ts";

const engine = record(
  { "enabled": bool(undefined, "ask it"), "sockets": texts("its sockets; none: the usual places") },
  "a container engine",
);
const cgroups = record(
  { "enabled": bool(undefined, "know its containers by their cgroups") },
  "a container engine",
);

export const PLUGIN_CONFIGS: Readonly<Record<string, Definition>> = {
  container: record({
    "label_max_len": int(100, 0, 65_536, "longer labels are left out"),
    "with_size": bool(false, "ask for the size of containers, which is slow"),
    "engine_timeout": int(10, 0, 3600, "seconds that an engine may take to list its containers; 0: 20"),
    "hooks": choices(["create", "start"], "when a container is asked about", ["create"]),
    "log_level": choice(
      "info",
      ["trace", "debug", "info", "warn", "error", "critical", "off"],
      "accepted; log_level of falco itself counts",
    ),
    "host_root": text(undefined, "accepted; the variable HOST_ROOT counts"),
    "engines": record({
      "docker": engine,
      "podman": engine,
      "cri": engine,
      "containerd": engine,
      "lxc": cgroups,
      "libvirt_lxc": cgroups,
      "bpm": cgroups,
      "static": record({
        "enabled": bool(false, "all events are of one container"),
        "container_id": text(undefined, "its id"),
        "container_name": text(undefined, "its name"),
        "container_image": text(undefined, "its image"),
      }, "one container for all"),
    }, "each engine"),
  }, "containers"),
  k8saudit: record({
    "sslCertificate": text("/etc/falco/falco.pem", "file with private key and certificate"),
    "useAsync": bool(true, "accepted: events are always read alongside their evaluating"),
    "maxEventSize": int(
      MAX_EVENT_BYTES,
      1,
      1_073_741_824,
      "bytes of an event, 8 MB at most; longer ones are counted and not evaluated",
    ),
    "webhookMaxBatchSize": int(MAX_BATCH_BYTES, 1, MAX_BATCH_BYTES, "bytes of a request"),
    "clientCa": text(
      undefined,
      "PEM file: with https, only clients with a certificate of these authorities are heard",
    ),
    "tokenFile": text(undefined, "file with the bearer token that requests must show"),
    "queueEvents": int(
      20_000,
      1,
      10_000_000,
      "events that may wait; when they are more, requests are answered 429",
    ),
    "queueBytes": int(67_108_864, 1, 4_294_967_296, "bytes of them"),
  }, "Kubernetes audit events"),
  json: record({}, "nothing"),
  k8smeta: record({
    "nodeName": text(undefined, "name of this node; as metadata.kubernetes.node_name"),
    "collectorHostname": text(undefined, "accepted: no collector is needed, the API server itself is asked"),
    "collectorPort": int(undefined, 0, 65_535, "accepted: no collector is needed"),
    "caPEMBundle": text(
      undefined,
      "accepted: it is the collector's; metadata.kubernetes.ca_file is the API server's",
    ),
    "verbosity": choice(
      "info",
      ["trace", "debug", "info", "warning", "error", "critical"],
      "accepted; log_level of falco itself counts",
    ),
    "hostProc": text(undefined, "accepted; the variable HOST_ROOT counts"),
  }, "Kubernetes metadata"),
};
