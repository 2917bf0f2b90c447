// Clocks of the kernel in nanoseconds.
// A process in a time namespace is shown another boot time than the kernel has: here it is always the kernel's.

import { readBytes } from "./files.ts";
import { callError, errno, libc } from "./libc.ts";

const CLOCK_REALTIME = 0;
const CLOCK_BOOTTIME = 7;
const NS_PER_S = 1_000_000_000n;
/** Two clocks that were read further apart are not compared. */
const MAX_GAP_NS = 100_000n;

const time = new BigInt64Array(2);
const timeBytes = new Uint8Array(time.buffer);

function clockNs(clock: number): bigint {
  if (libc().clock_gettime(clock, timeBytes) < 0) throw callError("clock_gettime", errno());
  return time[0]! * NS_PER_S + time[1]!;
}

let namespaceNs: bigint | undefined;

/** What this process's time namespace adds to the boot time, in what it is shown; a process cannot change its own. */
export function timeNamespaceNs(): bigint {
  return namespaceNs ??= parseTimeOffsets(
    new TextDecoder().decode(readBytes("/proc/self/timens_offsets", 4096)),
  );
}

/** @param text of /proc/PID/timens_offsets; empty on a kernel without time namespaces */
export function parseTimeOffsets(text: string): bigint {
  const [, seconds = "0", nanoseconds = "0"] = /^boottime\s+(-?\d+)\s+(-?\d+)/m.exec(text) ?? [];
  return BigInt(seconds) * NS_PER_S + BigInt(nanoseconds);
}

/** Since boot, time asleep included: the clock of bpf_ktime_get_boot_ns. */
export function boottimeNs(): bigint {
  return clockNs(CLOCK_BOOTTIME) - timeNamespaceNs();
}

/** Since the epoch. */
export function realtimeNs(): bigint {
  return clockNs(CLOCK_REALTIME);
}

interface BootEpoch {
  readonly epochNs: bigint;
  /** how far apart the two clocks were read */
  readonly gapNs: bigint;
}

/**
 * The epoch time at which the host booted: what turns boot time into epoch time. Of some readings the one whose two
 * clocks were read closest together counts, because the thread may lose the CPU between them.
 */
function readBootEpoch(): BootEpoch {
  let best: BootEpoch | undefined;
  for (let i = 0; i < 8; i++) {
    const before = boottimeNs();
    const wall = realtimeNs();
    const gapNs = boottimeNs() - before;
    if (best === undefined || gapNs < best.gapNs) best = { epochNs: wall - before - gapNs / 2n, gapNs };
  }
  return best!;
}

export function bootEpochNs(): bigint {
  return readBootEpoch().epochNs;
}

/**
 * The same once more, when it has changed by more than `toleranceNs` because the clock was set; `knownNs`
 * otherwise. Cheap: as long as it has not, two clocks are read once.
 */
export function followBootEpoch(knownNs: bigint, toleranceNs: bigint): bigint {
  if (differsBy(realtimeNs() - boottimeNs(), knownNs) <= toleranceNs) return knownNs;
  const { epochNs, gapNs } = readBootEpoch();
  return gapNs <= MAX_GAP_NS && differsBy(epochNs, knownNs) > toleranceNs ? epochNs : knownNs;
}

function differsBy(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}
