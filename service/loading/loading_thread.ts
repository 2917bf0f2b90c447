// Reading, checking and compiling settings and rules while falco runs, in a thread of its own: what somebody writes into rules
// may keep that thread busy for as long as it likes, and alerts, probes and signals are answered meanwhile.
// In: a job. Out: its answer; an error with what is wrong, or that it takes too long.
// Elsewhere: the jobs (loading_jobs.ts), the thread (loading_worker.ts).
//
// Each job has a fresh thread, which takes its memory with it when it ends. One after the other: where a container has one CPU, two
// of them would leave little of it.

import { workerUrl } from "../../assets/mod.ts";
import { UsageError } from "../../base/mod.ts";
import type { Log } from "../logging/log.ts";
import type { JobOf, Loading, LoadingAnswers, LoadingJob } from "./loading_jobs.ts";
import type { FromLoading } from "./loading_worker.ts";
import type { RunOptions } from "./plan_run.ts";

/** All rules of a busy node with a tenth of a CPU take a tenth of it. */
const LIMIT_MS = 120_000;

export class LoadingThread implements Loading {
  readonly #options: RunOptions;
  readonly #log: Log;
  readonly #limitMs: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunOptions, log: Log, limitMs = LIMIT_MS) {
    const { r, c, option, lenient, print, enableSource, disableSource } = options;
    const given = { r, c, option, lenient, print, enableSource, disableSource };
    // what commander hands over has more in it, which no thread can be sent
    this.#options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    this.#log = log;
    this.#limitMs = limitMs;
  }

  do<W extends LoadingJob["what"]>(job: JobOf<W>, signal?: AbortSignal): Promise<LoadingAnswers[W]> {
    const done = this.#last.then(() => this.#do(job, signal));
    this.#last = done.catch(() => {});
    return done;
  }

  async #do<W extends LoadingJob["what"]>(
    job: JobOf<W>,
    signal: AbortSignal | undefined,
  ): Promise<LoadingAnswers[W]> {
    if (signal?.aborted === true) throw endsError();
    const worker = new Worker(
      workerUrl("loading_worker.js", () => new URL("./loading_worker.ts", import.meta.url)),
      { type: "module", name: "falco loading" },
    );
    const { promise, resolve, reject } = Promise.withResolvers<LoadingAnswers[W]>();
    worker.onmessage = ({ data }: MessageEvent<FromLoading>) => {
      if (data.type === "log") this.#log(...data.line);
      else if (data.type === "done") resolve(data.answer as LoadingAnswers[W]);
      else reject(new UsageError([data.message]));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`settings and rules cannot be read: ${event.message}`));
    };
    const giveUp = () => reject(endsError());
    signal?.addEventListener("abort", giveUp, { once: true });
    const timer = setTimeout(
      () => reject(new UsageError([`settings and rules take more than ${this.#limitMs / 1000} s to read`])),
      this.#limitMs,
    );
    try {
      worker.postMessage({ ...job, options: this.#options } as unknown as LoadingJob);
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
      worker.terminate();
    }
  }
}

function endsError(): Error {
  return new Error("the run ends");
}
