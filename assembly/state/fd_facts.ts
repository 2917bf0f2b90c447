// What the probe has read from the kernel's table about an fd: after the parameters of calls that copy an fd, after those of a
// connect of a socket that was left out so far, and in records about fds that came with a message. In: where these parameters begin in the current event
// (probe/syscalls/fd_facts.bpf.h). Out: whether an entry can be that file, and an entry made from the facts.
// Entries keep what events showed as long as the facts agree: names are as the program passed them, roles are known.

import { hasParam, param, paramAddress, paramLength, paramNumber } from "../event";
import { NAMED_AS_OPENED, NAMED_IF_UNKNOWN, SOCKET_BOUND } from "../generated/layout";
import { isMappedIpv4, putSocktuple } from "../strings/address";
import { literal } from "../strings/literal";
import { begin, finish } from "../strings/writer";
import { equalBytes } from "../memory/bytes";
import { internView, keep } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { Fd, FdFlag, FdType, L4 } from "./fd";
import { makeFd } from "./fd_entry";
import { textAt } from "./params";
import {
  deriveAddresses,
  FAMILY_INET,
  FAMILY_INET6,
  FAMILY_UNIX,
  isTupleValid,
  nameByAddresses,
  nameListed,
  setIpv4,
  setIpv6,
  setName,
  swapAddresses,
  unionOf,
} from "./socket_address";

// positions of the parameters
const MODE: u32 = 0;
const INO: u32 = 1;
const DEV: u32 = 2;
const OPEN_FLAGS: u32 = 3;
const SOCKET: u32 = 4;
const TUPLE: u32 = 5;
const PATH: u32 = 6;
/** how many there are */
export const FD_FACTS: u32 = 7;

const KIND_BITS: u32 = 0o170000;
const KIND_FIFO: u32 = 0o010000;
const KIND_DIRECTORY: u32 = 0o040000;
const FAMILY_NETLINK: u32 = 16;
const SOCKET_TYPE_BITS: u32 = 0xf;
const STREAM: u32 = 1;
const DATAGRAM: u32 = 2;
const RAW: u32 = 3;
/** Ports below are those of servers, by the usual range of the others; the kernel does not show which end listened. */
const FIRST_EPHEMERAL_PORT: u32 = 32768;

const MEMFD = literal("memfd:");
const EVENTFD = literal("[eventfd]");
const EVENTPOLL = literal("[eventpoll]");
const INOTIFY = literal("inotify");
const SIGNALFD = literal("[signalfd]");
const TIMERFD = literal("[timerfd]");
const IO_URING = literal("[io_uring]");
const USERFAULTFD = literal("[userfaultfd]");
const PIDFD = literal("[pidfd]");
const BPF = literal("bpf");

/** Whether the event has facts, be it that nothing is open. */
// @ts-ignore: decorator
@inline
export function hasFacts(count: u32, first: u32): bool {
  return count >= first + FD_FACTS;
}

/** Whether anything was open under the number. */
// @ts-ignore: decorator
@inline
export function isOpen(first: u32): bool {
  return hasParam(first + MODE);
}

/** Whether an entry knows as much as the facts: then it stays, since its name is the one that was passed to the call. */
export function isSettled(fd: Fd, first: u32): bool {
  const mode = paramNumber<u32>(first + MODE);
  if ((mode & <u32>NAMED_IF_UNKNOWN) != 0) return fd.ino == 0 || fd.ino == paramNumber<u64>(first + INO);
  return (mode & <u32>NAMED_AS_OPENED) == 0 && agrees(fd, first);
}

/** Whether an entry may be the file that the facts are about. */
export function agrees(fd: Fd, first: u32): bool {
  const type = kindOf(first);
  if (isInet(type)) return isInet(fd.type) && isSameConnection(fd, first);
  if (type == FdType.UNIX_SOCK) return fd.type == type && isSameUnix(fd, first);
  const known: u8 = fd.type == FdType.FILE ? FdType.FILE_V2 : fd.type;
  if (type == FdType.UNSUPPORTED) return known > FdType.UNIX_SOCK && known != FdType.FILE_V2;
  // a folder may have been opened without O_DIRECTORY
  if (known != type && !(known == FdType.FILE_V2 && type == FdType.DIRECTORY)) return false;
  // what has no inode in its event shares one with all of its kind
  return fd.ino == 0 || fd.ino == paramNumber<u64>(first + INO);
}

