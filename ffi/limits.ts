// Resource limits of processes.

import { libc } from "./libc.ts";

const RLIMIT_NOFILE = 7;
const limits = new BigUint64Array(2);
const limitBytes = new Uint8Array(limits.buffer);

/** The soft limit of open files; undefined when the process has gone or may not be asked. */
export function openFilesLimit(pid: number): bigint | undefined {
  return libc().prlimit64(pid, RLIMIT_NOFILE, null, limitBytes) === 0 ? limits[0]! : undefined;
}
