// Fields of the process that made the event: name, command line, environment, executable, resources.
// In: the current thread. Out: views and numbers; missing for events without a thread.
// Elsewhere: ids, sessions and groups (process_ids.ts), parents (ancestors.ts), capabilities (thread.ts).

import { dayNs, event } from "../event";
import { equalBytes } from "../memory/bytes";
import { EMPTY } from "../strings/literal";
import { begin, finish, putByte, putJoined, putText } from "../strings/writer";
import { currentThread } from "../state/current";
import { countFds } from "../state/fd_table";
import { ExeFlag, Thread } from "../state/thread";
import { cwdOf } from "../state/thread_table";
import { NO_NUMBER, view, viewAt, viewBytes } from "../strings/view";
import { listElement, listLength, listOf, textOf } from "./text";

// @ts-ignore: decorator
@inline
export function noThread(): bool {
  return changetype<usize>(currentThread) == 0;
}

/** The number of a process; those that sources without numbers of the host make up, beyond 32 bits, are none. */
// @ts-ignore: decorator
@inline
export function shownId(id: i64): i64 {
  return id >= -1 && id <= 0xffffffff ? id : NO_NUMBER;
}

export function proc_name(): u64 {
  return noThread() ? 0 : textOf(currentThread.comm);
}

export function proc_exe(): u64 {
  return noThread() ? 0 : textOf(currentThread.exe);
}

export function proc_exepath(): u64 {
  return noThread() ? 0 : textOf(currentThread.exepath);
}

export function proc_cwd(): u64 {
  if (noThread()) return 0;
  const cwd = cwdOf(currentThread);
  return cwd == 0 ? EMPTY : cwd;
}

/** Name and arguments, separated by blanks. */
export function cmdlineOf(thread: Thread): u64 {
  const args = listOf(thread.args);
  if (viewBytes(args) == 0) return textOf(thread.comm);
  begin();
  putText(textOf(thread.comm));
  putByte(32);
  putJoined(args, 32);
  return finish();
}

/** Arguments separated by blanks. */
export function argsOf(thread: Thread): u64 {
  return joined(thread.args);
}

function joined(list: u32): u64 {
  const items = listOf(list);
  if (viewBytes(items) == 0) return EMPTY;
  begin();
  putJoined(items, 32);
  return finish();
}

export function proc_cmdline(): u64 {
  return noThread() ? 0 : cmdlineOf(currentThread);
}

export function proc_exeline(): u64 {
  if (noThread()) return 0;
  begin();
  putText(textOf(currentThread.exe));
  putByte(32);
  putJoined(listOf(currentThread.args), 32);
  return finish();
}

export function proc_args_all(): u64 {
  return noThread() ? 0 : argsOf(currentThread);
}

/** One argument; the empty text when there are fewer. */
export function proc_args(index: i32): u64 {
  if (noThread()) return 0;
  const element = index < 0 ? 0 : listElement(listOf(currentThread.args), index);
  return element == 0 ? EMPTY : element;
}

export function proc_cmdnargs(): i64 {
  return noThread() ? NO_NUMBER : <i64>listLength(listOf(currentThread.args));
}

export function proc_cmdlenargs(): i64 {
  if (noThread()) return NO_NUMBER;
  const args = listOf(currentThread.args);
  const count = listLength(args);
  return count == 0 ? 0 : <i64>viewBytes(args) - count + 1;
}

// @ts-ignore: decorator
@inline
export function mainOf(thread: Thread): Thread {
  return changetype<Thread>(<usize>thread.main);
}

/** Environment of a process, which its main thread keeps. */
export function envOf(thread: Thread): u64 {
  const main = mainOf(thread);
  return joined(changetype<usize>(main) == 0 ? thread.env : main.env);
}

export function proc_env_all(): u64 {
  return noThread() ? 0 : envOf(currentThread);
}

