// Keeps signals away from this thread while it makes a call that they would interrupt; other threads take them meanwhile.
// Elsewhere: what is done with signals (service/).

import { libc } from "./libc.ts";

const SIG_BLOCK = 0;
const SIG_SETMASK = 2;
/** of sigset_t, in glibc and in musl */
const SET_BYTES = 128;

export function withSignalsBlocked<T>(work: () => T): T {
  const all = new Uint8Array(SET_BYTES).fill(0xff);
  const before = new Uint8Array(SET_BYTES);
  // it only fails for a `how` that does not exist
  libc().sigprocmask(SIG_BLOCK, all, before);
  try {
    return work();
  } finally {
    libc().sigprocmask(SIG_SETMASK, before, new Uint8Array(SET_BYTES));
  }
}
