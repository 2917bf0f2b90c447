// How much one party may ask engines for: whoever invents containers uses up only its own share of the answers.
// In: parties, by name. Out: whether one more question of theirs is asked now.

/** As many containers as a busy host starts at once, and then as many a second. */
const BURST = 512;
const A_SECOND = 50;
const MAX_PARTIES = 1024;

interface Budget {
  left: number;
  atMs: number;
}

export class QuestionBudget {
  readonly #parties = new Map<string, Budget>();

  /** Takes one question from a party's budget, when there is one left. */
  take(party: string): boolean {
    const nowMs = performance.now();
    const budget = this.#parties.get(party) ?? { left: BURST, atMs: nowMs };
    budget.left = Math.min(BURST, budget.left + (nowMs - budget.atMs) / 1000 * A_SECOND);
    budget.atMs = nowMs;
    // the one that has not asked for longest is forgotten first
    this.#parties.delete(party);
    this.#parties.set(party, budget);
    if (this.#parties.size > MAX_PARTIES) this.#parties.delete(this.#parties.keys().next().value!);
    if (budget.left < 1) return false;
    budget.left--;
    return true;
  }
}
