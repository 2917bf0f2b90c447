// Fields of the container that need no container engine: the id from the cgroup, the start of its pid namespace.
// In: the current thread. Elsewhere: how an id is found in a cgroup path (state/).

import { eventTimeNs } from "../event";
import { literal } from "../render/literal";
import { currentThread } from "../state/current";
import { viewOf } from "../strings/intern";
import { NO_NUMBER } from "../strings/view";
import { noThread } from "./process";

const HOST = literal("host");

/** Id, mostly 12 characters; `host` outside of containers. */
export function container_id(): u64 {
  if (noThread()) return 0;
  return currentThread.containerId == 0 ? HOST : viewOf(currentThread.containerId);
}

export function container_start_ts(): i64 {
  if (noThread() || currentThread.pidnsInitStartNs == 0) return NO_NUMBER;
  return <i64>currentThread.pidnsInitStartNs;
}

export function container_duration(): i64 {
  const start = container_start_ts();
  return start == NO_NUMBER ? start : <i64>eventTimeNs - start;
}
