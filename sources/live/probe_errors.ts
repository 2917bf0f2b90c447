// What the kernel's refusals mean: from a failed call and libbpf's last words to an error with a remedy.
// Elsewhere: what is checked before the kernel is asked (prerequisites.ts).

import { CallError, EnvironmentError, ERRNO } from "../../ffi/errors.ts";

/** Facts that explain a refusal, read only when there is one. */
export interface RefusalFacts {
  /** /sys/kernel/security/lockdown, for example "none [integrity] confidentiality" */
  readonly lockdown: string;
  /** /proc/sys/kernel/unprivileged_bpf_disabled */
  readonly unprivilegedBpfDisabled: string;
  /** text of /proc/self/status, for the seccomp mode */
  readonly status: string;
  readonly release: string;
}

const VERIFIER_MARK = "BEGIN PROG LOAD LOG";

export function loadError(
  error: unknown,
  lines: readonly string[],
  facts: RefusalFacts = readFacts(),
): Error {
  if (!(error instanceof CallError)) return error instanceof Error ? error : new Error(String(error));
  const found = [error.message, ...lines.slice(-12), `kernel ${facts.release}`];
  const tried = ["loading the probe with libbpf"];
  // the verifier's usual answers are EACCES and EPERM too: its log tells them from a lack of permission
  if (lines.some((line) => line.includes(VERIFIER_MARK))) {
    return new EnvironmentError({
      problem: "Cannot load the probe: the kernel's verifier refuses one of its programs",
      tried,
      found,
      remedy: ["Please report this with the lines above; a kernel of another version may accept the probe"],
    }, error);
  }
  if (error.errno === ERRNO.EPERM || error.errno === ERRNO.EACCES) return refused(error, tried, found, facts);
  if (error.errno === ERRNO.ENOMEM) return memoryRefused(tried, found, error);
  return new EnvironmentError({
    problem: "Cannot load the probe",
    tried,
    found,
    remedy: ["Please report this with the lines above"],
  }, error);
}

function refused(
  error: CallError,
  tried: readonly string[],
  found: readonly string[],
  facts: RefusalFacts,
): EnvironmentError {
  const remedy: string[] = [];
  if (/\[(integrity|confidentiality)\]/.test(facts.lockdown)) {
    remedy.push(
      `The kernel is locked down (${facts.lockdown.trim()}): "confidentiality" forbids tracing programs; ` +
        "boot with lockdown=integrity or none",
    );
  }
  if (/^Seccomp:\s*2/m.test(facts.status)) {
    remedy.push(
      "A seccomp filter is active: let it allow bpf(2) (docker: --privileged or --security-opt seccomp=…)",
    );
  }
  remedy.push("Let AppArmor, SELinux and the container's runtime allow bpf(2)");
  return new EnvironmentError({
    problem: "Cannot load the probe: the kernel refuses bpf(2) although the capabilities are there",
    tried,
    found: [
      ...found,
      `lockdown: ${facts.lockdown.trim() || "unknown"}`,
      `kernel.unprivileged_bpf_disabled: ${facts.unprivilegedBpfDisabled.trim() || "unknown"}`,
    ],
    remedy,
  }, error);
}

function memoryRefused(tried: readonly string[], found: readonly string[], error: unknown): EnvironmentError {
  return new EnvironmentError({
    problem: "Cannot load the probe: the kernel refuses the memory for its maps",
    tried,
    found,
    remedy: memoryRemedy(),
  }, error);
}

/** A ring that could not be created. */
export function ringError(error: unknown, rings: number, ringBytes: number): Error {
  if (!(error instanceof CallError)) return error instanceof Error ? error : new Error(String(error));
  return new EnvironmentError({
    problem: "Cannot create the ring buffers: the kernel refuses the memory",
    tried: [`${rings} ring${rings === 1 ? "" : "s"} of ${ringBytes >> 10} KiB each`],
    found: [error.message, `kernel ${Deno.osRelease()}`],
    remedy: memoryRemedy(),
  }, error);
}

function memoryRemedy(): string[] {
  return [
    "Make the rings smaller (engine.modern_ebpf.buf_size_preset) or let more CPUs share one " +
    "(engine.modern_ebpf.cpus_for_each_buffer)",
    "Raise the memory limit of falco's control group",
    "On kernels before 5.11: raise the limit of locked memory (ulimit -l unlimited, LimitMEMLOCK=infinity)",
  ];
}

function readFacts(): RefusalFacts {
  const read = (path: string) => {
    try {
      return Deno.readTextFileSync(path);
    } catch {
      return "";
    }
  };
  return {
    lockdown: read("/sys/kernel/security/lockdown"),
    unprivilegedBpfDisabled: read("/proc/sys/kernel/unprivileged_bpf_disabled"),
    status: read("/proc/self/status"),
    release: Deno.osRelease(),
  };
}
