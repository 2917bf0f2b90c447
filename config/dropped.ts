// Keys that Falco once had and has dropped, with what replaces them: a file of old still works, and says what to change where
// it asks for something. Falco's own old files had most of these keys, in use or not.
// In: a key and what was written. Out: what to say. A name stands for all keys below it as well.

import type { YamlMap, YamlNode } from "../rules/mod.ts";

export interface DroppedKey {
  readonly instead: string;
  /** what Falco's own files had there; of several keys, by their names */
  readonly shipped?: string | Readonly<Record<string, string>>;
  /** the `engine.kind` that it belonged to */
  readonly engine?: string;
}

const RINGS = "say engine.modern_ebpf.buf_size_preset";
const GRPC = "the gRPC server is gone from Falco 0.44; say http_output, or a sink of `sinks`";

export const DROPPED: Readonly<Record<string, DroppedKey>> = {
  "syscall_buf_size_preset": { instead: RINGS, shipped: "4" },
  "syscall_drop_failed_exit": { instead: "say engine.modern_ebpf.drop_failed_exit", shipped: "false" },
  "modern_bpf": {
    instead: "say engine.modern_ebpf.cpus_for_each_buffer",
    shipped: { cpus_for_each_buffer: "2" },
  },
  "engine.ebpf": {
    instead: "the older eBPF probe is gone from Falco 0.44; say engine.modern_ebpf",
    engine: "ebpf",
  },
  "engine.gvisor": {
    instead: "the gVisor engine is gone from Falco 0.44, and nothing replaces it",
    engine: "gvisor",
  },
  "engine.replay.trace_file": { instead: "say engine.replay.capture_file", shipped: "" },
  "replay": { instead: "say engine.replay.capture_file", shipped: { capture_file: "", trace_file: "" } },
  "grpc": { instead: GRPC },
  "grpc_output": { instead: GRPC },
  "outputs": {
    instead: "say noise_control.rate_limit.rate and noise_control.rate_limit.max_burst",
    shipped: { rate: "1", max_burst: "1000" },
  },
  "outputs_queue.recovery": {
    instead: "a full queue always drops alerts and counts them; a spool keeps them: spool.enabled",
    shipped: "1",
  },
  "metadata_download": {
    instead: "nothing is downloaded from Kubernetes; names of pods come from the container runtime",
    shipped: { max_mb: "100", chunk_wait_us: "1000", watch_freq_sec: "1" },
  },
  "webserver.k8s_audit_endpoint": {
    instead:
      "Kubernetes audit events are a plugin's: `plugins` with name: k8saudit; or say k8s_audit_endpoint, with a URL",
    shipped: "/k8s-audit",
  },
  "container_engines.cri.disable_async": {
    instead: "alerts wait for containers as metadata.wait_ms says",
    shipped: "false",
  },
};

/** Whether there once was such a key. */
export function isDropped(key: string): boolean {
  return Object.hasOwn(DROPPED, key);
}

/** What to say about it; nothing where it asks for nothing. */
export function droppedKey(key: string, node: YamlNode, settings: YamlMap): string | undefined {
  const dropped = DROPPED[key];
  if (dropped === undefined || !isInUse(dropped, node, settings)) return undefined;
  return `${key} is no longer a setting: ${dropped.instead}`;
}

function isInUse({ engine, shipped }: DroppedKey, node: YamlNode, settings: YamlMap): boolean {
  if (node.kind === "null") return false;
  if (engine !== undefined) return textOf(textOf(settings, "engine"), "kind") === engine;
  if (node.kind === "map" && textOf(node, "enabled") === "false") return false;
  if (shipped === undefined) return true;
  if (typeof shipped === "string") return node.kind !== "scalar" || node.value.trim() !== shipped;
  return node.kind !== "map" ||
    [...node.entries].some(([name, { value }]) =>
      value.kind !== "null" && (value.kind !== "scalar" || value.value.trim() !== shipped[name])
    );
}

/** A text below a mapping, or the mapping itself that is there. */
function textOf(node: YamlNode | string | undefined, name: string): YamlNode | string | undefined {
  if (typeof node !== "object" || node.kind !== "map") return undefined;
  const value = node.entries.get(name)?.value;
  return value?.kind === "scalar" ? value.value.trim().toLowerCase() : value;
}
