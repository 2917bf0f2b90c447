// Reading a file of /proc that may never answer, by a thread that cannot wait for a promise: the engine's, in the middle of a
// batch. What a process says of its memory (cmdline) is read under a lock that the process can hold as long as it likes: one
// of its threads reads a page from a file system of its own that does not answer.
// In: a path, a bound in bytes and in time, on whose account. Out: the bytes, or `undefined`. The read is done by a thread of the
// C library (POSIX aio); one that is late keeps its thread, descriptor and memory until it returns. Each account has few such
// places, and there are few in all: without one nothing is read.
// Elsewhere: files whose reader can wait (slow_files.ts), files that answer at once (files.ts).

import { ERRNO } from "../base/mod.ts";
import { closeFd, cString, libc } from "./libc.ts";

const O_RDONLY_CLOEXEC = 0o2000000;
const MAX_LATE = 12;
const MAX_LATE_OF_ACCOUNT = 3;

// struct aiocb of 64-bit glibc and musl; what is not set is 0
const AIOCB_BYTES = 256;
const AIO_FILDES = 0;
const AIO_BUF = 16;
const AIO_NBYTES = 24;
const AIO_SIGEV_NOTIFY = 44;
const SIGEV_NONE = 1;

const AIO_SYMBOLS = {
  aio_read: { parameters: ["pointer"], result: "i32" }, // struct aiocb *aiocbp
  aio_error: { parameters: ["pointer"], result: "i32" }, // const struct aiocb *aiocbp
  aio_return: { parameters: ["pointer"], result: "isize" }, // struct aiocb *aiocbp
  aio_cancel: { parameters: ["i32", "pointer"], result: "i32" }, // int fd, struct aiocb *aiocbp
  // const struct aiocb *const aiocb_list[], int nitems, const struct timespec *timeout
  aio_suspend: { parameters: ["buffer", "i32", "buffer"], result: "i32" },
} as const;

// glibc has moved them from a library of their own in 2.34; then musl's
const LIBRARIES = ["libc.so.6", "librt.so.1", `libc.musl-${Deno.build.arch}.so.1`];

type Aio = Deno.DynamicLibrary<typeof AIO_SYMBOLS>["symbols"];

/** What the read uses is outside of the runtime's memory, since the read may outlive the thread that began it. */
interface Request {
  readonly account: number;
  readonly fd: number;
  /** struct aiocb, then the content */
  readonly memory: Deno.PointerObject;
  readonly maxBytes: number;
}

let opened: Aio | null | undefined;
const late = new Set<Request>();
let lateCount = 0;

/** How often a read was late, or not tried because others are. */
export function lateReads(): number {
  return lateCount;
}

/** @param account whose file it is: a user's number */
export function readInTime(
  path: string,
  maxBytes: number,
  timeoutMs: number,
  account: number,
): Uint8Array<ArrayBuffer> | undefined {
  const aio = opened === undefined ? opened = open() : opened;
  if (aio === null) return undefined;
  for (const request of late) if (end(aio, request) !== undefined) late.delete(request);
  const ofAccount = [...late].filter((request) => request.account === account).length;
  if (ofAccount >= MAX_LATE_OF_ACCOUNT || late.size >= MAX_LATE) {
    lateCount++;
    return undefined;
  }
  const fd = libc().open(cString(path), O_RDONLY_CLOEXEC);
  if (fd < 0) return undefined;
  const memory = libc().calloc(1n, BigInt(AIOCB_BYTES + maxBytes));
  if (memory === null) {
    closeFd(fd);
    return undefined;
  }
  const request = { account, fd, memory, maxBytes };
  const control = new DataView(Deno.UnsafePointerView.getArrayBuffer(memory, AIOCB_BYTES));
  control.setInt32(AIO_FILDES, fd, true);
  control.setBigUint64(AIO_BUF, Deno.UnsafePointer.value(memory) + BigInt(AIOCB_BYTES), true);
  control.setBigUint64(AIO_NBYTES, BigInt(maxBytes), true);
  control.setInt32(AIO_SIGEV_NOTIFY, SIGEV_NONE, true);
  if (aio.aio_read(memory) < 0) {
    release(request);
    return undefined;
  }
  const untilMs = performance.now() + timeoutMs;
  for (let leftMs = timeoutMs; leftMs > 0; leftMs = untilMs - performance.now()) {
    aio.aio_suspend(listOf(request), 1, timespec(leftMs));
    const bytes = end(aio, request);
    if (bytes !== undefined) return bytes;
  }
  aio.aio_cancel(fd, memory);
  const bytes = end(aio, request);
  if (bytes === undefined) late.add(request);
  lateCount++;
  return bytes;
}

/** What it has read; undefined while it is under way. */
function end(aio: Aio, request: Request): Uint8Array<ArrayBuffer> | undefined {
  const { memory } = request;
  if (aio.aio_error(memory) === ERRNO.EINPROGRESS) return undefined;
  const bytes = Math.max(Number(aio.aio_return(memory)), 0);
  const content = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(memory, bytes, AIOCB_BYTES)).slice();
  release(request);
  return content;
}

function release({ fd, memory }: Request): void {
  closeFd(fd);
  libc().free(memory);
}

function listOf({ memory }: Request): BigUint64Array<ArrayBuffer> {
  return new BigUint64Array([Deno.UnsafePointer.value(memory)]);
}

/** struct timespec */
function timespec(ms: number): BigInt64Array<ArrayBuffer> {
  return new BigInt64Array([BigInt(Math.floor(ms / 1000)), BigInt(Math.floor(ms % 1000 * 1e6))]);
}

function open(): Aio | null {
  for (const library of LIBRARIES) {
    try {
      return Deno.dlopen(library, AIO_SYMBOLS).symbols;
    } catch {
      // not this one
    }
  }
  return null;
}
