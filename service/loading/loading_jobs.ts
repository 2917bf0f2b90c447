// What has to be read, checked or compiled while falco runs, as jobs that can be done anywhere.
// In: a job, a log. Out: its answer; an error with what is wrong.
// Elsewhere: the thread that does them (loading_worker.ts), who asks (loading_thread.ts).

import type { PackedFile } from "../../artifacts/mod.ts";
import type { Fault } from "../../config/mod.ts";
import type { CheckedFiles, FileDraft } from "../../operator/mod.ts";
import type { Log } from "../logging/log.ts";
import type { LoadedRun } from "../reload/reload.ts";
import { refuseBadRules } from "./artifact_rules.ts";
import { type ExaminedFolders, examineFiles } from "./kubernetes_files.ts";
import { reloadRun } from "./load_run.ts";
import { planRun, type RunOptions } from "./plan_run.ts";

export type LoadingJob =
  /** everything again, as the flags say */
  | { readonly what: "reload"; readonly options: RunOptions; readonly before: readonly Fault[] }
  /** whether falco would be no worse off with the rules of an artifact */
  | { readonly what: "accept"; readonly options: RunOptions; readonly files: readonly PackedFile[] }
  /** the same for files of Kubernetes objects, and which part of them is good */
  | {
    readonly what: "examine";
    readonly options: RunOptions;
    readonly files: readonly FileDraft[];
    readonly folders: ExaminedFolders;
  };

export interface LoadingAnswers {
  readonly reload: LoadedRun;
  readonly accept: undefined;
  readonly examine: CheckedFiles;
}

/** Who does them, for those who ask. */
export interface Loading {
  do<W extends LoadingJob["what"]>(
    job: JobOf<W>,
    signal?: AbortSignal,
  ): Promise<LoadingAnswers[W]>;
}

/** Without the flags, which are the same for all. */
export type JobOf<W extends LoadingJob["what"]> = Omit<Extract<LoadingJob, { readonly what: W }>, "options">;

export async function doLoading(job: LoadingJob, log: Log): Promise<LoadingAnswers[LoadingJob["what"]]> {
  switch (job.what) {
    case "reload":
      return await reloadRun(job.options, log, job.before);
    case "accept":
      refuseBadRules(planRun(job.options, true), job.files);
      return undefined;
    case "examine":
      return examineFiles(planRun(job.options, true), job.folders, job.files);
  }
}
