// A call that changes nothing and always succeeds, with arguments that the kernel does not look at.

import { libc } from "./libc.ts";

const PR_GET_DUMPABLE = 3;

/** Asks the kernel whether this process may be dumped; the arguments only show in what observes the call. */
export function callWithMark(mark: number, value: number | bigint): void {
  libc().prctl(PR_GET_DUMPABLE, BigInt(mark), BigInt(value), 0n, 0n);
}
