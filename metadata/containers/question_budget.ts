// How much one party may ask engines for: anyone who invents containers uses up only its own share of the answers.
// In: parties, by name. Out: whether one more question of theirs is asked now.

import { FairBudget } from "./fair_budget.ts";

/** As many containers as a busy host starts at once, and then as many a second. */
const ALLOWANCE = { burst: 512, perSecond: 50 };
const MAX_PARTIES = 1024;

export class QuestionBudget extends FairBudget<string> {
  constructor() {
    super(MAX_PARTIES, () => ALLOWANCE);
  }
}
