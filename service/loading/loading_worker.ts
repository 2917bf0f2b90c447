// The thread that reads, checks and compiles settings and rules while falco runs: monitoring does not wait for it.
// In: one job. Out: lines for the log, then the answer, or what is wrong.
// Elsewhere: the other end (loading_thread.ts), the jobs (loading_jobs.ts).
/// <reference lib="deno.worker" />

import { messageOf } from "../../base/mod.ts";
import { giveWayToOthers } from "../../ffi/mod.ts";
import type { Log } from "../logging/log.ts";
import { doLoading, type LoadingAnswers, type LoadingJob } from "./loading_jobs.ts";

export type FromLoading =
  | { readonly type: "log"; readonly line: Parameters<Log> }
  | { readonly type: "done"; readonly answer: LoadingAnswers[LoadingJob["what"]] }
  | { readonly type: "failed"; readonly message: string };

function post(message: FromLoading): void {
  self.postMessage(message);
}

giveWayToOthers();

self.onmessage = async ({ data: job }: MessageEvent<LoadingJob>) => {
  try {
    post({ type: "done", answer: await doLoading(job, (...line) => post({ type: "log", line })) });
  } catch (error) {
    post({ type: "failed", message: messageOf(error) });
  }
};
