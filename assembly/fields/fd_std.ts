// Fields of standard input, output and error: their kind and their name. In: the current thread's fds 0, 1, 2.

import { fdOfCurrent } from "../render/fd";
import { fdWord } from "../render/fd_kind";
import { textOf } from "./text";

function kind(number: i64): u64 {
  const fd = fdOfCurrent(number);
  return changetype<usize>(fd) == 0 ? 0 : fdWord(fd.type);
}

function name(number: i64): u64 {
  const fd = fdOfCurrent(number);
  return changetype<usize>(fd) == 0 ? 0 : textOf(fd.name);
}

export function proc_stdin_type(): u64 {
  return kind(0);
}

export function proc_stdout_type(): u64 {
  return kind(1);
}

export function proc_stderr_type(): u64 {
  return kind(2);
}

export function proc_stdin_name(): u64 {
  return name(0);
}

export function proc_stdout_name(): u64 {
  return name(1);
}

export function proc_stderr_name(): u64 {
  return name(2);
}
