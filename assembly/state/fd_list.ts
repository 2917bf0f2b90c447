// Lists of open files of a process list. In: the body of a block, versions 1 and 2. Out: entries in the thread's
// table. When all lists are there, `settleSockets` finds out which end of each connection is the server.

import { onReset } from "../memory/reset";
import { literal } from "../strings/literal";
import { begin, finish, putByte, putText, putUnsigned } from "../strings/writer";
import { isMappedIpv4 } from "../strings/address";
import { lengthToNul } from "../memory/bytes";
import { internView } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { Fd, FdFlag, FdType, L4 } from "./fd";
import { makeFd, releaseFd } from "./fd_entry";
import { isAnswer } from "./look_up";
import { fdInSlot, findFd, numberInSlot, putFd, slotCount, writableFd } from "./fd_table";
import {
  bytesLeft,
  hasFailed,
  readBytes,
  readNumber,
  readPosition,
  readText,
  skipTo,
  startReading,
} from "./reader";
import {
  completeAddresses,
  deriveAddresses,
  nameListed,
  setName,
  swapAddresses,
  unionOf,
} from "./socket_address";
import { Thread } from "./thread";
import { findThread } from "./thread_table";

const MAX_PATH: u32 = 1024;
const UNKNOWN_TYPE = literal("unknown-type:[");

/** one bit for each port that a process is bound to */
const serverPorts: usize = memory.data(8192, 8);

/** @returns 0, or the address of the entry that is damaged */
export function readFdList(at: usize, bytes: usize, version: u32): usize {
  startReading(at, bytes);
  if (bytesLeft() < 8) return at;
  const thread = findThread(readNumber<i64>());
  while (bytesLeft() >= 4) {
    const entry = readPosition();
    const length = version >= 2 ? readNumber<u32>() : 0;
    const end = length == 0 ? at + bytes : entry + length;
    if (end > at + bytes) return entry;
    if (changetype<usize>(thread) == 0 && length != 0) {
      skipTo(end);
      continue;
    }
    const number = readNumber<i64>();
    const ino = readNumber<u64>();
    const type: u8 = readNumber<u8>();
    const fd = makeFd(type);
    // no room for more: without lengths the rest cannot be skipped
    if (changetype<usize>(fd) == 0) {
      if (length == 0) return 0;
      skipTo(end);
      continue;
    }
    fd.ino = ino;
    fd.flags = FdFlag.FROM_PROC;
    const known = readPayload(fd, length == 0 ? 0 : end);
    if (hasFailed() || (length != 0 && readPosition() > end)) {
      releaseFd(fd);
      return entry;
    }
    if (length != 0) skipTo(end);
    if (!known || changetype<usize>(thread) == 0) releaseFd(fd);
    else if (isAnswer && isThere(thread, number)) releaseFd(fd);
    else place(thread, number, fd);
  }
  if (isAnswer && changetype<usize>(thread) != 0) settleSockets(thread);
  return 0;
}

/** What events have shown about a number is newer than a list, or more complete. */
function isThere(thread: Thread, number: i64): bool {
  return changetype<usize>(findFd(thread, number)) != 0;
}

/** @param end of the entry, 0 when it has no length */
function readPayload(fd: Fd, end: usize): bool {
  const u = unionOf(fd);
  switch (fd.type) {
    case FdType.IPV4_SOCK:
      take(u, 12);
      store<u8>(u, readNumber<u8>(), 12);
      return true;
    case FdType.IPV4_SERVSOCK:
      take(u, 6);
      store<u8>(u, readNumber<u8>(), 6);
      return true;
    case FdType.IPV6_SOCK:
      take(u, 36);
      store<u8>(u, readNumber<u8>(), 36);
      return true;
    case FdType.IPV6_SERVSOCK:
      take(u, 18);
      store<u8>(u, readNumber<u8>(), 18);
      return true;
    case FdType.UNIX_SOCK:
      take(u, 16);
      fd.name = internView(text());
      return true;
    case FdType.FILE_V2:
      fd.openFlags = readNumber<u32>();
      fd.name = internView(text());
      if (end != 0 && readPosition() + 4 <= end) fd.dev = readNumber<u32>();
      return true;
    case FdType.UNKNOWN:
      return false;
  }
  if (fd.type <= FdType.PIDFD) {
    fd.name = internView(text());
    return true;
  }
  nameUnsupported(fd);
  return true;
}

