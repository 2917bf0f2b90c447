// Entries of open files: made, copied, given back. Bounded by the number of entries of all tables together.
// Elsewhere: which process has which entry under which number (fd_table.ts).

import { count, uncount } from "../memory/counters";
import { COUNT_FDS, COUNT_FDS_ADDED, COUNT_FDS_EVICTED, COUNT_FDS_REMOVED } from "../generated/layout";
import { clearBytes, copyBytes } from "../memory/bytes";
import { allocate, free } from "../memory/heap";
import { release, retain } from "../strings/intern";
import { Fd } from "./fd";

let entries: u32 = 0;
let maxEntries: u32 = 0;

export function initFds(maxFds: u32): void {
  maxEntries = max(maxFds, 64);
  entries = 0;
}

/** A new entry that nothing refers to yet, all zero but for its kind; null when there is no room. */
export function makeFd(type: u8): Fd {
  if (entries >= maxEntries) return refused();
  const at = allocate(offsetof<Fd>());
  if (at == 0) return refused();
  clearBytes(at, offsetof<Fd>());
  const fd = changetype<Fd>(at);
  fd.refs = 1;
  fd.type = type;
  entries++;
  count(COUNT_FDS);
  count(COUNT_FDS_ADDED);
  return fd;
}

/** No room: counted. */
export function refused(): Fd {
  count(COUNT_FDS_EVICTED);
  return changetype<Fd>(0);
}

/** A copy that can be changed. */
export function copyFd(from: Fd): Fd {
  const fd = makeFd(from.type);
  if (changetype<usize>(fd) == 0) return fd;
  copyBytes(changetype<usize>(fd), changetype<usize>(from), offsetof<Fd>());
  fd.refs = 1;
  retain(fd.name);
  retain(fd.nameRaw);
  return fd;
}

export function releaseFd(fd: Fd): void {
  if (--fd.refs != 0) return;
  release(fd.name);
  release(fd.nameRaw);
  free(changetype<usize>(fd));
  entries--;
  uncount(COUNT_FDS);
  count(COUNT_FDS_REMOVED);
}
