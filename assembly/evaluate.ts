// What happens to one event: state first, then the rules of its type, then what has to follow.
// In: the current event (event.ts). Out: calls of the generated rule functions, which report alerts themselves
// (out.ts). Elsewhere: what an event changes (state/update.ts), events of which nothing else is to be done (idle.ts).

import { event } from "./event";
import { COUNT_EVENTS_STATE_ONLY, COUNT_MARKED } from "./generated/layout";
import { isEvaluating } from "./idle";
import { count } from "./memory/counters";
import { resetScratch } from "./memory/scratch";
import { isRecording, recordIfAll, recordIfState } from "./record";
import { finishEvent, isEvaluated, updateState } from "./state/update";

/** @param stateOnly the record is marked as one that no rule may see */
export function evaluateEvent(stateOnly: bool): void {
  resetScratch();
  if (event.marked != 0) count(COUNT_MARKED);
  if (stateOnly) count(COUNT_EVENTS_STATE_ONLY);
  if (isRecording) recordIfAll();
  updateState();
  // the rule module puts the function of an event type into the table at the type's code
  if (isEvaluating && !stateOnly && isEvaluated()) call_indirect<void>(event.type);
  if (isRecording) recordIfState();
  finishEvent();
}
