// The words of scenarios: what stands for more than one event, or says an event in fewer words than its parameters.
// Every other event is said by its own name (any_event.ts). docs/testing-rules.md and the schema are made from this table.

import { execve, execveat, exit, fork, spawn } from "./programs.ts";
import { accept, connect, listen, recvfrom, sendto } from "./sockets.ts";
import type { Word } from "./word.ts";

export const WORDS: Readonly<Record<string, Word>> = {
  execve,
  execveat,
  spawn,
  fork,
  exit,
  connect,
  listen,
  accept,
  sendto,
  recvfrom,
};
