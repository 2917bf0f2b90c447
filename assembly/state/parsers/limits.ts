// Limits and memory: how many files a process may open, how much memory it has.

import { event, hasParam, paramNumber } from "../../event";
import { FRLIMIT_NOFILE } from "../../generated/events";
import { currentResult, currentRunNs, currentThread, hasResult, setRunTime } from "../current";
import { isUnknown, Thread } from "../thread";
import { findOrMakeThread } from "../thread_life";

// @ts-ignore: decorator
@inline const MAX_CPUS: i32 = 1024;
/** time of the last switch on each CPU */
const switchNs: usize = memory.data(1024 * 8, 8);

/** getrlimit, setrlimit */
export function parseRlimit(): void {
  if (!hasResult || currentResult < 0 || changetype<usize>(currentThread) == 0) return;
  if (paramNumber<u8>(3) == FRLIMIT_NOFILE) setFdLimit(currentThread, paramNumber<i64>(1));
}

/** prlimit: of any process; 0 is the caller. */
export function parsePrlimit(): void {
  if (!hasResult || currentResult != 0 || !hasParam(6) || !hasParam(5)) return;
  if (paramNumber<u8>(6) != FRLIMIT_NOFILE || paramNumber<i64>(1) == -1) return;
  const tid = paramNumber<i64>(5);
  const thread = findOrMakeThread(tid == 0 ? event.tid : tid);
  if (changetype<usize>(thread) == 0 || isUnknown(thread)) return;
  setFdLimit(thread, paramNumber<i64>(1));
}

function setFdLimit(thread: Thread, limit: i64): void {
  const main = changetype<Thread>(<usize>thread.main);
  if (limit != -1 && changetype<usize>(main) != 0) main.fdlimit = limit;
}

/** brk, mmap, mmap2, munmap */
export function parseMemory(): void {
  const thread = currentThread;
  if (changetype<usize>(thread) == 0) return;
  if (hasParam(1)) thread.vmsizeKb = paramNumber<u32>(1);
  if (!hasParam(3)) return;
  thread.vmrssKb = paramNumber<u32>(2);
  thread.vmswapKb = paramNumber<u32>(3);
}

/** A switch to another thread: the one that is left has its figures in the event, and ran since the switch before. */
export function parseSwitch(): void {
  const thread = currentThread;
  const at = switchNs + (<usize>(event.cpu & (MAX_CPUS - 1)) << 3);
  const before = load<u64>(at);
  setRunTime(before == 0 || before > event.timeNs ? 0 : event.timeNs - before);
  store<u64>(at, event.timeNs);
  if (changetype<usize>(thread) == 0) return;
  thread.ranNs += currentRunNs;
  if (!hasParam(5)) return;
  thread.pageFaultsMajor = paramNumber<u64>(1);
  thread.pageFaultsMinor = paramNumber<u64>(2);
  const main = changetype<Thread>(<usize>thread.main);
  if (changetype<usize>(main) == 0) return;
  main.vmsizeKb = paramNumber<u32>(3);
  main.vmrssKb = paramNumber<u32>(4);
  main.vmswapKb = paramNumber<u32>(5);
}
