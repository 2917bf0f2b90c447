// Clocks of the kernel in nanoseconds.

import { callError, errno, libc } from "./libc.ts";

const CLOCK_REALTIME = 0;
const CLOCK_BOOTTIME = 7;

const time = new BigInt64Array(2);
const timeBytes = new Uint8Array(time.buffer);

function clockNs(clock: number): bigint {
  if (libc().clock_gettime(clock, timeBytes) < 0) throw callError("clock_gettime", errno());
  return time[0]! * 1_000_000_000n + time[1]!;
}

/** Since boot, time asleep included: the clock of bpf_ktime_get_boot_ns. */
export function boottimeNs(): bigint {
  return clockNs(CLOCK_BOOTTIME);
}

/** Since the epoch. */
export function realtimeNs(): bigint {
  return clockNs(CLOCK_REALTIME);
}

/**
 * The epoch time at which the host booted: what turns boot time into epoch time. Of some readings the one whose two
 * clocks were read closest together counts, because the thread may lose the CPU between them.
 */
export function bootEpochNs(): bigint {
  let best = 0n;
  let bestGap = -1n;
  for (let i = 0; i < 8; i++) {
    const before = boottimeNs();
    const wall = realtimeNs();
    const gap = boottimeNs() - before;
    if (bestGap < 0n || gap < bestGap) {
      bestGap = gap;
      best = wall - before - gap / 2n;
    }
  }
  return best;
}
