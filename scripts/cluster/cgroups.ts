// Control groups of a cluster's pods: made before the kubelet starts, found and removed at the end.
// In: the place. Out: folders below /sys/fs/cgroup, in one hierarchy or in those of version 1.

import { join } from "node:path";
import { exists } from "../compile/stamps.ts";
import { type ClusterNode, NODE, type Place, SECOND_NODE } from "./place.ts";

const CGROUPS = "/sys/fs/cgroup";

/** Each hierarchy's topmost folder. */
function hierarchies(): string[] {
  if (exists(join(CGROUPS, "cgroup.controllers"))) return [CGROUPS];
  return folders(CGROUPS).filter((path) => exists(join(path, "cgroup.procs")));
}

/** A kubelet that is told to stay below a parent wants to find it in every hierarchy. */
export function makeParents(place: Place, node: ClusterNode): void {
  const cgroupRoot = place.cgroupRootOf(node);
  if (cgroupRoot === "/") return;
  for (const root of hierarchies()) Deno.mkdirSync(join(root, cgroupRoot), { recursive: true });
}

/** The topmost ones, in each hierarchy: of the pods, and of containers in the containerd namespace of this name. */
export function cgroupsOf(place: Place, nodes: readonly ClusterNode[] = [NODE, SECOND_NODE]): string[] {
  const names = nodes.flatMap((node) => {
    const root = place.cgroupRootOf(node);
    return root === "/" ? ["kubepods", place.name] : [root];
  });
  return hierarchies().flatMap((root) => names.map((one) => join(root, one))).filter(exists);
}

/** Those that a process is in, the topmost excepted. */
export function cgroupsOfProcess(pid: number): string[] {
  try {
    const paths = Deno.readTextFileSync(`/proc/${pid}/cgroup`).trim().split("\n").map((line) =>
      line.split(":").slice(2).join(":")
    );
    return hierarchies().flatMap((root) =>
      [...new Set(paths)].filter((path) => path !== "/").map((path) => join(root, path)).filter(exists)
    );
  } catch {
    // it has ended
    return [];
  }
}

export function processesBelow(cgroup: string): number[] {
  return [...readNumbers(join(cgroup, "cgroup.procs")), ...folders(cgroup).flatMap(processesBelow)];
}

export function removeBelow(cgroup: string): void {
  for (const path of folders(cgroup)) removeBelow(path);
  removeCgroup(cgroup);
}

/** Where nothing is in it any more. */
export function removeCgroup(cgroup: string): void {
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
