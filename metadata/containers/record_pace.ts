// How many records of containers of one owner go out: anyone who changes facts without end keeps nobody else waiting.
// In: owners, by their user id. Out: whether a record of theirs may go now.

import { FairBudget } from "./fair_budget.ts";

/** A busy host starts so many containers at once, and then so many a second. */
const OF_ROOT = { burst: 2000, perSecond: 200 };
const OF_A_USER = { burst: 200, perSecond: 20 };
const MAX_OWNERS = 4096;
const ROOT = 0;

export class RecordPace extends FairBudget<number> {
  constructor() {
    super(MAX_OWNERS, (owner) => owner === ROOT ? OF_ROOT : OF_A_USER);
  }
}
