// The names in a folder as bytes: they need not be UTF-8, and there may be millions of them.
// In: a path and how many entries are looked at. Out: names with the kinds that the file system gives, or an errno.
// Elsewhere: what becomes of them (files/folder_list.ts), the same without blocking (slow_files.ts).

import { closeFd, cString, errno, libc } from "./libc.ts";
import { ERRNO } from "../base/mod.ts";

export const SYS_GETDENTS64 = Deno.build.arch === "aarch64" ? 61n : 217n;
const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const BUFFER_BYTES = 1 << 16;
const DOT = 0x2e;

export interface FolderEntry {
  readonly name: Uint8Array;
  /** DT_ of dirent.h; 0 when the file system does not say */
  readonly type: number;
}

export interface FolderEntries {
  readonly entries: readonly FolderEntry[];
  /** there are more */
  readonly isCut: boolean;
}

export function folderEntries(path: string, maxEntries: number): FolderEntries | number {
  if (path.includes("\0")) return ERRNO.ENOENT;
  const fd = libc().open(cString(path), O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return errno();
  try {
    const buffer = new Uint8Array(BUFFER_BYTES);
    const entries: FolderEntry[] = [];
    for (;;) {
      const got = Number(libc().syscall_getdents64(SYS_GETDENTS64, fd, buffer, BigInt(buffer.length)));
      if (got < 0) return errno();
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

/** struct linux_dirent64: inode 8, offset 8, length 2, type 1, name */
export function* parseEntries(bytes: Uint8Array): Generator<FolderEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 19 <= bytes.length;) {
    const length = view.getUint16(at + 16, true);
    const name = bytes.subarray(at + 19, at + length);
    const end = name.indexOf(0);
    const whole = end < 0 ? name : name.subarray(0, end);
    const isSelf = whole[0] === DOT && (whole.length === 1 || (whole.length === 2 && whole[1] === DOT));
    if (!isSelf) yield { name: whole.slice(), type: bytes[at + 18]! };
    at += length;
  }
}
