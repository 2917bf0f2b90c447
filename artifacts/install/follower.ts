// Installs artifacts while falco runs: some once, some again and again.
// In: references, a schedule. Out: outcomes as they come. What fails is tried again, sooner than the schedule says.
// Elsewhere: installing (installer.ts), when (schedule.ts), what is made of outcomes (service/artifacts/, cli/commands/artifact.ts).

import { backOffMs, pause } from "../../base/mod.ts";
import type { Installer, Outcome } from "./installer.ts";
import type { Schedule } from "./schedule.ts";

export interface FollowerOptions {
  readonly installer: Pick<Installer, "install">;
  /** once, until each is there */
  readonly install: readonly string[];
  readonly follow: readonly string[];
  /** when those that are followed are looked at again */
  readonly schedule: Schedule;
  readonly onOutcomes: (outcomes: readonly Outcome[]) => void | Promise<void>;
  readonly firstPauseMs?: number;
}

const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 600_000;

export class Follower {
  readonly #options: FollowerOptions;
  readonly #stop = new AbortController();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Ends when everything is installed and nothing is followed, or when it is closed. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    const { installer, install, follow, schedule, onOutcomes, firstPauseMs = FIRST_PAUSE_MS } = this.#options;
    let due = [...new Set([...install, ...follow])];
    let failures = 0;
    while (!signal.aborted) {
      const outcomes = await installer.install(due, async (some) => {
        if (!signal.aborted) await onOutcomes(some);
      });
      if (signal.aborted) return;
      const failed = due.filter((asked) => isFailed(asked, outcomes));
      failures = failed.length > 0 ? failures + 1 : 0;
      if (failed.length === 0 && follow.length === 0) return;
      const regularMs = schedule.nextInMs(new Date());
      const retryMs = backOffMs(Math.max(1, failures), firstPauseMs, LONGEST_PAUSE_MS);
      const isRetry = failed.length > 0 && retryMs < regularMs;
      await pause(isRetry ? retryMs : regularMs, signal);
      due = isRetry ? failed : [...new Set([...failed, ...follow])];
    }
  }

  close(): void {
    this.#stop.abort();
  }
}

/** One that fails ends its list, which begins with what it depends on. */
function isFailed(asked: string, outcomes: readonly Outcome[]): boolean {
  const own = outcomes.find((outcome) => outcome.asked === asked);
  return own === undefined || own.result === "failed";
}
