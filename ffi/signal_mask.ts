// Which signals this thread does not take. Threads that it starts begin with its mask, and so does a program that it
// becomes (relaunch.ts).
// Elsewhere: reading signals that all threads have blocked (signal_reader.ts), what is done with signals (service/).

import { libc } from "./libc.ts";

const SIG_BLOCK = 0;
const SIG_SETMASK = 2;
/** of sigset_t, in glibc and in musl */
const SET_BYTES = 128;

/** By number: what the kernel calls them. */
const BLOCKED = { SIGUSR1: 10, SIGXFSZ: 25 } as const;
export type BlockedSignal = keyof typeof BLOCKED;
/** Blocked, they would not end falco. */
const STOP_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

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

/** Those that must never reach a handler, and no others. */
export function blockSignals(): void {
  const set = new Uint8Array(SET_BYTES);
  for (const signal of Object.values(BLOCKED)) set[(signal - 1) >> 3]! |= 1 << ((signal - 1) & 7);
  libc().sigprocmask(SIG_SETMASK, set, new Uint8Array(SET_BYTES));
}

/** Whether the main thread, from which every other has its mask, was started so. */
export function areSignalsBlocked(): boolean {
  const mask = /^SigBlk:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/thread-self/status"))?.[1] ?? "0";
  const isBlocked = (signal: number) => (BigInt(`0x${mask}`) >> BigInt(signal - 1) & 1n) === 1n;
  return Object.values(BLOCKED).every(isBlocked) && !Object.values(STOP_SIGNALS).some(isBlocked);
}

/** A sigset_t of one signal. */
export function signalSet(signal: BlockedSignal): Uint8Array<ArrayBuffer> {
  const set = new Uint8Array(SET_BYTES);
  const bit = BLOCKED[signal] - 1;
  set[bit >> 3] = 1 << (bit & 7);
  return set;
}
