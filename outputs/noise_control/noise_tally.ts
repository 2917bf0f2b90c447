// What noise control has held back, by rule and cause, for log and metrics. It outlives the stage itself, which a reload
// replaces.

const NOISE_CAUSES = ["repeat", "rule_rate_limit", "rate_limit"] as const;
export type NoiseCause = typeof NOISE_CAUSES[number];

export interface HeldBack {
  readonly rule: string;
  readonly cause: NoiseCause;
  readonly count: bigint;
}

export interface NoiseCounters {
  readonly heldBack: readonly HeldBack[];
  /** alerts that said how many were held back */
  readonly followUps: bigint;
  /** groups of repeats that ended early because there were too many */
  readonly groupsEvicted: bigint;
}

export class NoiseTally {
  readonly #heldBack = new Map<
    string,
    { readonly rule: string; readonly cause: NoiseCause; count: bigint }
  >();
  #followUps = 0n;
  #groupsEvicted = 0n;

  holdBack(rule: string, cause: NoiseCause): void {
    const key = `${cause} ${rule}`;
    const held = this.#heldBack.get(key);
    if (held === undefined) this.#heldBack.set(key, { rule, cause, count: 1n });
    else held.count++;
  }

  followUp(): void {
    this.#followUps++;
  }

  evictGroup(): void {
    this.#groupsEvicted++;
  }

  counters(): NoiseCounters {
    return {
      heldBack: [...this.#heldBack.values()].map((held) => ({ ...held })),
      followUps: this.#followUps,
      groupsEvicted: this.#groupsEvicted,
    };
  }
}
