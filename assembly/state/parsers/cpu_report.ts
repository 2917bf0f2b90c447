// The periodic reports of old captures: how much CPU time a process has had so far.
// In: a procinfo event. Out: its two numbers on the thread; those of the report before, for the fields thread.cpu ….
// Elsewhere: the fields (fields/thread.ts).

import { paramNumber } from "../../event";
import { currentThread } from "../current";

// hundredths of a second; of the report that is the current event, and of the one before
export let reportedUser: u32 = 0;
export let reportedSystem: u32 = 0;
export let userBefore: u32 = 0;
export let systemBefore: u32 = 0;

export function parseCpuReport(): void {
  if (changetype<usize>(currentThread) == 0) return;
  userBefore = currentThread.reportedUser;
  systemBefore = currentThread.reportedSystem;
  reportedUser = <u32>paramNumber<u64>(0);
  reportedSystem = <u32>paramNumber<u64>(1);
  currentThread.reportedUser = reportedUser;
  currentThread.reportedSystem = reportedSystem;
}
