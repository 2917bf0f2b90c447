// What the kernel's refusals mean: from a failed call and libbpf's last words to an error with a remedy.
// Elsewhere: what is checked before the kernel is asked (prerequisites.ts, open_files.ts).

import { CallError, EnvironmentError, ERRNO, messageOf } from "../../base/mod.ts";
import { lockedMemoryLimit, ownOpenFilesLimits } from "../../ffi/mod.ts";
import { OPEN_FILES_REMEDY } from "./open_files.ts";

/** Facts that explain a refusal, read only when there is one. */
export interface RefusalFacts {
  /** /sys/kernel/security/lockdown, for example "none [integrity] confidentiality" */
  readonly lockdown: string;
  /** /proc/sys/kernel/unprivileged_bpf_disabled */
  readonly unprivilegedBpfDisabled: string;
  /** text of /proc/self/status, for the seccomp mode */
  readonly status: string;
  readonly release: string;
  /** bytes that this process may lock; undefined: any number */
  readonly lockedBytes?: bigint | undefined;
}

const VERIFIER_MARK = "BEGIN PROG LOAD LOG";
/** libbpf's own error numbers begin here: the object file is not what it should be. */
const LIBBPF_ERRNO_START = 4000;

export function loadError(
  error: unknown,
  lines: readonly string[],
  facts: RefusalFacts = readFacts(),
): Error {
  if (!(error instanceof CallError)) return error instanceof Error ? error : new Error(String(error));
  const found = [error.message, ...lines.slice(-12), `kernel ${facts.release}`];
  const tried = ["loading the probe with libbpf"];
  // libbpf has tried several times by now
  if (error.errno === ERRNO.EAGAIN) {
    return new EnvironmentError({
      problem: "Cannot load the probe: signals keep interrupting the kernel's verifier",
      tried,
      found: [error.message, `kernel ${facts.release}`],
      remedy: ["Start falco again, without a profiler or whatever else sends it signals all the time"],
    }, error);
  }
  // these do not come from the verifier, though its log of the program that was accepted is there
  const limited = limitReached(error, tried, facts);
  if (limited !== undefined) return limited;
  // the verifier's usual answers are EACCES and EPERM too: its log tells them from a lack of permission
  if (lines.some((line) => line.includes(VERIFIER_MARK))) {
    return new EnvironmentError({
      problem: "Cannot load the probe: the kernel's verifier refuses one of its programs",
      tried,
      found,
      remedy: ["Please report this with the lines above; a kernel of another version may accept the probe"],
    }, error);
  }
  if (isRefusal(error)) return refused(error, tried, found, facts);
  if (error.errno >= LIBBPF_ERRNO_START) {
    return new EnvironmentError({
      problem: "Cannot load the probe: its object file is damaged or of another version",
      tried,
      found,
      remedy: ["Build it again (deno task build), or install falco again"],
    }, error);
  }
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
      "A seccomp filter is active: let it allow bpf(2) and perf_event_open(2) (docker: --privileged or " +
        "--security-opt seccomp=…; systemd: SystemCallFilter=@system-service bpf perf_event_open)",
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

/** A limit of this process, of its control group or of the host. */
function limitReached(error: CallError, tried: readonly string[], facts: RefusalFacts): Error | undefined {
  const found = [error.message, `kernel ${facts.release}`];
  if (error.errno === ERRNO.EMFILE) {
    const limits = ownOpenFilesLimits();
    return new EnvironmentError({
      problem: "Cannot load the probe: this process may open too few files",
      tried,
      found: [
        ...found,
        `RLIMIT_NOFILE is ${limits?.soft ?? "unknown"} (hard limit ${limits?.hard ?? "unknown"})`,
      ],
      remedy: OPEN_FILES_REMEDY,
    }, error);
  }
  if (error.errno === ERRNO.ENFILE) {
    return new EnvironmentError({
      problem: "Cannot load the probe: too many files are open on this host",
      tried,
      found,
      remedy: [
        "Raise the host's limit (sysctl fs.file-max), or find who has them open (/proc/sys/fs/file-nr)",
      ],
    }, error);
  }
  if (error.errno === ERRNO.ENOMEM || isLockedMemory(error, facts)) {
    const locked = facts.lockedBytes === undefined ? [] : [`RLIMIT_MEMLOCK is ${facts.lockedBytes} bytes`];
    return new EnvironmentError({
      problem: "Cannot load the probe: the kernel refuses the memory for its maps",
      tried,
      found: [...found, ...locked],
      remedy: memoryRemedy(),
    }, error);
  }
  return undefined;
}

/** Before 5.11 maps count as locked memory, and a lack of it is told as a lack of permission. */
function isLockedMemory({ errno }: CallError, facts: RefusalFacts): boolean {
  return errno === ERRNO.EPERM && isOlderThan(facts.release, 5, 11) && facts.lockedBytes !== undefined;
}

/** A filter of system calls may say that there is no such call. */
function isRefusal({ errno }: CallError): boolean {
  return errno === ERRNO.EPERM || errno === ERRNO.EACCES || errno === ERRNO.ENOSYS;
}

/** An object file that cannot be read. */
export function objectFileError(path: string, error: unknown): Error {
  return new EnvironmentError({
    problem: "Cannot read the probe's object file",
    tried: [path],
    found: [messageOf(error)],
    remedy: ["Build it (deno task build), or install falco again"],
  }, error);
}

/** A ring that could not be created: the first thing that the kernel is asked for. */
export function ringError(
  error: unknown,
  rings: number,
  ringBytes: number,
  facts: RefusalFacts = readFacts(),
): Error {
  if (!(error instanceof CallError)) return error instanceof Error ? error : new Error(String(error));
  const tried = [`creating ${rings} ring buffer${rings === 1 ? "" : "s"} of ${ringBytes >> 10} KiB`];
  if (error.errno === ERRNO.EMFILE || error.errno === ERRNO.ENFILE) {
    return limitReached(error, tried, facts)!;
  }
  if (isRefusal(error) && !isLockedMemory(error, facts)) {
    return refused(error, ["creating a ring buffer"], [error.message, `kernel ${facts.release}`], facts);
  }
  return new EnvironmentError({
    problem: "Cannot create the ring buffers: the kernel refuses the memory",
    tried: [`${rings} ring${rings === 1 ? "" : "s"} of ${ringBytes >> 10} KiB each`],
    found: [error.message, `kernel ${facts.release}`],
    remedy: memoryRemedy(),
  }, error);
}

function isOlderThan(release: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = release.split(/[.-]/).map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function memoryRemedy(): string[] {
  return [
    "Make the rings smaller (engine.modern_ebpf.buf_size_preset) or let more CPUs share one " +
    "(engine.modern_ebpf.cpus_for_each_buffer)",
    "Raise the memory limit of falco's control group",
    "On kernels before 5.11: raise the limit of locked memory (ulimit -l unlimited, LimitMEMLOCK=infinity)",
  ];
}

/** It reads a file, which fails when no more may be opened. */
function osRelease(): string {
  try {
    return Deno.osRelease() || "of unknown version";
  } catch {
    return "of unknown version";
  }
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
    release: osRelease(),
    lockedBytes: lockedMemoryLimit(),
  };
}
