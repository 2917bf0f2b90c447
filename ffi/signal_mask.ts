// Which signals this thread does not take. Threads that it starts begin with its mask, and so does a program that it
// becomes (relaunch.ts).
// Elsewhere: reading signals that all threads have blocked (signal_reader.ts), what is done with signals (service/).

import { libc } from "./libc.ts";

const SIG_BLOCK = 0;
const SIG_SETMASK = 2;
/** of sigset_t, in glibc and in musl */
const SET_BYTES = 128;

/** By number: what the kernel calls them. */
export const SIGNALS = { SIGUSR1: 10 } as const;
export type BlockedSignal = keyof typeof SIGNALS;

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

export function blockSignal(signal: BlockedSignal): void {
  libc().sigprocmask(SIG_BLOCK, signalSet(signal), new Uint8Array(SET_BYTES));
}

/** A sigset_t of one signal. */
export function signalSet(signal: BlockedSignal): Uint8Array<ArrayBuffer> {
  const set = new Uint8Array(SET_BYTES);
  const bit = SIGNALS[signal] - 1;
  set[bit >> 3] = 1 << (bit & 7);
  return set;
}
