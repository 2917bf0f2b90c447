// A pipe to a program, of which one wants to know what the program has read.
// In: bytes. Out: how many the pipe has taken, and how many of those have not been read. Nothing here waits.
// Elsewhere: starting the program (outputs/sinks/child_process.ts).

import { ERRNO } from "../base/mod.ts";
import { callError, closeFd, errno, libc } from "./libc.ts";

const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const F_SETFL = 4;
const FIONREAD = 0x541bn;

export interface PipeEnds {
  /** blocks, as programs expect of their input */
  readonly readFd: number;
  /** does not block */
  readonly writeFd: number;
}

export function createPipe(): PipeEnds {
  const ends = new Int32Array(2);
  if (libc().pipe2(new Uint8Array(ends.buffer), O_CLOEXEC) < 0) throw callError("pipe2", errno());
  const [readFd = -1, writeFd = -1] = ends;
  if (libc().fcntl(writeFd, F_SETFL, O_NONBLOCK) < 0) {
    const code = errno();
    closeFd(readFd);
    closeFd(writeFd);
    throw callError("fcntl", code);
  }
  return { readFd, writeFd };
}

/**
 * So many bytes were taken; 0: the pipe is full.
 * @throws CallError EPIPE when there is no reader any more
 */
export function writePipe(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  const written = Number(libc().write(fd, bytes, BigInt(bytes.length)));
  if (written >= 0) return written;
  const code = errno();
  if (code === ERRNO.EAGAIN || code === ERRNO.EINTR) return 0;
  throw callError("write", code);
}

/** Bytes in the pipe, as either of its ends shows, also when the process at the other end has ended. */
export function unreadBytes(fd: number): number {
  const count = new Int32Array(1);
  if (libc().ioctl(fd, FIONREAD, new Uint8Array(count.buffer)) < 0) throw callError("ioctl", errno());
  return count[0]!;
}

export const closePipe = closeFd;
