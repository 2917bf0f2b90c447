// What this host must allow before the probe is even tried. Each failure says what is missing and what to do.
// In: /proc, /sys. Out: nothing, or an EnvironmentError. Elsewhere: what the kernel itself refuses (probe_errors.ts).

import { effectiveText, missingCapabilities } from "./capabilities.ts";
import { EnvironmentError } from "../../base/mod.ts";

/** Ring buffers came with 5.8; typed tracepoints a little earlier. */
export const MIN_KERNEL = [5, 8] as const;

export interface HostFacts {
  /** text of /proc/self/status */
  readonly status: string;
  /** `uname -r` */
  readonly release: string;
  readonly hasBtf: boolean;
  /** as uname names it; default: that of this program */
  readonly arch?: string;
}

export const BTF_PATH = "/sys/kernel/btf/vmlinux";

export function checkPrerequisites(facts: HostFacts = readHostFacts()): void {
  checkArchitecture(facts.arch ?? Deno.build.arch);
  checkKernel(facts.release);
  checkCapabilities(facts.status);
  if (!facts.hasBtf) {
    throw new EnvironmentError({
      problem: "Cannot load the probe: the kernel does not describe its types (BTF)",
      tried: [`reading ${BTF_PATH}`],
      found: [`no such file; kernel ${facts.release}`],
      remedy: [
        "Use a kernel with CONFIG_DEBUG_INFO_BTF=y: the standard kernels of Debian 11, Ubuntu 20.10, Fedora 31, RHEL 8.2, " +
        "Amazon Linux 2023 and newer have it",
        "In a container: mount the host's /sys/kernel",
      ],
    });
  }
}

/** Its programs read registers as this one has them, and know its numbers of calls. */
const ARCHITECTURE = "x86_64";

function checkArchitecture(arch: string): void {
  if (arch === ARCHITECTURE) return;
  throw new EnvironmentError({
    problem: `Cannot load the probe: it is made for ${ARCHITECTURE}`,
    tried: ["the machine's architecture"],
    found: [arch],
    remedy: [`Watch hosts of ${ARCHITECTURE}; recordings of others can be replayed there`],
  });
}

function checkKernel(release: string): void {
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number);
  if (major > MIN_KERNEL[0] || (major === MIN_KERNEL[0] && minor >= MIN_KERNEL[1])) return;
  // a release that cannot be read is let through: the kernel will say what it lacks
  if (!(major > 0)) return;
  throw new EnvironmentError({
    problem: `Cannot load the probe: the kernel is older than ${MIN_KERNEL.join(".")}`,
    tried: ["uname -r"],
    found: [release],
    remedy: ["Boot a newer kernel"],
  });
}

function checkCapabilities(status: string): void {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1]?.trim() ?? "";
  const missing = missingCapabilities(status).filter(({ isNeeded }) => isNeeded);
  if (missing.length === 0) return;
  const uid = field("Uid").split(/\s+/)[1] ?? "?";
  throw new EnvironmentError({
    problem: uid === "0"
      ? "Cannot load the probe: a capability is missing"
      : "Cannot load the probe: falco does not run as root and lacks the capabilities",
    tried: [
      "CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON, among the effective capabilities (/proc/self/status)",
    ],
    found: [
      `effective user ${uid}, CapEff ${effectiveText(status) ?? "unknown"}: ` +
      missing.map(({ name }) => name).join(" and ") + " missing",
    ],
    remedy: [
      "Run falco as root (sudo)",
      "In a container: docker run --privileged, or --cap-add BPF --cap-add PERFMON --cap-add SYS_PTRACE",
      "As a service of another user: AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_SYS_PTRACE",
    ],
  });
}

function readHostFacts(): HostFacts {
  return { status: readText("/proc/self/status"), release: Deno.osRelease(), hasBtf: exists(BTF_PATH) };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
