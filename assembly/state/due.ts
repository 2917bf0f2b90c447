// Whether the next event has something to do first that events before it, or lists, have left behind: a thread or a file that
// goes, lists that are whole now, the start of a capture. Who leaves something behind says so; state/update.ts does it.

/** Most events have nothing to do first: one question instead of one for each reason. */
export let isAnythingDue: bool = true;

// @ts-ignore: decorator
@inline
export function setDue(): void {
  isAnythingDue = true;
}

// @ts-ignore: decorator
@inline
export function setDone(): void {
  isAnythingDue = false;
}
