// Ends a cluster and removes what it has left, whatever state it is in: also after a crash in the middle of its start.
// In: the place. Out: nothing of it any more, but programs and images.
//
// Mounts and links need no care: they are in namespaces that end with the last process.

import { join } from "node:path";
import { exists } from "../compile/stamps.ts";
import type { Place } from "./place.ts";
import { markedProcesses, signal } from "./processes.ts";

const CGROUPS = "/sys/fs/cgroup";
const PATIENCE_MS = 10_000;

export async function down(place: Place): Promise<void> {
  // without a state it is not ours what lies in the usual cgroups
  const parents = exists(place.state) ? cgroupsOf(place) : [];
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    // what ends others goes first: the kubelet would start them again
    const left = [...markedProcesses(place.name), ...parents.flatMap(processesBelow)];
    if (left.length === 0) break;
    if (performance.now() > endMs) {
      throw new Error(
        `Cannot end the processes ${left.join(", ")} of ${place.name}: they do not end by SIGKILL`,
      );
    }
    for (const pid of left) signal(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const parent of parents) removeBelow(parent);
  if (exists(place.state)) await Deno.remove(place.state, { recursive: true });
}

/** The topmost ones, in each hierarchy: of the pods, and of containers in the containerd namespace of this name. */
export function cgroupsOf({ name, cgroupRoot }: Place): string[] {
  const names = cgroupRoot === "/" ? ["kubepods", name] : [name];
  const roots = [CGROUPS, ...folders(CGROUPS).filter((path) => exists(join(path, "cgroup.procs")))];
  return roots.flatMap((root) => names.map((one) => join(root, one))).filter(exists);
}

export function processesBelow(cgroup: string): number[] {
  return [...readNumbers(join(cgroup, "cgroup.procs")), ...folders(cgroup).flatMap(processesBelow)];
}

function removeBelow(cgroup: string): void {
  for (const path of folders(cgroup)) removeBelow(path);
  try {
    Deno.removeSync(cgroup);
  } catch {
    // a process that ends is still in it for a moment; an empty cgroup does no harm
  }
}

function folders(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].filter(({ isDirectory }) => isDirectory).map(({ name }) =>
      join(path, name)
    );
  } catch {
    return [];
  }
}

function readNumbers(path: string): number[] {
  try {
    return Deno.readTextFileSync(path).split("\n").filter((line) => line !== "").map(Number);
  } catch {
    return [];
  }
}
