// What this process and the host use: CPU, memory, processes, files.
// In: /proc of this process and of the host. Out: numbers; what cannot be read is 0, as in Falco.

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every architecture that we run on
const CGROUP_MEMORY_FILES = [
  "/sys/fs/cgroup/memory/memory.usage_in_bytes",
  // cgroup v2, where Falco finds nothing
  "/sys/fs/cgroup/memory.current",
];

export interface HostResources {
  /** of one CPU, over the whole run */
  readonly cpuPercent: number;
  readonly rssKb: number;
  readonly virtualKb: number;
  readonly pssKb: number;
  readonly containerBytes: number;
  /** of all CPUs, since boot */
  readonly hostCpuPercent: number;
  readonly hostUsedKb: number;
  readonly hostRunning: number;
  readonly hostOpenFiles: number;
}

/** @param hostRoot root of the host's file system when falco runs in a container */
export async function readHostResources(hostRoot: string): Promise<HostResources> {
  // the kernel walks all pages for it, so another thread waits; the others take some microseconds each
  const rollup = await Deno.readTextFile("/proc/self/smaps_rollup").catch(() => "");
  const status = read("/proc/self/status");
  const hostStat = read(`${hostRoot}/proc/stat`);
  const memory = read(`${hostRoot}/proc/meminfo`);
  return {
    cpuPercent: ownCpuPercent(read("/proc/self/stat"), Number.parseFloat(read(`${hostRoot}/proc/uptime`))),
    rssKb: valueOf(status, "VmRSS"),
    virtualKb: valueOf(status, "VmSize"),
    pssKb: valueOf(rollup, "Pss"),
    containerBytes: readContainerMemory(),
    hostCpuPercent: hostCpuPercent(hostStat),
    hostUsedKb: valueOf(memory, "MemTotal") - valueOf(memory, "MemFree") - valueOf(memory, "Buffers") -
      valueOf(memory, "Cached"),
    hostRunning: Number(/^procs_running (\d+)/m.exec(hostStat)?.[1] ?? 0),
    hostOpenFiles: Number.parseInt(read(`${hostRoot}/proc/sys/fs/file-nr`)) || 0,
  };
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** FALCO_CGROUP_MEM_PATH is Falco's way to say which container is meant. */
function readContainerMemory(): number {
  const named = Deno.env.get("FALCO_CGROUP_MEM_PATH") ?? "";
  const paths = named === "" || named.includes("..") ? CGROUP_MEMORY_FILES : [named];
  for (const path of paths) {
    const bytes = Number.parseInt(read(path));
    if (bytes >= 0) return bytes;
  }
  return 0;
}

function valueOf(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? 0);
}

function ownCpuPercent(stat: string, uptimeSeconds: number): number {
  // the name of the program, in parentheses, may hold anything
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
  const [user = 0, system = 0, started = 0] = [fields[11], fields[12], fields[19]];
  const elapsed = uptimeSeconds - started / TICKS_PER_SECOND;
  return elapsed > 0 ? tenths(100 * (user + system) / TICKS_PER_SECOND / elapsed) : 0;
}

function hostCpuPercent(stat: string): number {
  const times = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? "").split(" ").slice(0, 7).map(Number);
  const sum = times.reduce((all, time) => all + time, 0);
  return sum > 0 ? tenths(100 - 100 * times[3]! / sum) : 0;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
