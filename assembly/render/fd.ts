// What the number of an fd means in evt.args: `<4t>10.0.0.7:51034->10.0.0.9:443`, AT_FDCWD, or the name of
// an error; and the list of fds that poll waits for. In: numbers of fds of the current thread.

import { FAT_FDCWD } from "../generated/events";
import { errnoName } from "../generated/tables";
import { currentThread } from "../state/current";
import { Fd, protocolOf } from "../state/fd";
import { findFd } from "../state/fd_table";
import { viewOf } from "../strings/intern";
import { viewAt, viewBytes } from "../strings/view";
import { fdLetter, protocolLetter } from "./fd_kind";
import { literal } from "../strings/literal";
import { begin, finish, putByte, putHexSmall, putText, putUnsigned } from "../strings/writer";

const AT_FDCWD_TEXT = literal("AT_FDCWD");

/** The fd of the current thread with this number; null when it is not known. */
export function fdOfCurrent(fd: i64): Fd {
  if (fd < 0 || changetype<usize>(currentThread) == 0) return changetype<Fd>(0);
  return findFd(currentThread, fd);
}

export function fdText(fd: i64): u64 {
  if (changetype<usize>(currentThread) == 0) return 0;
  if (fd < 0) return fd == FAT_FDCWD ? AT_FDCWD_TEXT : errnoName(<i32>fd);
  const entry = fdOfCurrent(fd);
  if (changetype<usize>(entry) == 0) return 0;
  begin();
  putByte(60);
  putByte(fdLetter(entry.type));
  const protocol = protocolLetter(protocolOf(entry));
  if (protocol != 0) putByte(protocol);
  putByte(62);
  putText(viewOf(entry.name));
  return finish();
}

/** Parameter of type fdlist: u16 count, then {i64 fd, i16 events} each; written `fd:kind+events in hex`. */
export function putFdList(v: u64): void {
  const at = viewAt(v), bytes = viewBytes(v);
  if (bytes < 2) return;
  const count = min<usize>(load<u16>(at), (bytes - 2) / 10);
  for (let i: usize = 0; i < count; i++) {
    const item = at + 2 + i * 10;
    if (i != 0) putByte(32);
    const fd = load<i64>(item);
    const entry = fdOfCurrent(fd);
    // numbers below 0, which poll passes over, are printed as unsigned
    putUnsigned(fd);
    putByte(58);
    putByte(changetype<usize>(entry) == 0 ? 63 : fdLetter(entry.type));
    putHexSmall(<u32>load<i16>(item, 8));
  }
}
