// Calls on files that may never return: a file system in user space or on a network need not answer.
// In: paths, descriptors. Out: promises; each call runs in a thread of the runtime's pool, which has few dozen, and keeps
// it until it returns. So callers bound how many are under way (files/slow_file.ts, metadata/container_users.ts).

import { isMadeUpFileSystem, STATFS_BYTES } from "./file_systems.ts";
import { type FolderEntries, type FolderEntry, parseEntries, SYS_GETDENTS64 } from "./folder_entries.ts";
import { kept } from "./kept_memory.ts";
import { closeFd, cString, libc } from "./libc.ts";
import { AT_EMPTY_PATH, type FileStat, parseStatx, STATX_BASIC_STATS, STATX_BYTES } from "./statx.ts";

const SYS_OPENAT2 = 437n; // the same on every architecture
const RESOLVE_NO_MAGICLINKS = 0x02n;
const RESOLVE_IN_ROOT = 0x10n;
const HOW_BYTES = 24;
const FOLDER_BUFFER_BYTES = 1 << 16;

const O_NONBLOCK = 0o4000;
const O_NOCTTY = 0o400;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;

async function open(path: string, flags: number): Promise<number> {
  const name = cString(path);
  return await kept(libc().slow_open(name, flags), name);
}

/** A descriptor that names the file and does not open it; −1 when there is none. */
export function slowOpenPath(path: string): Promise<number> {
  return open(path, O_PATH | O_CLOEXEC);
}

/** The same for a folder. */
export function slowOpenFolderPath(path: string): Promise<number> {
  return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/** The same for a file below a folder, whose links cannot lead out of it. */
export async function slowOpenPathIn(folderFd: number, path: string): Promise<number> {
  const name = cString(path);
  const how = new BigUint64Array([BigInt(O_PATH | O_CLOEXEC), 0n, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS]);
  const call = libc().slow_syscall_openat2(SYS_OPENAT2, folderFd, name, how, BigInt(HOW_BYTES));
  return Number(await kept(call, name, how));
}

export async function slowStat(fd: number): Promise<FileStat | undefined> {
  const bytes = new Uint8Array(STATX_BYTES);
  const name = cString("");
  const call = libc().slow_statx(fd, name, AT_EMPTY_PATH, STATX_BASIC_STATS, bytes);
  if (await kept(call, name, bytes) < 0) return undefined;
  return parseStatx(new DataView(bytes.buffer));
}

/** Also true when the file system does not say what it is. */
export async function slowIsMadeUp(fd: number): Promise<boolean> {
  const bytes = new Uint8Array(STATFS_BYTES);
  if (await kept(libc().slow_fstatfs(fd, bytes), bytes) < 0) return true;
  return isMadeUpFileSystem(new DataView(bytes.buffer).getUint32(0, true));
}

/** The same as `folderEntries`; undefined when the folder cannot be read. */
export async function slowFolderEntries(
  path: string,
  maxEntries: number,
): Promise<FolderEntries | undefined> {
  const fd = await open(path, O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return undefined;
  try {
    const buffer = new Uint8Array(FOLDER_BUFFER_BYTES);
    const entries: FolderEntry[] = [];
    for (;;) {
      const call = libc().slow_syscall_getdents64(SYS_GETDENTS64, fd, buffer, BigInt(buffer.length));
      const got = Number(await kept(call, buffer));
      if (got < 0) return undefined;
      if (got === 0) return { entries, isCut: false };
      for (const entry of parseEntries(buffer.subarray(0, got))) {
        if (entries.length >= maxEntries) return { entries, isCut: true };
        entries.push(entry);
      }
    }
  } finally {
    closeFd(fd);
  }
}

/** The content of the regular file that a path descriptor names: at most so many bytes, usually those it has. */
export async function slowRead(pathFd: number, bytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const fd = await open(`/proc/self/fd/${pathFd}`, O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return undefined;
  try {
    const content = new Uint8Array(bytes);
    let used = 0;
    while (used < bytes) {
      const got = Number(
        await kept(libc().slow_read(fd, content.subarray(used), BigInt(bytes - used)), content),
      );
      if (got < 0) return undefined;
      if (got === 0) break;
      used += got;
    }
    return content.subarray(0, used);
  } finally {
    closeFd(fd);
  }
}
