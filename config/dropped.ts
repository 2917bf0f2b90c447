// Keys that Falco once had and has dropped, with what replaces them: a file of old still works, and says what to change.
// A name stands for all keys below it as well.

export const DROPPED: Readonly<Record<string, string>> = {
  "syscall_buf_size_preset": "say engine.modern_ebpf.buf_size_preset",
  "syscall_drop_failed_exit": "say engine.modern_ebpf.drop_failed_exit",
  "modern_bpf": "say engine.modern_ebpf.cpus_for_each_buffer",
  "engine.ebpf": "the older eBPF probe is gone from Falco 0.44; say engine.modern_ebpf",
  "engine.gvisor": "the gVisor engine is gone from Falco 0.44, and nothing replaces it",
  "engine.replay.trace_file": "say engine.replay.capture_file",
  "replay": "say engine.replay.capture_file",
  "grpc": "the gRPC server is gone from Falco 0.44; say http_output, or a sink of `sinks`",
  "grpc_output": "the gRPC server is gone from Falco 0.44; say http_output, or a sink of `sinks`",
  "outputs": "say noise_control.rate_limit.rate and noise_control.rate_limit.max_burst",
  "outputs_queue.recovery":
    "a full queue always drops alerts and counts them; a spool keeps them: spool.enabled",
  "metadata_download": "nothing is downloaded from Kubernetes; names of pods come from the container runtime",
  "webserver.k8s_audit_endpoint":
    "Kubernetes audit events are a plugin's: `plugins` with name: k8saudit; or say k8s_audit_endpoint, with a URL",
  "container_engines.cri.disable_async": "alerts wait for containers as metadata.wait_ms says",
};

export function droppedKey(key: string): string | undefined {
  return Object.hasOwn(DROPPED, key) ? `${key} is no longer a setting: ${DROPPED[key]}` : undefined;
}
