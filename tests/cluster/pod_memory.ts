// How much memory the kernel charges to falco's pod, which is what its limit is about.
// In: the cluster. Out: MiB now, and at most so far; without what can be given back at any time.

import type { ClusterLab } from "./cluster_lab.ts";

/** By the version of control groups. */
const FILES = [
  {
    root: "/sys/fs/cgroup/memory",
    now: "memory.usage_in_bytes",
    most: "memory.max_usage_in_bytes",
    cache: "total_inactive_file",
  },
  { root: "/sys/fs/cgroup", now: "memory.current", most: "memory.peak", cache: "inactive_file" },
] as const;

export async function podMemory(lab: ClusterLab): Promise<{ nowMiB: number; mostMiB: number }> {
  const uid = await lab.falcosPod("{.metadata.uid}");
  for (const { root, now, most, cache } of FILES) {
    for (const quality of ["burstable", "besteffort", ""]) {
      const folder = [root, lab.place.cgroupRoot, "kubepods", quality, `pod${uid}`].join("/");
      const read = (file: string) => Deno.readTextFile(`${folder}/${file}`).catch(() => undefined);
      const used = await read(now);
      if (used === undefined) continue;
      const ofFiles = new RegExp(`^${cache} (\\d+)$`, "m").exec(await read("memory.stat") ?? "")?.[1];
      const mib = (bytes: number) => Math.round(bytes / (1 << 20));
      return {
        nowMiB: mib(Number(used) - Number(ofFiles ?? 0)),
        mostMiB: mib(Number(await read(most) ?? 0)),
      };
    }
  }
  throw new Error(`There is no cgroup of pod ${uid}`);
}
