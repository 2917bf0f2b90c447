// Work that can wait lets all other threads of the machine go first.
// In: nothing. Out: the calling thread alone has a lower priority, for good.

import { libc } from "./libc.ts";

/** Linux counts threads where POSIX counts processes. */
const PRIO_PROCESS = 0;
const CALLING_THREAD = 0;
const NICE = 10;

export function giveWayToOthers(): void {
  // what cannot be had does no harm
  libc().setpriority(PRIO_PROCESS, CALLING_THREAD, NICE);
}
