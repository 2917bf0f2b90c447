// Questions to the host about processes and open files that events refer to and whose beginning no event has shown.
// In: an event of a thread or with an fd that is not known. Out: host.on_alert(HOST_LOOK_UP, …), which answers before it
// returns, by process and file lists (`look_up` in ingest.ts). Each thread asks so often; the host bounds how much it reads.
// Only live: what /proc says is about now, and a replay has only its own lists.

import { event } from "../event";
import { HOST_LOOK_UP } from "../generated/wire";
import { on_alert } from "../host";
import { Thread } from "./thread";

const MESSAGE_BYTES: i32 = 32;
/** what the host writes over the tid when it has no time */
const REFUSED: i64 = -1;
const message: usize = memory.data(32, 8);

/** A thread that always uses unknown files causes no more questions than this. */
const MAX_QUESTIONS: u32 = 64;

let isAnswering: bool = false;
/** the lists that come are about single processes, which find their places at once */
export let isAnswer: bool = false;

export function setAnswer(on: bool): void {
  isAnswer = on;
}

/** Questions are asked from now on: the host answers. */
export function look_up_threads(on: i32): void {
  isAnswering = on != 0;
}

/** Asks for a process; false when it may be asked again. */
export function askProcess(tid: i64, pid: i64): bool {
  return isAnswering && ask(tid, pid, -1);
}

/** Asks for an open file; whether it may be known now. */
export function askFile(thread: Thread, fd: i64): bool {
  if (!isAnswering || thread.questions >= MAX_QUESTIONS || thread.pid <= 0) return false;
  if (!ask(thread.tid, thread.pid, fd)) return false;
  thread.questions++;
  return true;
}

function ask(tid: i64, pid: i64, fd: i64): bool {
  store<i64>(message, tid);
  store<i64>(message, pid, 8);
  store<u64>(message, event.timeNs, 16);
  store<i64>(message, fd, 24);
  on_alert(HOST_LOOK_UP, <i32>message, MESSAGE_BYTES);
  return load<i64>(message) != REFUSED;
}
