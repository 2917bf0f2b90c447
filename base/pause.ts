// Waiting that somebody can end, and waiting for something at most so long.
// In: milliseconds, a signal, a promise. Out: promises.

/** A timer cannot take more: it would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Waits, for however long, unless it is all over. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let leftMs = ms;
  for (; leftMs > LONGEST_TIMER_MS && !signal.aborted; leftMs -= LONGEST_TIMER_MS) {
    await timer(LONGEST_TIMER_MS, signal);
  }
  await timer(leftMs, signal);
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timeout);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timeout = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}

/** One at a time. */
export class Pause {
  #wake: () => void = () => {};

  async take(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    this.#wake = () => {};
    clearTimeout(timer);
  }

  /** Ends the present one. */
  end(): void {
    this.#wake();
  }
}

/** Waits for it, at most so long; fails when it fails in time. */
export async function within(ms: number, promise: Promise<unknown> | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await Promise.race([promise, new Promise((resolve) => timer = setTimeout(resolve, ms))]);
  } finally {
    clearTimeout(timer);
  }
}

/** It doubles from the first to the longest. Half of it is chance, so that many hosts do not come back at one moment. */
export function backOffMs(failures: number, firstMs: number, longestMs: number): number {
  const ms = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return ms * (0.5 + Math.random() / 2);
}