/** An entry that knows no more than the facts; null when there is no room. */
export function fdFromFacts(first: u32): Fd {
  const fd = makeFd(kindOf(first));
  if (changetype<usize>(fd) == 0) return fd;
  fd.openFlags = paramNumber<u32>(first + OPEN_FLAGS);
  fd.ino = paramNumber<u64>(first + INO);
  if (paramLength(first + SOCKET) != 0) {
    fillSocket(fd, first);
  } else {
    fd.dev = paramNumber<u32>(first + DEV);
    const path = pathOf(first);
    if (viewBytes(path) != 0 && (load<u8>(viewAt(path)) == 47 || fd.type == FdType.MEMFD)) {
      fd.name = internView(path);
      fd.nameRaw = keep(path);
    }
  }
  return fd;
}

function pathOf(first: u32): u64 {
  return hasParam(first + PATH) ? textAt(paramAddress(first + PATH), paramLength(first + PATH)) : 0;
}

// @ts-ignore: decorator
@inline
function isInet(type: u8): bool {
  return type >= FdType.IPV4_SOCK && type <= FdType.IPV6_SERVSOCK;
}

function kindOf(first: u32): u8 {
  if (paramLength(first + SOCKET) != 0) return socketKindOf(first);
  const kind = paramNumber<u32>(first + MODE) & KIND_BITS;
  if (kind == KIND_FIFO) return FdType.FIFO;
  if (kind == KIND_DIRECTORY) return FdType.DIRECTORY;
  const path = pathOf(first);
  if (viewBytes(path) != 0 && load<u8>(viewAt(path)) == 47) return FdType.FILE_V2;
  if (beginsWith(path, MEMFD)) return FdType.MEMFD;
  if (beginsWith(path, EVENTFD)) return FdType.EVENT;
  if (beginsWith(path, EVENTPOLL)) return FdType.EVENTPOLL;
  if (beginsWith(path, INOTIFY)) return FdType.INOTIFY;
  if (beginsWith(path, SIGNALFD)) return FdType.SIGNALFD;
  if (beginsWith(path, TIMERFD)) return FdType.TIMERFD;
  if (beginsWith(path, IO_URING)) return FdType.IO_URING;
  if (beginsWith(path, USERFAULTFD)) return FdType.USERFAULTFD;
  if (beginsWith(path, PIDFD)) return FdType.PIDFD;
  return beginsWith(path, BPF) ? FdType.BPF : FdType.UNSUPPORTED;
}

function beginsWith(path: u64, text: u64): bool {
  const bytes = viewBytes(text);
  return viewBytes(path) >= bytes && equalBytes(viewAt(path), viewAt(text), bytes);
}

/** Of a socket over IP that a call connects: whether it had been bound to a port, as servers are. */
export function wasBound(first: u32): bool {
  return (paramNumber<u16>(first + SOCKET) & <u16>SOCKET_BOUND) != 0;
}

function socketKindOf(first: u32): u8 {
  const family: u32 = paramNumber<u16>(first + SOCKET) >> 8;
  if (family == FAMILY_UNIX) return FdType.UNIX_SOCK;
  if (family == FAMILY_NETLINK) return FdType.NETLINK;
  if (family != FAMILY_INET && family != FAMILY_INET6) return FdType.UNSUPPORTED;
  const tuple = param(first + TUPLE);
  if (!isTupleValid(tuple)) return family == FAMILY_INET ? FdType.IPV4_SOCK : FdType.IPV6_SOCK;
  const at = viewAt(tuple);
  if (family == FAMILY_INET) {
    return load<u16>(at, 11) == 0 && load<u16>(at, 5) != 0 ? FdType.IPV4_SERVSOCK : FdType.IPV4_SOCK;
  }
  if (load<u16>(at, 35) == 0 && load<u16>(at, 17) != 0) return FdType.IPV6_SERVSOCK;
  return isMappedIpv4(at + 1) && isMappedIpv4(at + 19) ? FdType.IPV4_SOCK : FdType.IPV6_SOCK;
}

// @ts-ignore: decorator
@inline
function socketTypeOf(first: u32): u32 {
  return paramNumber<u16>(first + SOCKET) & SOCKET_TYPE_BITS;
}

