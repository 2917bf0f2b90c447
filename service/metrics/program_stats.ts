// Runs and time of each attached program of the probe, where the kernel counts them (sysctl kernel.bpf_stats_enabled).
// In: the programs that this process holds. Out: name, runs, nanoseconds. Those that are reached by a tail call are part
// of the one that jumped to them, and have no runs of their own.

import { type ProgramInfo, programInfo } from "../../ffi/bpf/mod.ts";

const SWITCH = "/proc/sys/kernel/bpf_stats_enabled";

export function readProgramStats(): ProgramInfo[] {
  try {
    if (Deno.readTextFileSync(SWITCH).trim() !== "1") return [];
    return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
      const info = isProgram(name) ? programInfo(Number(name)) : undefined;
      return info === undefined || info.runs === 0n ? [] : [info];
    }).sort((a, b) => a.name < b.name ? -1 : 1);
  } catch {
    // the probe is being taken out, or this kernel does not tell
    return [];
  }
}

function isProgram(fd: string): boolean {
  try {
    return Deno.readLinkSync(`/proc/self/fd/${fd}`) === "anon_inode:bpf-prog";
  } catch {
    return false;
  }
}
