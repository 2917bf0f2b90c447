// Start of the matcher: the regions of its memory get their owners.

import { initConversions } from "./convert/convert";
import { initContainers } from "./state/container_table";
import { initKinds } from "./state/event_kinds";
import { initFds } from "./state/fd_entry";
import { initParsers } from "./state/parsers/all";
import { initThreads } from "./state/thread_life";
import { initUsers } from "./state/users";
import { initStrings } from "./strings/intern";
import { initHeap } from "./memory/heap";

/**
 * Once, before all else.
 * @param heapEnd end of the heap, below the rings
 * @param maxThreads bound of the thread table
 * @param maxFds bound of open files, over all processes
 */
export function init(heapEnd: i32, maxThreads: i32, maxFds: i32): void {
  initHeap(<usize>heapEnd);
  initStrings();
  initUsers();
  initContainers();
  initFds(<u32>maxFds);
  initThreads(<u32>maxThreads);
  initKinds();
  initConversions();
  initParsers();
}