function l4Of(first: u32): u8 {
  const type = socketTypeOf(first);
  return type == STREAM ? L4.TCP : type == DATAGRAM ? L4.UDP : type == RAW ? L4.RAW : L4.UNKNOWN;
}

/** By the port of the far end; what is not connected (yet) may be any socket of its family. */
function isSameConnection(fd: Fd, first: u32): bool {
  const tuple = param(first + TUPLE);
  if (!isTupleValid(tuple)) return true;
  const at = viewAt(tuple);
  const isIpv4 = load<u8>(at) == FAMILY_INET;
  const local: u32 = isIpv4 ? load<u16>(at, 5) : load<u16>(at, 17);
  const remote: u32 = isIpv4 ? load<u16>(at, 11) : load<u16>(at, 35);
  // what a socket without a connection has talked to says nothing of it
  if (remote == 0) return socketTypeOf(first) != STREAM || fd.sport == 0 || fd.sport == local;
  if (fd.sport == 0 && fd.dport == 0) return false;
  const isSame = fd.dport == remote && (fd.sport == local || fd.sport == 0);
  return isSame || (fd.sport == remote && fd.dport == local);
}

/** By the kernel's addresses of both ends. */
function isSameUnix(fd: Fd, first: u32): bool {
  const tuple = param(first + TUPLE);
  if (!isTupleValid(tuple)) return true;
  const peer = load<u64>(viewAt(tuple), 1), own = load<u64>(viewAt(tuple), 9);
  if (fd.unixSource == 0 && fd.unixPeer == 0) return true;
  return fd.unixSource == own || fd.unixPeer == own || (peer != 0 && (fd.unixSource == peer || fd.unixPeer == peer));
}

function fillSocket(fd: Fd, first: u32): void {
  const tuple = param(first + TUPLE);
  const u = unionOf(fd), l4 = l4Of(first);
  const at = isTupleValid(tuple) ? viewAt(tuple) : 0;
  const isIpv4 = at != 0 && load<u8>(at) == FAMILY_INET;
  switch (fd.type) {
    case FdType.IPV4_SERVSOCK:
      store<u32>(u, load<u32>(at, 1));
      store<u16>(u, load<u16>(at, 5), 4);
      store<u8>(u, l4, 6);
      fd.flags |= FdFlag.ROLE_SERVER;
      nameListed(fd);
      break;
    case FdType.IPV6_SERVSOCK:
      memory.copy(u, at + 1, 16);
      store<u16>(u, load<u16>(at, 17), 16);
      store<u8>(u, l4, 18);
      fd.flags |= FdFlag.ROLE_SERVER;
      nameListed(fd);
      break;
    case FdType.IPV4_SOCK:
      store<u8>(u, l4, 12);
      if (at == 0) break;
      if (isIpv4) setIpv4(fd, load<u32>(at, 1), load<u16>(at, 5), load<u32>(at, 7), load<u16>(at, 11));
      else setIpv4(fd, load<u32>(at, 13), load<u16>(at, 17), load<u32>(at, 31), load<u16>(at, 35));
      settleRole(fd, load<u16>(u, 8), load<u16>(u, 10));
      break;
    case FdType.IPV6_SOCK:
      store<u8>(u, l4, 36);
      if (at == 0) break;
      setIpv6(fd, at + 1, load<u16>(at, 17), at + 19, load<u16>(at, 35));
      settleRole(fd, load<u16>(u, 32), load<u16>(u, 34));
      break;
    case FdType.UNIX_SOCK:
      if (at == 0) break;
      store<u64>(u, load<u64>(at, 9));
      store<u64>(u, load<u64>(at, 1), 8);
      begin();
      putSocktuple(tuple);
      setName(fd, finish());
      break;
  }
  deriveAddresses(fd);
}

/** Both ends are known, but not which one connected. */
function settleRole(fd: Fd, local: u32, remote: u32): void {
  if (remote == 0) return;
  fd.flags |= FdFlag.CONNECTED;
  const isServer = local < FIRST_EPHEMERAL_PORT && remote >= FIRST_EPHEMERAL_PORT;
  fd.flags |= isServer ? FdFlag.ROLE_SERVER : FdFlag.ROLE_CLIENT;
  if (isServer) swapAddresses(fd);
  nameByAddresses(fd);
}
