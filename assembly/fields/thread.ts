// Fields of the thread: ids, capabilities, cgroups, page faults.
// In: the current thread. Elsewhere: what its process is and does (process.ts).

import { event } from "../event";
import { CL_CLOSED, PROCINFO_E, SWITCH_E } from "../generated/events";
import { CAP_COUNT, capName } from "../generated/tables";
import { equalBytes } from "../memory/bytes";
import { EMPTY, literal } from "../strings/literal";
import { begin, finish, lastByte, putByte, putInt, putText } from "../strings/writer";
import { currentRunNs, currentThread } from "../state/current";
import { reportedSystem, reportedUser, systemBefore, userBefore } from "../state/parsers/cpu_report";
import { aliveThreads, isMain } from "../state/thread_group";
import { NO_NUMBER, view, viewAt, viewBytes } from "../strings/view";
import { mainOf, noThread, shownId } from "./process";
import { listOf, textOf } from "./text";

export function thread_tid(): i64 {
  return shownId(event.tid);
}

export function thread_vtid(): i64 {
  return noThread() || currentThread.vtid == -1 ? NO_NUMBER : currentThread.vtid;
}

export function thread_ismain(): i64 {
  return noThread() ? NO_NUMBER : <i64>isMain(currentThread);
}

export function thread_nametid(): u64 {
  if (noThread()) return 0;
  begin();
  putText(textOf(currentThread.comm));
  putInt(event.tid);
  return finish();
}

export function proc_nthreads(): i64 {
  return noThread() ? NO_NUMBER : <i64>aliveThreads(currentThread);
}

export function proc_nchilds(): i64 {
  if (noThread()) return NO_NUMBER;
  const threads = <i64>aliveThreads(currentThread), main = mainOf(currentThread);
  const mainLives = changetype<usize>(main) != 0 && (main.flags & CL_CLOSED) == 0;
  return mainLives && threads != 0 ? threads - 1 : threads;
}

/** Names of the capabilities in a set, separated by blanks. */
function capabilities(set: u64): u64 {
  if (set == 0) return EMPTY;
  begin();
  for (let bit: u32 = 0; bit < CAP_COUNT; bit++) {
    if ((set >> <u64>bit & 1) == 0) continue;
    if (lastByte() != 0) putByte(32);
    putText(capName(bit));
  }
  return finish();
}

export function thread_cap_permitted(): u64 {
  return noThread() ? 0 : capabilities(currentThread.capPermitted);
}

export function thread_cap_inheritable(): u64 {
  return noThread() ? 0 : capabilities(currentThread.capInheritable);
}

export function thread_cap_effective(): u64 {
  return noThread() ? 0 : capabilities(currentThread.capEffective);
}

export function thread_pfmajor(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.pageFaultsMajor;
}

export function thread_pfminor(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.pageFaultsMinor;
}

export function thread_vmsize(): i64 {
  if (noThread()) return NO_NUMBER;
  return isMain(currentThread) ? <i64>currentThread.vmsizeKb : 0;
}

export function thread_vmrss(): i64 {
  if (noThread()) return NO_NUMBER;
  return isMain(currentThread) ? <i64>currentThread.vmrssKb : 0;
}

export function thread_vmsize_b(): i64 {
  const kb = thread_vmsize();
  return kb == NO_NUMBER ? kb : kb << 10;
}

export function thread_vmrss_b(): i64 {
  const kb = thread_vmrss();
  return kb == NO_NUMBER ? kb : kb << 10;
}

const SUFFIX = literal("_cgroup");
const PERF = literal("perf");
const PERF_EVENT = literal("perf_event");
const MEM = literal("mem");
const MEMORY = literal("memory");
const IO = literal("io");
const BLKIO = literal("blkio");

function is(v: u64, text: u64): bool {
  return viewBytes(v) == viewBytes(text) && equalBytes(viewAt(v), viewAt(text), viewBytes(v));
}

/** Name of a cgroup subsystem as Falco shows it: the kernel's names differ between versions. */
function subsystem(name: u64): u64 {
  const bytes = viewBytes(name), cut = viewBytes(SUFFIX);
  if (bytes >= cut && equalBytes(viewAt(name) + bytes - cut, viewAt(SUFFIX), cut)) {
    name = view(viewAt(name), bytes - cut);
  }
  return is(name, PERF) ? PERF_EVENT : is(name, MEM) ? MEMORY : is(name, IO) ? BLKIO : name;
}

/** Position of the `=` in an entry; its end when there is none. */
function separatorIn(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) != 61) at++;
  return at;
}

function entryEnd(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) != 0) at++;
  return at;
}

export function thread_cgroups(): u64 {
  if (noThread()) return 0;
  const list = listOf(currentThread.cgroups);
  if (viewBytes(list) == 0) return 0;
  const end = viewAt(list) + viewBytes(list);
  begin();
  for (let at = viewAt(list); at < end;) {
    const to = entryEnd(at, end), mark = separatorIn(at, to);
    if (at != viewAt(list)) putByte(32);
    putText(subsystem(view(at, mark - at)));
    putText(view(mark, to - mark));
    at = to + 1;
  }
  return finish();
}

export function thread_cgroup(name: u64): u64 {
  if (noThread()) return 0;
  const list = listOf(currentThread.cgroups);
  const end = viewAt(list) + viewBytes(list);
  for (let at = viewAt(list); at < end;) {
    const to = entryEnd(at, end), mark = separatorIn(at, to);
    if (mark < to && is(subsystem(view(at, mark - at)), name)) return view(mark + 1, to - mark - 1);
    at = to + 1;
  }
  return 0;
}

/** How long the thread ran that a scheduler event takes from its CPU; 0 on other events. */
export function thread_exectime(): i64 {
  return event.type == SWITCH_E ? <i64>currentRunNs : 0;
}

export function thread_totexectime(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.ranNs;
}

/** How much more CPU than at the report before, at most 100; 0 at the first one. Only old captures have reports. */
function cpuShare(now: u64, before: u64): i64 {
  if (noThread() || event.type != PROCINFO_E) return NO_NUMBER;
  return reinterpret<i64>(before == 0 ? 0 : min<f64>(<f64>(now - before), 100));
}

export function thread_cpu(): i64 {
  return cpuShare(<u64>reportedUser + reportedSystem, <u64>userBefore + systemBefore);
}

export function thread_cpu_user(): i64 {
  return cpuShare(reportedUser, userBefore);
}

export function thread_cpu_system(): i64 {
  return cpuShare(reportedSystem, systemBefore);
}
