// Ends the process at once, from any thread and whatever the other threads do: no handler runs, nothing is flushed.
// In: a line that says why, the exit code. Out: nothing, it does not return.
// Also `endProcessIn`, by which the kernel does it when nothing else can.

import { libc } from "./libc.ts";

const STDERR = 2;
/** struct pollfd: fd, then events and revents of two bytes each */
const POLLFD_BYTES = 8;
const POLLOUT = 4;
/** A pipe that can be written takes so much at once. */
const MAX_LINE_BYTES = 512;

export function endProcess(line: string, exitCode: number): never {
  const c = libc();
  const text = new TextEncoder().encode(line).slice(0, MAX_LINE_BYTES - 1);
  const bytes = new Uint8Array([...text, 0x0a]);
  const poll = new Uint8Array(POLLFD_BYTES);
  new DataView(poll.buffer).setInt32(0, STDERR, true);
  new DataView(poll.buffer).setInt16(4, POLLOUT, true);
  // there may be no reader any more
  const isWritable = c.poll(poll, 1n, 0) > 0 && (new DataView(poll.buffer).getInt16(6, true) & POLLOUT) !== 0;
  if (isWritable) c.write(STDERR, bytes, BigInt(bytes.length));
  c._exit(exitCode);
  throw new Error("unreachable");
}

/**
 * The kernel ends the process by SIGALRM after so long, even when no thread of it runs any more. 0 takes it back.
 * By the clock: time for which the process is stopped counts.
 */
export function endProcessIn(seconds: number): void {
  libc().alarm(Math.ceil(seconds));
}