/** Value of a variable without the blanks around it; the empty text when it is not set. */
export function envValueOf(thread: Thread, name: u64): u64 {
  const main = mainOf(thread);
  const list = listOf(changetype<usize>(main) == 0 ? thread.env : main.env);
  const end = viewAt(list) + viewBytes(list), nameBytes = viewBytes(name);
  let at = viewAt(list);
  while (at < end) {
    let to = at;
    while (to < end && load<u8>(to) != 0) to++;
    // a variable that is set to nothing counts as not set
    if (to - at > nameBytes + 1 && load<u8>(at + nameBytes) == 61 && equalBytes(at, viewAt(name), nameBytes)) {
      let from = at + nameBytes + 1;
      while (from < to && load<u8>(from) == 32) from++;
      while (to > from && load<u8>(to - 1) == 32) to--;
      return view(from, to - from);
    }
    at = to + 1;
  }
  return EMPTY;
}

export function proc_env(name: u64): u64 {
  return noThread() ? 0 : envValueOf(currentThread, name);
}

export function proc_tty(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.tty;
}

/** Nanoseconds since the process was started; no value when that was not seen. */
export function proc_duration(): i64 {
  if (noThread() || currentThread.cloneNs == 0) return NO_NUMBER;
  return <i64>(event.timeNs - currentThread.cloneNs);
}

export function proc_pid_ts(): i64 {
  return noThread() || currentThread.cloneNs == 0 ? NO_NUMBER : <i64>dayNs(currentThread.cloneNs);
}

function exeFlag(flag: u32): i64 {
  return noThread() ? NO_NUMBER : <i64>((currentThread.exeFlags & flag) != 0);
}

export function proc_is_exe_writable(): i64 {
  return exeFlag(ExeFlag.WRITABLE);
}

export function proc_is_exe_upper_layer(): i64 {
  return exeFlag(ExeFlag.UPPER_LAYER);
}

export function proc_is_exe_lower_layer(): i64 {
  return exeFlag(ExeFlag.LOWER_LAYER);
}

export function proc_is_exe_from_memfd(): i64 {
  return exeFlag(ExeFlag.FROM_MEMFD);
}

// @ts-ignore: decorator
@inline
function known(n: u64): i64 {
  return n == 0 ? NO_NUMBER : <i64>n;
}

export function proc_exe_ino(): i64 {
  return noThread() ? NO_NUMBER : known(currentThread.exeIno);
}

export function proc_exe_ino_ctime(): i64 {
  return noThread() ? NO_NUMBER : known(currentThread.exeInoCtimeNs);
}

export function proc_exe_ino_mtime(): i64 {
  return noThread() ? NO_NUMBER : known(currentThread.exeInoMtimeNs);
}

export function proc_exe_ino_ctime_duration_proc_start(): i64 {
  return noThread() ? NO_NUMBER : known(currentThread.exeCtimeToCloneNs);
}

export function proc_exe_ino_ctime_duration_pidns_start(): i64 {
  return noThread() ? NO_NUMBER : known(currentThread.pidnsStartToExeCtimeNs);
}

export function proc_pidns_init_start_ts(): i64 {
  return noThread() ? NO_NUMBER : known(currentThread.pidnsInitStartNs == 0 ? 0 : dayNs(currentThread.pidnsInitStartNs));
}

export function proc_fdopencount(): i64 {
  if (noThread()) return NO_NUMBER;
  const main = mainOf(currentThread);
  return changetype<usize>(main) == 0 ? 0 : <i64>countFds(main);
}

export function proc_fdlimit(): i64 {
  if (noThread()) return NO_NUMBER;
  const main = mainOf(currentThread);
  return changetype<usize>(main) == 0 ? 0 : main.fdlimit;
}

/** Percentage of the fds that the process may open which are open; the bits of an f64. */
export function proc_fdusage(): i64 {
  if (noThread()) return NO_NUMBER;
  const limit = proc_fdlimit();
  const usage: f64 = limit <= 0 ? 0 : min<f64>(<f64>proc_fdopencount() * 100 / <f64>limit, 100);
  return reinterpret<i64>(usage);
}

export function proc_vmsize(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.vmsizeKb;
}

export function proc_vmrss(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.vmrssKb;
}

export function proc_vmswap(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.vmswapKb;
}
