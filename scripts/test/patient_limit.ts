// A limit for hangs that waits longer where the machine is busy: a second counts for as much of a second as one of the
// processes that want to run gets.
// In: how long it would take on an idle machine, what to do then. Out: a call of it, once.

const TICK_MS = 1000;

export class PatientLimit {
  #leftMs: number;

  constructor(limitMs: number) {
    this.#leftMs = limitMs;
  }

  /** @returns whether the limit has been reached */
  pass(ms: number, shareOfProcessor: number): boolean {
    this.#leftMs -= ms * shareOfProcessor;
    return this.#leftMs <= 0;
  }

  /** Calls `onReached` once; the result stops it before that. */
  static start(limitMs: number, onReached: () => void): () => void {
    const limit = new PatientLimit(limitMs);
    const interval = setInterval(() => {
      if (!limit.pass(TICK_MS, shareNow())) return;
      clearInterval(interval);
      onReached();
    }, TICK_MS);
    return () => clearInterval(interval);
  }
}

/** 1 on a machine with a processor for each process that wants one, ¼ where four share one. */
function shareNow(): number {
  const [runnable = 0] = Deno.loadavg();
  return Math.min(1, navigator.hardwareConcurrency / Math.max(runnable, 1));
}
