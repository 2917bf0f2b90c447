// Slow jobs side by side, and what comes of them handled one after the other, in the order of the list.
// In: jobs that do not fail. Out: a call for each result; those that take too long are passed over until they are done.

export interface OrderOptions {
  /** how many jobs run at a time */
  readonly atOnce: number;
  /** from then on the first that is done comes first */
  readonly patienceMs: number;
}

export async function inOrder<T>(
  jobs: readonly (() => Promise<T>)[],
  { atOnce, patienceMs }: OrderOptions,
  handle: (result: T, at: number) => Promise<void>,
  /** nothing more can be handled at this moment */
  onPause: () => Promise<void>,
): Promise<void> {
  const done = new Map<number, T>();
  const open = new Set(jobs.keys());
  let news = Promise.withResolvers<void>();
  let isLate = false;
  const tell = () => news.resolve();
  const timer = setTimeout(() => {
    isLate = true;
    tell();
  }, patienceMs);
  let begun = 0;
  const work = async () => {
    for (let at = begun++; at < jobs.length; at = begun++) {
      done.set(at, await jobs[at]!());
      tell();
    }
  };
  const working = Array.from({ length: Math.min(atOnce, jobs.length) }, work);
  try {
    while (open.size > 0) {
      const [first] = open;
      const at = isLate ? [...open].find((one) => done.has(one)) : first;
      if (at !== undefined && done.has(at)) {
        open.delete(at);
        await handle(done.get(at)!, at);
        done.delete(at);
        continue;
      }
      if (isLate) await onPause();
      await news.promise;
      news = Promise.withResolvers();
    }
    await onPause();
  } finally {
    clearTimeout(timer);
    await Promise.all(working);
  }
}
