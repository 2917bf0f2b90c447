// Process lists: the threads that were there when a capture began. In: the body of a block, versions 1 to 9.
// Out: threads without group and parent, which state/seed.ts gives them when the last list has been read.

import { CL_ACTIVE } from "../generated/events";
import { lengthToNul } from "../memory/bytes";
import { view, viewAt, viewBytes } from "../strings/view";
import { normaliseCgroups } from "./cgroups";
import { containerOf } from "./containers";
import { setWorkingDirectory } from "./parsers/directory";
import { bytesLeft, hasFailed, readNumber, readPosition, readText, skipTo, startReading } from "./reader";
import { replaced, swapped, withoutDeleted } from "./replace";
import { ExeFlag, isUnknown, Thread } from "./thread";
import { isMain } from "./thread_group";
import { isAnswer } from "./look_up";
import { findThread } from "./thread_table";
import { freeThread, insertThread, linkThread, makeThread } from "./thread_life";

const MAX_PATH: u32 = 1024;
const MAX_LIST: u32 = 4096;
/** Bytes of what very old writers of version 9 put after the root directory. */
const OLD_TAIL_BYTES: usize = 29;

/** @returns 0, or the address of the entry that is damaged */
export function readProcessList(at: usize, bytes: usize, version: u32): usize {
  startReading(at, bytes);
  while (bytesLeft() >= 4) {
    const entry = readPosition();
    const length = version >= 9 ? readNumber<u32>() : 0;
    const end = length == 0 ? at + bytes : entry + length;
    if (end > at + bytes) return entry;
    const tid = readNumber<i64>();
    const thread = makeThread(tid);
    if (changetype<usize>(thread) == 0) {
      // the table is full: without lengths the rest cannot be skipped
      if (length == 0) return 0;
      skipTo(end);
      continue;
    }
    readEntry(thread, version);
    if (version >= 9) readTail(thread, end);
    if (hasFailed() || (length != 0 && readPosition() > end)) {
      freeThread(thread);
      return entry;
    }
    if (length != 0) skipTo(end);
    seed(thread);
  }
  return 0;
}

function readEntry(thread: Thread, version: u32): void {
  thread.pid = readNumber<i64>();
  thread.ptid = readNumber<i64>();
  if (version >= 6) thread.sid = readNumber<i64>();
  if (version >= 8) thread.vpgid = readNumber<i64>();
  thread.comm = replaced(thread.comm, text(readText(MAX_PATH)));
  thread.exe = replaced(thread.exe, text(readText(MAX_PATH)));
  if (version >= 7) thread.exepath = replaced(thread.exepath, withoutDeleted(text(readText(MAX_PATH))));
  thread.args = replaced(thread.args, list(readText(MAX_LIST)));
  thread.main = isMain(thread) ? <u32>changetype<usize>(thread) : 0;
  const cwd = text(readText(MAX_PATH));
  if (thread.main != 0) setWorkingDirectory(thread, cwd);
  thread.fdlimit = readNumber<i64>();
  thread.flags |= readNumber<u32>() | CL_ACTIVE;
  thread.uid = readNumber<u32>();
  thread.gid = readNumber<u32>();
  if (version < 2) return;
  thread.vmsizeKb = readNumber<u32>();
  thread.vmrssKb = readNumber<u32>();
  thread.vmswapKb = readNumber<u32>();
  thread.pageFaultsMajor = readNumber<u64>();
  thread.pageFaultsMinor = readNumber<u64>();
  if (version < 3) return;
  const env = list(readText(MAX_LIST));
  if (thread.main != 0) thread.env = replaced(thread.env, env);
  if (version < 4) return;
  thread.vtid = readNumber<i64>();
  thread.vpid = readNumber<i64>();
  const cgroups = normaliseCgroups(list(readText(MAX_LIST)));
  if (cgroups != 0) thread.cgroups = replaced(thread.cgroups, cgroups);
  if (version >= 5) thread.root = replaced(thread.root, text(readText(MAX_PATH)));
}

/** What version 9 has after the root directory: each field is there only if the entry is long enough. */
function readTail(thread: Thread, end: usize): void {
  if (end > readPosition() && end - readPosition() > OLD_TAIL_BYTES) {
    thread.pidnsInitStartNs = tailNumber<u64>(end, 0);
    thread.tty = tailNumber<u32>(end, 0);
  }
  thread.loginuid = tailNumber<u32>(end, 0xffffffff);
  let exeFlags: u32 = tailNumber<u8>(end, 0) != 0 ? ExeFlag.WRITABLE : 0;
  thread.capInheritable = tailNumber<u64>(end, 0);
  thread.capPermitted = tailNumber<u64>(end, 0);
  thread.capEffective = tailNumber<u64>(end, 0);
  if (tailNumber<u8>(end, 0) != 0) exeFlags |= ExeFlag.UPPER_LAYER;
  thread.exeIno = tailNumber<u64>(end, 0);
  thread.exeInoCtimeNs = tailNumber<u64>(end, 0);
  thread.exeInoMtimeNs = tailNumber<u64>(end, 0);
  if (tailNumber<u8>(end, 0) != 0) exeFlags |= ExeFlag.FROM_MEMFD;
  if (tailNumber<u8>(end, 0) != 0) exeFlags |= ExeFlag.LOWER_LAYER;
  thread.exeFlags = exeFlags;
  thread.pgid = tailNumber<i64>(end, -1);
}

// @ts-ignore: decorator
@inline
function tailNumber<T>(end: usize, missing: T): T {
  return readPosition() + sizeof<T>() <= end ? readNumber<T>() : missing;
}

/** A text up to its first NUL. */
function text(v: u64): u64 {
  return view(viewAt(v), lengthToNul(viewAt(v), viewBytes(v)));
}

/** A list without the NUL at its end. */
function list(v: u64): u64 {
  const bytes = viewBytes(v);
  if (bytes == 0) return v;
  return load<u8>(viewAt(v) + bytes - 1) == 0 ? view(viewAt(v), bytes - 1) : v;
}

function seed(thread: Thread): void {
  const known = findThread(thread.tid);
  const hasState = changetype<usize>(known) != 0 && !isUnknown(known);
  if (isAnswer && hasState) return freeThread(thread);
  insertThread(thread);
  thread.containerId = swapped(thread.containerId, containerOf(thread.cgroups));
  if (isAnswer) linkThread(thread);
}
