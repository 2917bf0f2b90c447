// Jobs that an engine may leave hanging: they end after a while, whether they obey their signal or not.
// In: a job, and how long it may take. Out: its result, or an error.

/** Runs a job with a signal that ends it after a while. */
export async function bounded<T>(
  ms: number,
  signal: AbortSignal,
  job: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(ms);
  return await obeying(job(AbortSignal.any([signal, timeout])), timeout);
}

/** Does not rely on the job's obeying the signal. */
export function obeying<T>(job: Promise<T>, timeout: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new Error("no answer in time"));
    timeout.addEventListener("abort", expire, { once: true });
    job.then(resolve, reject).finally(() => timeout.removeEventListener("abort", expire));
  });
}