function take(to: usize, bytes: usize): void {
  const v = readBytes(bytes);
  if (viewBytes(v) == bytes) memory.copy(to, viewAt(v), bytes);
}

function text(): u64 {
  const v = readText(MAX_PATH);
  return view(viewAt(v), lengthToNul(viewAt(v), viewBytes(v)));
}

/** A kind that a later version has added. */
function nameUnsupported(fd: Fd): void {
  begin();
  putText(UNKNOWN_TYPE);
  putUnsigned(fd.type);
  putByte(93);
  setName(fd, finish());
  fd.type = FdType.UNSUPPORTED;
}

function place(thread: Thread, number: i64, fd: Fd): void {
  const u = unionOf(fd);
  let protocol: u8 = 0;
  if (fd.type == FdType.IPV6_SOCK && isMappedIpv4(u) && isMappedIpv4(u + 16)) {
    protocol = load<u8>(u, 36);
    const sip = load<u32>(u, 12), dip = load<u32>(u, 28), ports = load<u32>(u, 32);
    memory.fill(u, 0, 40);
    fd.type = FdType.IPV4_SOCK;
    store<u32>(u, sip);
    store<u32>(u, dip, 4);
    store<u32>(u, ports, 8);
    store<u8>(u, protocol, 12);
  } else if (fd.type == FdType.IPV4_SOCK) {
    protocol = load<u8>(u, 12);
  } else if (fd.type == FdType.IPV6_SOCK) {
    protocol = load<u8>(u, 36);
  } else if (fd.type == FdType.IPV4_SERVSOCK) {
    addServerPort(load<u16>(u, 4));
  } else if (fd.type == FdType.IPV6_SERVSOCK) {
    addServerPort(load<u16>(u, 16));
  } else if (fd.type == FdType.UNIX_SOCK) {
    fd.flags |= fd.name == 0 ? FdFlag.ROLE_CLIENT : FdFlag.ROLE_SERVER;
  }
  if (protocol == L4.TCP) fd.flags |= FdFlag.CONNECTED;
  if (fd.type == FdType.IPV4_SOCK) completeAddresses(fd);
  if (fd.type >= FdType.IPV4_SOCK && fd.type <= FdType.IPV6_SERVSOCK) nameListed(fd);
  deriveAddresses(fd);
  const lastFd = thread.lastFd;
  putFd(thread, number, fd);
  thread.lastFd = lastFd;
}

function addServerPort(port: u16): void {
  const at = serverPorts + (port >> 3);
  store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(port & 7)));
}

/** Turns connections whose source port belongs to a server of this host around. */
export function settleSockets(thread: Thread): void {
  for (let i: u32 = 0; i < slotCount(thread.fds); i++) {
    let fd = fdInSlot(thread.fds, i);
    if (changetype<usize>(fd) == 0 || fd.type != FdType.IPV4_SOCK || (fd.flags & FdFlag.FROM_PROC) == 0) {
      continue;
    }
    // settled before, when its process was listed
    if (isAnswer && (fd.flags & (FdFlag.ROLE_CLIENT | FdFlag.ROLE_SERVER)) != 0) continue;
    fd = writableFd(thread, numberInSlot(thread.fds, i), fd);
    const port = load<u16>(unionOf(fd), 8);
    if ((load<u8>(serverPorts + (port >> 3)) & (<u8>1 << <u8>(port & 7))) == 0) {
      fd.flags |= FdFlag.ROLE_CLIENT;
      continue;
    }
    swapAddresses(fd);
    nameListed(fd);
    deriveAddresses(fd);
    fd.flags |= FdFlag.ROLE_SERVER;
  }
}

onReset(forgetServerPorts);

export function forgetServerPorts(): void {
  memory.fill(serverPorts, 0, 8192);
}
