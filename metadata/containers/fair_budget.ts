// How much each of many parties may have: so much at once, and then so much a second. Anyone who asks without end uses up its
// own budget only.
// In: parties, what each may have. Out: whether one more is theirs now.

export interface Allowance {
  readonly burst: number;
  readonly perSecond: number;
}

interface Budget {
  left: number;
  atMs: number;
}

export class FairBudget<Party> {
  readonly #budgets = new Map<Party, Budget>();
  readonly #maxParties: number;
  readonly #allowanceOf: (party: Party) => Allowance;

  constructor(maxParties: number, allowanceOf: (party: Party) => Allowance) {
    this.#maxParties = maxParties;
    this.#allowanceOf = allowanceOf;
  }

  /** Takes one from a party's budget, when there is one left. */
  take(party: Party): boolean {
    const { burst, perSecond } = this.#allowanceOf(party);
    const nowMs = performance.now();
    const budget = this.#budgets.get(party) ?? { left: burst, atMs: nowMs };
    budget.left = Math.min(burst, budget.left + (nowMs - budget.atMs) / 1000 * perSecond);
    budget.atMs = nowMs;
    // the one that has not asked for longest is forgotten first
    this.#budgets.delete(party);
    this.#budgets.set(party, budget);
    if (this.#budgets.size > this.#maxParties) this.#budgets.delete(this.#budgets.keys().next().value!);
    if (budget.left < 1) return false;
    budget.left--;
    return true;
  }
}
