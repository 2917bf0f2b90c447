// The directory that a path parameter is relative to.

import { FAT_FDCWD } from "../generated/events";
import { copyBytes } from "../memory/bytes";
import { takeScratch } from "../memory/scratch";
import { lengthOf, viewOf } from "../strings/intern";
import { view } from "../strings/view";
import { findFd } from "./fd_table";
import { isAbsolute } from "./paths";
import { Thread } from "./thread";
import { cwdOf } from "./thread_table";

/** <UNKNOWN> */
const UNKNOWN = memory.data<u8>([60, 85, 78, 75, 78, 79, 87, 78, 62]);
/** `.`, which an absolute name makes meaningless */
const HERE = memory.data<u8>([46]);

/** `.` for an absolute name, the working directory, or the path of `dirfd` with a slash at its end. */
export function directoryOf(thread: Thread, name: u64, dirfd: i64): u64 {
  if (isAbsolute(name)) return view(HERE, 1);
  if (dirfd == FAT_FDCWD) return cwdOf(thread);
  const fd = findFd(thread, dirfd);
  if (changetype<usize>(fd) == 0) return view(UNKNOWN, 9);
  const bytes = lengthOf(fd.name);
  if (bytes == 0 || load<u8>(<usize>fd.name + bytes - 1) == 47) return viewOf(fd.name);
  const copy = takeScratch(bytes + 1);
  if (copy == 0) return viewOf(fd.name);
  copyBytes(copy, fd.name, bytes);
  store<u8>(copy + bytes, 47);
  return view(copy, bytes + 1);
}

// @ts-ignore: decorator
@inline
export function isUnknownDirectory(directory: u64): bool {
  return <usize>(<u32>directory) == UNKNOWN;
}
