// Resource limits of processes.

import { libc } from "./libc.ts";

const RLIMIT_NOFILE = 7;
const RLIMIT_MEMLOCK = 8;
const NO_LIMIT = 2n ** 64n - 1n;
const limits = new BigUint64Array(2);
const limitBytes = new Uint8Array(limits.buffer);

/** The soft limit of open files; undefined when the process has gone or may not be asked. */
export function openFilesLimit(pid: number): bigint | undefined {
  return libc().prlimit64(pid, RLIMIT_NOFILE, null, limitBytes) === 0 ? limits[0]! : undefined;
}

/** Of this process; undefined when they are unknown. */
export function ownOpenFilesLimits(): { readonly soft: bigint; readonly hard: bigint } | undefined {
  if (libc().prlimit64(0, RLIMIT_NOFILE, null, limitBytes) !== 0) return undefined;
  return { soft: limits[0]!, hard: limits[1]! };
}

/** Bytes that this process may lock; undefined when there is no limit, or it is unknown. */
export function lockedMemoryLimit(): bigint | undefined {
  const isKnown = libc().prlimit64(0, RLIMIT_MEMLOCK, null, limitBytes) === 0;
  return isKnown && limits[0] !== NO_LIMIT ? limits[0]! : undefined;
}
