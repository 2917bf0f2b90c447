// The stage between alerts and sinks that keeps noise away: repeats are grouped first, then what is left is limited.
// In: alerts that nobody has rendered yet. Out: those that pass, and follow-ups: alerts of the same rule that say how
// many were held back in which time. Nothing is held back unseen: every alert passes, is counted in a follow-up, or both.
// Without settings for it there is no such stage. What is held back is never rendered, except the last of many.

import type { Settings } from "../../config/mod.ts";
import type { OutgoingAlert, Remark, RuleAlert } from "../../alerts/mod.ts";
import { Limits } from "./limits.ts";
import type { NoiseCause, NoiseTally } from "./noise_tally.ts";
import { type NoisePolicy, noisePolicy, type RulePolicy } from "./policy.ts";
import { Repeats, type Summary } from "./repeats.ts";

type Pass = (alert: OutgoingAlert) => void;

export interface NoiseOptions {
  readonly settings: Settings;
  readonly tally: NoiseTally;
  /** a recording is evaluated by the time in it, not by how fast it is read */
  readonly byEventTime?: boolean;
}

/** Undefined when the settings ask for none of it. */
export function createNoiseControl({ settings, tally, byEventTime }: NoiseOptions): NoiseControl | undefined {
  const policy = noisePolicy(settings);
  return policy === undefined ? undefined : new NoiseControl(policy, tally, byEventTime);
}

export class NoiseControl {
  readonly #policy: NoisePolicy;
  readonly #tally: NoiseTally;
  readonly #byEventTime: boolean;
  readonly #repeats: Repeats;
  readonly #limits: Limits;
  readonly #ofRules = new Map<string, RulePolicy>();
  #pass: Pass = () => {};
  #eventMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerMs = Infinity;

  constructor(policy: NoisePolicy, tally: NoiseTally, byEventTime = false) {
    this.#policy = policy;
    this.#tally = tally;
    this.#byEventTime = byEventTime;
    this.#repeats = new Repeats({
      maxGroups: policy.maxGroups,
      onSummary: (summary) => this.#endRepeats(summary),
      onEvicted: () => tally.evictGroup(),
    });
    this.#limits = new Limits(policy, (summary, cause) => this.#followUp(summary, cause));
  }

  take(alert: RuleAlert, pass: Pass): void {
    this.#pass = pass;
    const nowMs = this.#now(alert.timeNs);
    this.#tick(nowMs);
    const { grouping, limit } = this.#policyOf(alert);
    const cause = grouping !== undefined && this.#repeats.take(alert, grouping, nowMs)
      ? "repeat"
      : this.#limits.take(alert, limit, nowMs);
    if (cause === undefined) pass(alert);
    else this.#tally.holdBack(alert.rule, cause);
    this.#schedule(nowMs);
  }

  /** The end, or a reload: follow-ups pass now. */
  close(pass: Pass): void {
    this.#pass = pass;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerMs = Infinity;
    const nowMs = this.#now();
    this.#repeats.flush(nowMs);
    this.#limits.flush(nowMs);
  }

  /** Neither the clock of the host nor the times in a damaged recording can turn this one back. */
  #now(eventNs?: bigint): number {
    if (!this.#byEventTime) return performance.now();
    if (eventNs !== undefined) this.#eventMs = Math.max(this.#eventMs, Number(eventNs) / 1e6);
    return this.#eventMs;
  }

  #policyOf({ rule, tags }: RuleAlert): RulePolicy {
    let policy = this.#ofRules.get(rule);
    if (policy === undefined) this.#ofRules.set(rule, policy = this.#policy.ofRule(rule, tags));
    return policy;
  }

  #tick(nowMs: number): void {
    this.#repeats.tick(nowMs);
    this.#limits.tick(nowMs);
  }

  /** A summary is an alert too: many groups that end at once are limited as other alerts are. */
  #endRepeats(summary: Summary): void {
    const { last, count } = summary;
    const nowMs = this.#now();
    if (this.#limits.take(last, this.#policyOf(last).limit, nowMs, count) === undefined) {
      this.#followUp(summary, "repeat");
    }
  }

  #followUp({ last, count, seconds }: Summary, cause: NoiseCause): void {
    this.#tally.followUp();
    this.#pass(last.remarked(remark(count, seconds, cause)));
  }

  /** While nothing comes, windows end by themselves. */
  #schedule(nowMs: number): void {
    if (this.#byEventTime) return;
    const nextMs = Math.min(this.#repeats.nextMs, this.#limits.nextMs);
    if (nextMs >= this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = nextMs;
    this.#timer = setTimeout(() => {
      this.#timerMs = Infinity;
      const nowMs = this.#now();
      this.#tick(nowMs);
      this.#schedule(nowMs);
    }, Math.max(1, Math.ceil(nextMs - nowMs)));
  }
}

function remark(count: number, seconds: number, cause: NoiseCause): Remark {
  const time = seconds.toFixed(1);
  const what = cause === "repeat"
    ? count === 1 ? "1 repeat" : `${count} repeats`
    : `${count} more suppressed`;
  return {
    text: `(${what} in ${time} s)`,
    fields: [
      ["noise_control.cause", JSON.stringify(cause)],
      ["noise_control.seconds", time],
      ["noise_control.suppressed", String(count)],
    ],
  };
}
