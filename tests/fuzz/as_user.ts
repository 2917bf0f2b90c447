// Something done with a user's rights by this thread alone: the kernel notes whose thread began to listen at a socket.
// In: a user, what to do without waiting. Out: what it gives. The C library's own calls would change every thread.

import { anySyscall } from "../../ffi/any_syscall.ts";

const SETRESUID = Deno.build.arch === "aarch64" ? 147 : 117;
const KEEP = 0xffff_ffffn;

export function asUser<T>(uid: number, act: () => T): T {
  if (anySyscall(SETRESUID, [KEEP, BigInt(uid), KEEP]) < 0) throw new Error("needs root");
  try {
    return act();
  } finally {
    anySyscall(SETRESUID, [KEEP, 0n, KEEP]);
  }
}
