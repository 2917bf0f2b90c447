// How long to wait after a request to an API server has failed, and whether the failure is worth telling.
// In: each failure, and each success, of one kind of request. Out: milliseconds, and words for the log or nothing.
// Elsewhere: the requests (api_client.ts), who repeats them (reflector.ts, metadata/kubernetes/owner_lookup.ts).
//
// A server that is away may come back at any moment, and asking
// costs nothing meanwhile: it is asked every second. One that answers and refuses is asked less and less often. A server that
// has just come back refuses everything for a moment, until it has read its own roles: that is part of its being away.

import { ApiError, requestMessage } from "./api_client.ts";

export interface PaceTiming {
  readonly firstPauseMs: number;
  /** while the server refuses */
  readonly longestPauseMs: number;
  /** for so long a server that has come back may refuse */
  readonly warmUpMs: number;
}

export interface Failure {
  readonly waitMs: number;
  /** undefined: nothing that has not been told, or nothing to tell yet */
  readonly trouble: string | undefined;
}

const UNKNOWN = { status: 0, isAway: false, retryAfterMs: 0 };
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;

export class RetryPace {
  readonly #timing: PaceTiming;
  #pauseMs: number;
  #awayAtMs = -Infinity;
  #isAway = false;

  constructor(timing: PaceTiming) {
    this.#timing = timing;
    this.#pauseMs = timing.firstPauseMs;
  }

  worked(): void {
    this.#pauseMs = this.#timing.firstPauseMs;
    this.#isAway = false;
  }

  failed(error: unknown): Failure {
    const { firstPauseMs, longestPauseMs, warmUpMs } = this.#timing;
    const { status, isAway, retryAfterMs } = error instanceof ApiError ? error : UNKNOWN;
    const isRefusal = status === UNAUTHORIZED || status === FORBIDDEN;
    const isWarmingUp = isRefusal && performance.now() - this.#awayAtMs < warmUpMs;
    if (isAway) this.#awayAtMs = performance.now();
    // one line for the whole time, whichever of its parts fails at the moment
    const isTold = this.#isAway && isAway;
    this.#isAway = isAway || isWarmingUp;
    if (this.#isAway) this.#pauseMs = firstPauseMs;
    // the nodes of a cluster do not come at once
    const waitMs = Math.max(retryAfterMs, this.#pauseMs * (0.5 + Math.random() / 2));
    if (!this.#isAway) this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
    return { waitMs, trouble: isTold || isWarmingUp ? undefined : requestMessage(error) };
  }
}
