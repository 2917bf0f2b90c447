// Files as bytes, through the C library: for /proc, whose thousands of small files must be read quickly and whose names
// and links need not be UTF-8.
// Every function returns `undefined` where the file cannot be read: processes vanish between two calls.
// What is returned is in a buffer that the next call reuses, unless it says otherwise.

import { errno, libc } from "./libc.ts";
import { ERRNO } from "../base/mod.ts";
import { AT_STATX_DONT_SYNC, type FileStat, parseStatx, STATX_BASIC_STATS, STATX_BYTES } from "./statx.ts";

const O_CLOEXEC = 0o2000000;
// of no effect in /proc; where a FIFO was put instead, the call does not wait for its writer
const O_NONBLOCK = 0o4000;
const O_NOCTTY = 0o400;
const AT_FDCWD = -100;

const encoder = new TextEncoder();
const pathBytes = new Uint8Array(8192);
const linkBytes = new Uint8Array(4096);
const statBytes = new Uint8Array(STATX_BYTES);
const statView = new DataView(statBytes.buffer);
let fileBytes = new Uint8Array(64 << 10);

/** A path as text, or as the bytes of one. */
export type Path = string | Uint8Array;

function pathToC(path: Path): boolean {
  if (typeof path === "string") {
    const { read, written } = encoder.encodeInto(path, pathBytes);
    if (read < path.length || written >= pathBytes.length) return false;
    pathBytes[written] = 0;
  } else {
    if (path.length >= pathBytes.length) return false;
    pathBytes.set(path);
    pathBytes[path.length] = 0;
  }
  return true;
}

/** The content of a file, at most `maxBytes` of it. */
export function readBytes(path: Path, maxBytes: number): Uint8Array | undefined {
  if (!pathToC(path)) return undefined;
  const c = libc();
  const fd = c.open(pathBytes, O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return undefined;
  let used = 0;
  while (used < maxBytes) {
    if (used === fileBytes.length) {
      const larger = new Uint8Array(fileBytes.length * 4);
      larger.set(fileBytes);
      fileBytes = larger;
    }
    const room = Math.min(fileBytes.length, maxBytes) - used;
    const got = Number(c.read(fd, used === 0 ? fileBytes : fileBytes.subarray(used), BigInt(room)));
    if (got < 0 && errno() === ERRNO.EINTR) continue;
    if (got < 0) {
      c.close(fd);
      return undefined;
    }
    if (got === 0) break;
    used += got;
  }
  c.close(fd);
  return fileBytes.subarray(0, used);
}

/** Where a symbolic link points to. */
export function readLink(path: Path): Uint8Array | undefined {
  if (!pathToC(path)) return undefined;
  const bytes = Number(libc().readlink(pathBytes, linkBytes, BigInt(linkBytes.length)));
  return bytes <= 0 ? undefined : linkBytes.subarray(0, bytes);
}

/** Follows links. A file on a network is not asked for fresh values: a dead server would block the scan. */
export function statFile(path: Path): FileStat | undefined {
  if (!pathToC(path)) return undefined;
  if (libc().statx(AT_FDCWD, pathBytes, AT_STATX_DONT_SYNC, STATX_BASIC_STATS, statBytes) < 0) {
    return undefined;
  }
  return parseStatx(statView);
}
