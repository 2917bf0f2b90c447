// Where falco looks on this host: tracefs, control groups, /proc, and whether what it sees is the host at all.
// In: /proc, /sys, HOST_ROOT. Out: findings. Elsewhere: container engines (engines.ts).

import { openTracepoints } from "../sources/live/mod.ts";
import { closeFd } from "../ffi/mod.ts";
import { messageOf } from "../base/mod.ts";
import { type Finding, ok, warning } from "./finding.ts";
import { exists, readText } from "./host_file.ts";

/** Inode of the namespace in which the kernel began. */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";

export const SHARE_PROCESSES =
  "Mount the host's / at /host and set HOST_ROOT=/host, or share its processes (--pid=host, hostPID: true)";

export function checkPlaces(hostRoot: string): Finding[] {
  return [
    processes(hostRoot),
    tracepoints(),
    controlGroups(readText("/proc/self/mounts") ?? ""),
  ];
}

function processes(hostRoot: string): Finding {
  const subject = "host processes";
  const proc = `${hostRoot}/proc`;
  const mounts = readText("/proc/self/mounts");
  if (mounts === undefined) {
    return warning(subject, "there is no /proc", "Mount it: mount -t proc proc /proc");
  }
  if (!exists(`${proc}/1`)) {
    return warning(
      subject,
      `there is no ${proc}/1: what runs already stays unknown`,
      hostRoot === "" ? "Mount /proc" : "Mount the host's / at the folder that HOST_ROOT names",
    );
  }
  if (!knowsHostProcesses(hostRoot)) {
    return warning(
      subject,
      "falco sees only the processes of its container: what runs already on the host stays unknown",
      SHARE_PROCESSES,
    );
  }
  const options = mountOptions(mounts, proc) ?? "";
  const hidden = /hidepid=(\w+)/.exec(options)?.[1];
  if (hidden !== undefined && hidden !== "0" && hidden !== "off") {
    return warning(
      subject,
      `${proc} is mounted with hidepid=${hidden}: without CAP_SYS_PTRACE other users' processes are unknown`,
      `mount -o remount,hidepid=0 ${proc}, or give falco CAP_SYS_PTRACE`,
    );
  }
  return ok(subject, `${proc}${hostRoot === "" ? "" : `, HOST_ROOT=${hostRoot}`}`);
}

/** Otherwise not even its own number there. */
export function knowsHostProcesses(hostRoot: string): boolean {
  return hostRoot !== ""
    ? exists(`${hostRoot}/proc/1`)
    : [undefined, FIRST_PID_NAMESPACE].includes(pidNamespace());
}

function pidNamespace(): string | undefined {
  try {
    return Deno.readLinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

/** The last mount at a place counts. */
function mountOptions(mounts: string, place: string): string | undefined {
  const lines = mounts.split("\n").map((line) => line.split(" "));
  return lines.findLast(([, at]) => at === place)?.[3];
}

/** As the probe would open them. */
function tracepoints(): Finding {
  const subject = "tracepoints of perf";
  try {
    const opened = openTracepoints(["raw_syscalls/sys_exit"]);
    if (opened !== undefined) {
      for (const fd of opened.values()) closeFd(fd);
      return ok(subject, "tracefs tells them and perf_event_open takes them");
    }
  } catch (error) {
    return warning(subject, messageOf(error));
  }
  return warning(
    subject,
    "not to be had, and kernels that preempt programs of raw tracepoints (7.0 and later) need them",
    "Mount tracefs (mount -t tracefs nodev /sys/kernel/tracing) and give falco CAP_PERFMON and the right to read it",
  );
}

export function controlGroups(mounts: string): Finding {
  const subject = "control groups";
  const types = mounts.split("\n").map((line) => line.split(" ")).filter(([, , type]) =>
    type?.startsWith("cgroup")
  );
  const unified = types.find(([, , type]) => type === "cgroup2")?.[1];
  const older = types.filter(([, , type]) => type === "cgroup");
  if (unified === undefined && older.length === 0) {
    return warning(
      subject,
      "no hierarchy is mounted here: containers that run already are known by /proc alone",
      "Mount it: mount -t cgroup2 cgroup2 /sys/fs/cgroup; in a container share the host's /sys/fs/cgroup",
    );
  }
  if (older.length === 0) return ok(subject, `v2 at ${unified}`);
  const hybrid = unified === undefined ? "v1" : `hybrid: v2 at ${unified}, v1`;
  return ok(subject, `${hybrid} with ${older.length} hierarchies`);
}
