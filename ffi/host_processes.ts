// The processes of the host, by its /proc, and the cgroups of one.
// In: where the host's files are. Out: process ids, the text of a cgroup file.
// Elsewhere: all that the engine has to know of processes at its start (sources/live/process_scan.ts).

import { readBytes } from "./files.ts";
import { folderEntries } from "./folder_entries.ts";

/** The kernel has no more processes than this. */
const MAX_PROCESSES = 1 << 22;
const MAX_CGROUP_BYTES = 64 << 10;

/** As /proc lists them: those with small numbers first. */
export function processIds(hostRoot: string): number[] {
  const list = folderEntries(`${hostRoot}/proc`, MAX_PROCESSES);
  return (typeof list === "number" ? [] : list.entries)
    .map(({ name }) => Number(new TextDecoder().decode(name)))
    .filter((pid) => Number.isInteger(pid))
    .sort((a, b) => a - b);
}

/** Empty when there is no such process (any more). */
export function cgroupsOf(hostRoot: string, pid: number): string {
  const bytes = readBytes(`${hostRoot}/proc/${pid}/cgroup`, MAX_CGROUP_BYTES);
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}
