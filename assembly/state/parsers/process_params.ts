// What clone and execve events say about a thread in the same way: memory, cgroups, executable.

import { hasParam, paramNumber } from "../../event";
import { containerOf } from "../containers";
import { isHeadLost, normaliseCgroups } from "../cgroups";
import { paramList, paramText } from "../params";
import { replaced, swapped } from "../replace";
import { Thread } from "../thread";
import { retain } from "../../strings/intern";

/** Parameters 8 … 12: page faults and memory; all of them are there or none. */
export function takeMemory(thread: Thread): void {
  if (!hasParam(12)) return;
  thread.pageFaultsMajor = paramNumber<u64>(8);
  thread.pageFaultsMinor = paramNumber<u64>(9);
  thread.vmsizeKb = paramNumber<u32>(10);
  thread.vmrssKb = paramNumber<u32>(11);
  thread.vmswapKb = paramNumber<u32>(12);
}

/** Parameters 1, 2 and 13: argv[0], the other arguments, the name. */
export function takeNames(thread: Thread): void {
  thread.exe = replaced(thread.exe, paramText(1));
  thread.comm = hasParam(13)
    ? replaced(thread.comm, paramText(13))
    : swapped(thread.comm, retain(thread.exe));
  thread.args = replaced(thread.args, paramList(2));
}

/** Parameter 14: the list of cgroups. */
export function takeCgroups(thread: Thread): void {
  if (!hasParam(14)) return;
  const list = normaliseCgroups(paramList(14));
  // where a thread is whose path could not be read to its head, it was before
  if (list != 0 && !isHeadLost(list)) thread.cgroups = replaced(thread.cgroups, list);
}

/** The container that the thread's cgroups name. */
export function takeContainer(thread: Thread): void {
  thread.containerId = swapped(thread.containerId, containerOf(thread.cgroups));
}
