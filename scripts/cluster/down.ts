// Ends a cluster and removes what it has left, whatever state it is in: also after a crash in the middle of its start.
// In: the place. Out: nothing of it any more, but programs and images.
//
// Mounts and links need no care: they are in namespaces that end with the last process.

import { exists } from "../compile/stamps.ts";
import { cgroupsOf, cgroupsOfProcess, processesBelow, removeBelow, removeCgroup } from "./cgroups.ts";
import type { Place } from "./place.ts";
import { containerProcesses, markedProcesses, signal } from "./processes.ts";

const PATIENCE_MS = 10_000;

export async function down(place: Place): Promise<void> {
  // without a state it is not ours what lies in the usual cgroups
  const parents = exists(place.state) ? cgroupsOf(place) : [];
  // of containers that were started without a parent cgroup; they would stay when their shim has ended
  const others = new Set<string>();
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const containers = containerProcesses(place);
    for (const pid of containers) for (const cgroup of cgroupsOfProcess(pid)) others.add(cgroup);
    // what ends others goes first: the kubelet would start them again
    const left = [
      ...new Set([...markedProcesses(place.name), ...parents.flatMap(processesBelow), ...containers]),
    ];
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
  for (const cgroup of others) removeCgroup(cgroup);
  if (exists(place.state)) await Deno.remove(place.state, { recursive: true });
}
