// What a thread would do while falco runs, done at once: for tests of those who ask for it.
// In: flags. Out: answers. Elsewhere: the thread (tests/service/loading/loading_thread_test.ts).

import { doLoading, type Loading, type LoadingJob } from "../../../service/loading/loading_jobs.ts";
import type { RunOptions } from "../../../service/loading/plan_run.ts";

export function loadingHere(options: RunOptions): Loading {
  return {
    do: async (job) => await doLoading({ ...job, options } as unknown as LoadingJob, () => {}) as never,
  };
}
