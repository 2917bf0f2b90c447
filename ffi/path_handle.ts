// A file that is looked at before it is opened: a descriptor with O_PATH blocks at no FIFO and wakes no device.
// In: a path. Out: its facts and its content, or the errno that says why not. All calls block this thread.
// Elsewhere: which files are read (files/), the same without blocking (slow_files.ts).

import { concatenate, ERRNO } from "../base/mod.ts";
import { isMadeUpFileSystem, STATFS_BYTES } from "./file_systems.ts";
import { closeFd, cString, errno, libc } from "./libc.ts";
import { AT_EMPTY_PATH, type FileStat, parseStatx, STATX_BASIC_STATS, STATX_BYTES } from "./statx.ts";

const O_NONBLOCK = 0o4000;
const O_NOCTTY = 0o400;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const CHUNK_BYTES = 1 << 16;
const NO_NAME = cString("");

export class PathHandle {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** The handle, or an errno. Links are followed. */
  static open(path: string): PathHandle | number {
    if (path.includes("\0")) return ERRNO.ENOENT;
    const fd = libc().open(cString(path), O_PATH | O_CLOEXEC);
    return fd < 0 ? errno() : new PathHandle(fd);
  }

  stat(): FileStat | number {
    const bytes = new Uint8Array(STATX_BYTES);
    const result = libc().statx(this.#fd, NO_NAME, AT_EMPTY_PATH, STATX_BASIC_STATS, bytes);
    return result < 0 ? errno() : parseStatx(new DataView(bytes.buffer));
  }

  /** The magic number of its file system. */
  fileSystem(): number | undefined {
    const bytes = new Uint8Array(STATFS_BYTES);
    return libc().fstatfs(this.#fd, bytes) < 0 ? undefined : new DataView(bytes.buffer).getUint32(0, true);
  }

  /** Also true when the file system does not say what it is. */
  isMadeUp(): boolean {
    const magic = this.fileSystem();
    return magic === undefined || isMadeUpFileSystem(magic);
  }

  /** At most `maxBytes` of the content, or an errno. Only a regular file may be read so: others may wait for ever. */
  read(maxBytes: number): Uint8Array<ArrayBuffer> | number {
    const fd = libc().open(cString(`/proc/self/fd/${this.#fd}`), O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return errno();
    try {
      return readAll(fd, maxBytes);
    } finally {
      closeFd(fd);
    }
  }

  close(): void {
    closeFd(this.#fd);
  }
}

function readAll(fd: number, maxBytes: number): Uint8Array<ArrayBuffer> | number {
  const chunks: Uint8Array[] = [];
  let used = 0;
  while (used < maxBytes) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, maxBytes - used));
    const got = Number(libc().read(fd, chunk, BigInt(chunk.length)));
    if (got < 0) {
      const failure = errno();
      if (failure === ERRNO.EINTR) continue;
      return failure;
    }
    if (got === 0) break;
    chunks.push(chunk.subarray(0, got));
    used += got;
  }
  return concatenate(chunks);
}
