// Fields of the group as which the process runs. In: the current thread; the groups of its container.

import { literal, NOT_AVAILABLE } from "../strings/literal";
import { currentThread } from "../state/current";
import { groupName } from "../state/users";
import { NO_NUMBER } from "../strings/view";
import { noThread } from "./process";

const ROOT = literal("root");

export function group_gid(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.gid;
}

export function group_name(): u64 {
  if (noThread()) return 0;
  const name = groupName(currentThread.containerId, currentThread.gid);
  return name != 0 ? name : currentThread.gid == 0 ? ROOT : NOT_AVAILABLE;
}
