// The CPUs of the machine and which ring each of them writes to.
// In: /sys/devices/system/cpu. Out: `planRings`. Elsewhere: creating the rings (probe.ts), where they lie in the
// matcher's memory (engine/memory_plan.ts).

export interface RingPlan {
  /** CPUs that share a ring */
  readonly cpusPerRing: number;
  /** one per ring to create: the CPU that writes to it, −1 when several may */
  readonly ringCpus: readonly number[];
  /** index in the probe's outer map → index of a ring to create */
  readonly slots: readonly number[];
}

/** "0-3,8" → 0, 1, 2, 3, 8. */
export function parseCpuList(text: string): number[] {
  const cpus: number[] = [];
  for (const part of text.trim().split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) continue;
    for (let cpu = Number(match[1]); cpu <= Number(match[2] ?? match[1]); cpu++) cpus.push(cpu);
  }
  return cpus;
}

export function readCpus(kind: "possible" | "online"): number[] {
  try {
    return parseCpuList(Deno.readTextFileSync(`/sys/devices/system/cpu/${kind}`));
  } catch {
    return Array.from({ length: navigator.hardwareConcurrency }, (_, cpu) => cpu);
  }
}

/**
 * A ring costs its memory at once, so only CPUs that are online get their own. One that comes online later writes into
 * the ring of another: nothing is lost, only the CPU's number in its events is the other's.
 */
export function planRings(
  possible: readonly number[],
  online: readonly number[],
  cpusPerRing: number,
): RingPlan {
  const groupOf = (cpu: number) => Math.floor(cpu / cpusPerRing);
  const groups = [...new Set(online.map(groupOf))].sort((a, b) => a - b);
  const ringOf = new Map(groups.map((group, ring) => [group, ring]));
  const slots: number[] = [];
  for (let group = 0; group <= groupOf(Math.max(0, ...possible)); group++) {
    slots.push(ringOf.get(group) ?? group % Math.max(groups.length, 1));
  }
  return { cpusPerRing, ringCpus: groups.map((group) => cpusPerRing === 1 ? group : -1), slots };
}
