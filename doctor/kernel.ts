// What the running kernel is and allows, as far as it tells: version, types (BTF), lockdown, switches about BPF, locked
// memory.
// In: /proc, /sys. Out: findings. Elsewhere: what it says when it is asked for real (probe_programs.ts, self_test.ts).

import { lockedMemoryLimit } from "../ffi/mod.ts";
import { BTF_PATH, MIN_KERNEL } from "../sources/live/mod.ts";
import { fail, type Finding, ok, warning } from "./finding.ts";
import { CAP_SYS_RESOURCE, hasCapability } from "../sources/live/mod.ts";
import { exists, readText, readWord } from "./host_file.ts";

export interface KernelFacts {
  readonly release: string;
  readonly arch: string;
  readonly btf: "there" | "sysless" | "absent";
  readonly lockdown: string | undefined;
  readonly modules: string | undefined;
  readonly unprivilegedBpf: string | undefined;
  readonly jit: string | undefined;
  /** bytes; undefined: no limit, or unknown */
  readonly lockedMemory: bigint | undefined;
  /** CAP_SYS_RESOURCE: libbpf raises that limit by itself */
  readonly mayRaiseLimits: boolean;
}

/** Since this kernel the memory of BPF counts for the control group, and not as locked. */
const CONTROL_GROUP_PAYS = [5, 11] as const;
const ENOUGH_LOCKED = 512n << 20n;

export function readKernelFacts(): KernelFacts {
  return {
    release: Deno.osRelease(),
    arch: Deno.build.arch,
    btf: exists(BTF_PATH) ? "there" : exists("/sys/kernel") ? "absent" : "sysless",
    lockdown: readWord("/sys/kernel/security/lockdown"),
    modules: readWord("/sys/kernel/security/lsm"),
    unprivilegedBpf: readWord("/proc/sys/kernel/unprivileged_bpf_disabled"),
    jit: readWord("/proc/sys/net/core/bpf_jit_enable"),
    lockedMemory: lockedMemoryLimit(),
    mayRaiseLimits: hasCapability(readText("/proc/self/status") ?? "", CAP_SYS_RESOURCE) ?? false,
  };
}

export function checkKernel(facts: KernelFacts = readKernelFacts()): Finding[] {
  return [version(facts), types(facts), lockdown(facts), unprivileged(facts), jit(facts), ...locked(facts)];
}

function version({ release, arch }: KernelFacts): Finding {
  const found = `${release}, ${arch}`;
  if (isOlder(release, MIN_KERNEL)) {
    return fail("kernel", found, `Boot a kernel of version ${MIN_KERNEL.join(".")} or newer`);
  }
  if (arch !== "x86_64") {
    return fail("kernel", `${found}: the probe knows the system calls of x86_64`, "Run falco on x86_64");
  }
  return ok("kernel", found);
}

function types({ btf }: KernelFacts): Finding {
  if (btf === "there") return ok("types (BTF)", BTF_PATH);
  if (btf === "sysless") {
    return fail("types (BTF)", "/sys is not mounted", "Mount it: mount -t sysfs sysfs /sys");
  }
  return fail(
    "types (BTF)",
    `no ${BTF_PATH}`,
    "Use a kernel with CONFIG_DEBUG_INFO_BTF=y (docs/kernels.md names them)",
    "In a container: mount the host's /sys/kernel",
  );
}

function lockdown({ lockdown: mode, modules }: KernelFacts): Finding {
  const among = modules === undefined ? "" : `, security modules ${modules}`;
  if (mode === undefined) return ok("lockdown", `not known to this kernel, or securityfs is absent${among}`);
  const chosen = /\[(\w+)\]/.exec(mode)?.[1] ?? mode;
  if (chosen !== "confidentiality") return ok("lockdown", chosen + among);
  return fail(
    "lockdown",
    `${chosen}: programs may not read the kernel's memory`,
    "Boot with lockdown=integrity or lockdown=none",
  );
}

/** Nothing that falco needs: an open door for others. */
function unprivileged({ unprivilegedBpf }: KernelFacts): Finding {
  const subject = "unprivileged BPF";
  if (unprivilegedBpf === undefined) return ok(subject, "unknown: no kernel.unprivileged_bpf_disabled");
  if (unprivilegedBpf !== "0") return ok(subject, "forbidden, as it should be");
  return warning(
    subject,
    "allowed: any user may load BPF programs (falco does not need it)",
    "sysctl kernel.unprivileged_bpf_disabled=2",
  );
}

function jit({ jit }: KernelFacts): Finding {
  const subject = "BPF compiler";
  if (jit !== "0") return ok(subject, jit === undefined ? "always on, or unknown" : "on");
  return warning(
    subject,
    "off: programs are interpreted, several times slower",
    "sysctl net.core.bpf_jit_enable=1",
  );
}

function locked({ release, lockedMemory, mayRaiseLimits }: KernelFacts): Finding[] {
  if (!isOlder(release, CONTROL_GROUP_PAYS)) return [];
  const subject = "locked memory";
  if (lockedMemory === undefined) return [ok(subject, "no limit")];
  const found = `limit of ${lockedMemory >> 10n} KiB`;
  if (lockedMemory >= ENOUGH_LOCKED) return [ok(subject, found)];
  if (mayRaiseLimits) return [ok(subject, `${found}, which falco may raise`)];
  return [
    warning(
      subject,
      `${found}; before Linux ${CONTROL_GROUP_PAYS.join(".")} it holds for the rings`,
      "ulimit -l unlimited; as a service: LimitMEMLOCK=infinity; or give falco CAP_SYS_RESOURCE",
    ),
  ];
}

function isOlder(release: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = release.split(/[.-]/).map(Number);
  // a release that cannot be read is let through
  return ownMajor > 0 && (ownMajor < major || (ownMajor === major && ownMinor < minor));
}
