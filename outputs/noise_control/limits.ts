// Rate limits: of each rule, and of all rules together.
// In: alerts with the limit of their rule, and the time. Out: which are held back; for each rule, some time after the
// first one, the last of them with their number.
// Elsewhere: how many tokens there are (base/token_bucket.ts), which limits there are (policy.ts).

import { PRIORITIES, TokenBucket } from "../../base/mod.ts";
import type { RuleAlert } from "../../alerts/mod.ts";
import type { NoiseCause } from "./noise_tally.ts";
import type { NoisePolicy, RateLimit } from "./policy.ts";
import type { Summary } from "./repeats.ts";

export type LimitCause = Exclude<NoiseCause, "repeat">;

interface Held {
  readonly cause: LimitCause;
  readonly firstMs: number;
  count: number;
  last: RuleAlert;
}

export class Limits {
  readonly #policy: NoisePolicy;
  readonly #onSummary: (summary: Summary, cause: LimitCause) => void;
  readonly #all: TokenBucket | undefined;
  readonly #ofRules = new Map<string, TokenBucket>();
  /** by cause and rule, in the order of their first alerts; no more than twice as many as there are rules */
  readonly #held = new Map<string, Held>();

  constructor(policy: NoisePolicy, onSummary: (summary: Summary, cause: LimitCause) => void) {
    this.#policy = policy;
    this.#onSummary = onSummary;
    const { limit } = policy;
    this.#all = limit === undefined ? undefined : new TokenBucket(limit.rate, limit.maxBurst);
  }

  /** Why the alert, which stands for `count` of them, is held back; undefined when it may pass. */
  take(alert: RuleAlert, limit: RateLimit | undefined, nowMs: number, count = 1): LimitCause | undefined {
    const cause = this.#refuse(alert, limit, nowMs);
    if (cause === undefined) return undefined;
    const key = `${cause} ${alert.rule}`;
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, { cause, firstMs: nowMs, count, last: alert });
    else {
      held.count += count;
      held.last = alert;
    }
    return cause;
  }

  tick(nowMs: number): void {
    for (const [key, held] of this.#held) {
      if (held.firstMs + this.#policy.summaryMs > nowMs) break;
      this.#end(key, held, nowMs);
    }
  }

  flush(nowMs: number): void {
    for (const [key, held] of this.#held) this.#end(key, held, nowMs);
  }

  get nextMs(): number {
    const [first] = this.#held.values();
    return first === undefined ? Infinity : first.firstMs + this.#policy.summaryMs;
  }

  #refuse(alert: RuleAlert, limit: RateLimit | undefined, nowMs: number): LimitCause | undefined {
    if (limit !== undefined && !this.#bucketOf(alert.rule, limit).claim(nowMs)) return "rule_rate_limit";
    if (this.#all === undefined || PRIORITIES.indexOf(alert.priority) <= this.#policy.sparedRank) {
      return undefined;
    }
    return this.#all.claim(nowMs) ? undefined : "rate_limit";
  }

  #bucketOf(rule: string, { rate, maxBurst }: RateLimit): TokenBucket {
    let bucket = this.#ofRules.get(rule);
    if (bucket === undefined) this.#ofRules.set(rule, bucket = new TokenBucket(rate, maxBurst));
    return bucket;
  }

  #end(key: string, { cause, firstMs, count, last }: Held, nowMs: number): void {
    this.#held.delete(key);
    this.#onSummary({ last, count, seconds: (nowMs - firstMs) / 1000 }, cause);
  }
}
