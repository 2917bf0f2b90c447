// Ends a cluster, or its second node, and removes what it has left, whatever state it is in: also after a crash in the middle of
// its start. In: the place. Out: nothing of it any more, but programs and images.
//
// Mounts and links need no care: they are in namespaces that end with the last process.

import { exists } from "../compile/stamps.ts";
import { cgroupsOf, cgroupsOfProcess, processesBelow, removeBelow, removeCgroup } from "./cgroups.ts";
import { holderOf, inside } from "./host.ts";
import { type Place, SECOND_NODE } from "./place.ts";
import { containerProcesses, markedProcesses, signal } from "./processes.ts";

const PATIENCE_MS = 10_000;

interface Remains {
  readonly what: string;
  readonly folder: string;
  readonly cgroups: readonly string[];
  readonly processes: () => readonly number[];
}

export async function down(place: Place): Promise<void> {
  await end({
    what: place.name,
    folder: place.state,
    // without a state it is not ours what lies in the usual cgroups
    cgroups: exists(place.state) ? cgroupsOf(place) : [],
    processes: () => markedProcesses(place.name),
  });
}

export async function endSecondNode(place: Place): Promise<void> {
  const namespace = mountsOf(holderOf(place, SECOND_NODE));
  await end({
    what: `${SECOND_NODE.name} of ${place.name}`,
    folder: place.folderOf(SECOND_NODE),
    cgroups: cgroupsOf(place, [SECOND_NODE]),
    processes: () =>
      namespace === undefined ? [] : markedProcesses(place.name).filter((pid) => mountsOf(pid) === namespace),
  });
  await inside(place, "kubectl", "delete", "node", SECOND_NODE.name, "--ignore-not-found");
}

async function end({ what, folder, cgroups, processes }: Remains): Promise<void> {
  // of containers that were started without a parent cgroup; they would stay when their shim has ended
  const others = new Set<string>();
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const containers = containerProcesses(folder);
    for (const pid of containers) for (const cgroup of cgroupsOfProcess(pid)) others.add(cgroup);
    // what ends others goes first: the kubelet would start them again
    const left = [...new Set([...processes(), ...cgroups.flatMap(processesBelow), ...containers])];
    if (left.length === 0) break;
    if (performance.now() > endMs) {
      throw new Error(`Cannot end the processes ${left.join(", ")} of ${what}: they do not end by SIGKILL`);
    }
    for (const pid of left) signal(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const cgroup of cgroups) removeBelow(cgroup);
  for (const cgroup of others) removeCgroup(cgroup);
  if (exists(folder)) await Deno.remove(folder, { recursive: true });
}

/** The mount namespace of a process. */
function mountsOf(pid: number | undefined): string | undefined {
  try {
    return pid === undefined ? undefined : Deno.readLinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    // it has ended
    return undefined;
  }
}
