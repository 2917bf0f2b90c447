// execve, execveat: a process begins another program. All that the event carries replaces what was known.

import { event, hasParam, paramNumber } from "../../event";
import {
  CL_ACTIVE,
  CL_CHILD_IN_PIDNS,
  CL_INVERTED,
  CL_IS_MAIN_THREAD,
  CL_NAME_CHANGED,
  CL_PIPE_DST,
  CL_PIPE_SRC,
  FEXECVEAT_EMPTY_PATH,
} from "../../generated/events";
import { view } from "../../strings/view";
import { currentResult, currentThread, hasResult } from "../current";
import { directoryOf, isUnknownDirectory } from "../dirfd";
import { enterNumber, enterText, matchingEnterType } from "../enter";
import { closeOnExec } from "../fd_sweep";
import { leaveCommonTable } from "../fd_table";
import { isLive } from "../machine";
import { isNotAvailable, notAvailable, paramList, paramText } from "../params";
import { joinPath } from "../paths";
import { replaced, withoutDeleted } from "../replace";
import { isUnknown, Thread } from "../thread";
import { groupOf, isMain } from "../thread_group";
import { cwdOf } from "../thread_table";
import { healLineage, linkThread, removeThread, revive } from "../thread_life";
import { takeCgroups, takeContainer, takeMemory, takeNames } from "./process_params";

// enter events that only old captures hold
const EXECVE_E: u32 = 292;
const EXECVEAT_E: u32 = 330;

export function parseExec(): void {
  const thread = currentThread;
  if (!hasResult || currentResult < 0 || changetype<usize>(thread) == 0) return;
  revive(thread);
  thread.execNs = event.timeNs;
  thread.questions = 0;
  takeNames(thread);
  thread.pid = paramNumber<i64>(4);
  if (isUnknown(thread)) {
    thread.ptid = paramNumber<i64>(5);
    if ((thread.flags & CL_CHILD_IN_PIDNS) == 0) {
      thread.vtid = thread.tid;
      thread.vpid = thread.pid;
    }
    if (isMain(thread)) thread.main = <u32>changetype<usize>(thread);
    linkThread(thread);
  } else if (isMain(thread)) {
    thread.main = <u32>changetype<usize>(thread);
    if (isLive) healLineage(thread, paramNumber<i64>(5));
  }
  thread.fdlimit = paramNumber<i64>(7);
  takeMemory(thread);
  if (hasParam(15)) thread.env = replaced(thread.env, paramList(15));
  takeCgroups(thread);
  if (hasParam(16)) thread.tty = paramNumber<u32>(16);
  const path = hasParam(27) ? paramText(27) : pathByEnterEvent(thread);
  if (path != 0) thread.exepath = replaced(thread.exepath, withoutDeleted(path));
  if (hasParam(17)) thread.vpgid = paramNumber<i64>(17);
  takeCredentials(thread);
  thread.pgid = hasParam(28) ? paramNumber<i64>(28) : -1;
  leaveCommonTable(thread);
  closeOnExec(thread);
  const kept = thread.flags & (CL_PIPE_SRC | CL_PIPE_DST | CL_IS_MAIN_THREAD | CL_INVERTED);
  thread.flags = CL_ACTIVE | CL_NAME_CHANGED | kept;
  takeContainer(thread);
  endOtherThreads(thread);
}

/** Parameters 18 … 26 and 29: ids, capabilities and the executable's inode. */
function takeCredentials(thread: Thread): void {
  if (hasParam(18)) thread.loginuid = paramNumber<u32>(18);
  if (hasParam(19)) thread.exeFlags = paramNumber<u32>(19);
  if (hasParam(22)) {
    thread.capInheritable = paramNumber<u64>(20);
    thread.capPermitted = paramNumber<u64>(21);
    thread.capEffective = paramNumber<u64>(22);
  }
  if (hasParam(25)) {
    thread.exeIno = paramNumber<u64>(23);
    const ctime = paramNumber<u64>(24);
    thread.exeInoCtimeNs = ctime;
    thread.exeInoMtimeNs = paramNumber<u64>(25);
    if (thread.cloneNs != 0) thread.exeCtimeToCloneNs = thread.cloneNs - ctime;
    const start = thread.pidnsInitStartNs;
    if (start != 0 && ctime > start) thread.pidnsStartToExeCtimeNs = ctime - start;
  }
  if (hasParam(26)) thread.uid = paramNumber<u32>(26);
  if (hasParam(29)) thread.gid = paramNumber<u32>(29);
}

/** Old captures: the executable as the program named it. 0 = not known. */
function pathByEnterEvent(thread: Thread): u64 {
  const type = matchingEnterType(thread);
  if (type == EXECVE_E) {
    const name = enterText(thread, 0);
    return isNotAvailable(name) ? name : joinPath(cwdOf(thread), name);
  }
  if (type != EXECVEAT_E) return 0;
  const name = enterText(thread, 1);
  const emptyPath = (enterNumber<u32>(thread, 2) & FEXECVEAT_EMPTY_PATH) != 0;
  const directory = directoryOf(thread, name, enterNumber<i64>(thread, 0));
  if ((!emptyPath && isNotAvailable(name)) || isUnknownDirectory(directory)) return notAvailable();
  return emptyPath ? joinPath(view(0, 0), directory) : joinPath(directory, name);
}

/** Only the thread that called execve lives on. */
function endOtherThreads(thread: Thread): void {
  if (thread.group == 0) return;
  const group = groupOf(thread);
  let left = group.members;
  while (left > 0 && currentThread == thread && thread.group != 0 && group.alive > 1) {
    left--;
    let other = changetype<Thread>(<usize>group.first);
    while (changetype<usize>(other) != 0 && (other == thread || isMain(other))) {
      other = changetype<Thread>(<usize>other.nextInGroup);
    }
    if (changetype<usize>(other) == 0) return;
    removeThread(other);
  }
}
