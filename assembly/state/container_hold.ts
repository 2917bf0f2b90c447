// The hold of the merge in front of an event of a container: for which one, since when, and what is charged for it.
// In: that it begins or ends. Out: whether it may, the time that all holds took together.
// Elsewhere: why it does (container_watch.ts), how much time there is (hold_budget.ts).

import { count, countMany } from "../memory/counters";
import { COUNT_CONTAINERS_AWAITED, COUNT_CONTAINERS_WAIT_NS } from "../generated/layout";
import { chargeHold, mayHold } from "./hold_budget";
import { shareOf, Watched } from "./watched";

/** since when the merge has been held; 0 = it is not */
export let heldSinceNs: u64 = 0;
/** the container that it waits for */
export let held: Watched = changetype<Watched>(0);
/** up to when that was charged */
let chargedNs: u64 = 0;

/** @returns false when there is no time left for this container */
export function beginHold(watched: Watched, nowNs: u64): bool {
  charge(nowNs);
  if (!mayHold(shareOf(watched), watched.wasHeld == 0, nowNs)) return false;
  if (watched.wasHeld == 0) count(COUNT_CONTAINERS_AWAITED);
  watched.wasHeld = 1;
  if (heldSinceNs == 0) heldSinceNs = nowNs;
  held = watched;
  return true;
}

export function endHold(nowNs: u64): void {
  charge(nowNs);
  if (nowNs > heldSinceNs) countMany(COUNT_CONTAINERS_WAIT_NS, nowNs - heldSinceNs);
  heldSinceNs = 0;
  held = changetype<Watched>(0);
}

/** Charges the time so far to the container that was waited for last. */
function charge(nowNs: u64): void {
  if (heldSinceNs != 0 && nowNs > chargedNs) chargeHold(shareOf(held), nowNs - chargedNs, nowNs);
  chargedNs = nowNs;
}
