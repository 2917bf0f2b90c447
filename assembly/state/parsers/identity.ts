// Calls that change a thread's identity: user and group ids, session, capabilities, reaper.

import { event, hasParam, paramNumber } from "../../event";
import {
  CL_FILES,
  CL_NEWUSER,
  FPR_GET_CHILD_SUBREAPER,
  FPR_SET_CHILD_SUBREAPER,
  SETGID_X,
  SETUID_X,
  UNSHARE_X,
} from "../../generated/events";
import { CAP_COUNT } from "../../generated/tables";
import { currentResult, currentThread, hasResult } from "../current";
import { leaveTable } from "../fd_table";
import { isLive } from "../machine";
import { isUnknown } from "../thread";
import { groupOf } from "../thread_group";

// @ts-ignore: decorator
@inline
function succeeded(): bool {
  return hasResult && currentResult >= 0 && changetype<usize>(currentThread) != 0;
}

/** setuid, setresuid, setreuid: the effective id counts. */
export function parseSetUid(): void {
  const at: u32 = event.type == SETUID_X ? 1 : 2;
  if (succeeded() && currentResult == 0 && hasParam(at)) currentThread.uid = paramNumber<u32>(at);
}

/** setgid, setresgid, setregid */
export function parseSetGid(): void {
  const at: u32 = event.type == SETGID_X ? 1 : 2;
  if (succeeded() && currentResult == 0 && hasParam(at)) currentThread.gid = paramNumber<u32>(at);
}

export function parseSetsid(): void {
  if (succeeded()) currentThread.sid = currentResult;
}

export function parseCapset(): void {
  if (!succeeded()) return;
  currentThread.capInheritable = paramNumber<u64>(1);
  currentThread.capPermitted = paramNumber<u64>(2);
  currentThread.capEffective = paramNumber<u64>(3);
}

/** unshare, setns: in a user namespace of its own a thread may do all. */
export function parseNamespace(): void {
  if (!succeeded()) return;
  const flags = paramNumber<u32>(event.type == UNSHARE_X ? 1 : 2);
  if (isLive && event.type == UNSHARE_X && (flags & CL_FILES) != 0) leaveTable(currentThread);
  if ((flags & CL_NEWUSER) == 0) return;
  const all = (<u64>1 << CAP_COUNT) - 1;
  currentThread.capInheritable = all;
  currentThread.capPermitted = all;
  currentThread.capEffective = all;
}

/** prctl: which process adopts orphans. The name that PR_SET_NAME gives is not taken over, as in Falco. */
export function parsePrctl(): void {
  if (!succeeded() || isUnknown(currentThread) || currentThread.group == 0) return;
  const option = paramNumber<u32>(1);
  if (option != FPR_SET_CHILD_SUBREAPER && option != FPR_GET_CHILD_SUBREAPER) return;
  groupOf(currentThread).reaper = paramNumber<i64>(3) != 0;
}
