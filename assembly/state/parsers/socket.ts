// socket, socketpair, bind, accept: sockets come into being and get their own address.

import { event, param, paramNumber } from "../../event";
import { ACCEPT4_X, FO_CLOEXEC } from "../../generated/events";
import { begin, finish } from "../../strings/writer";
import { isMappedIpv4, putSockaddr, putSocktuple } from "../../strings/address";
import { viewAt } from "../../strings/view";
import {
  currentFd,
  currentResult,
  currentThread,
  hasResult,
  replaceCurrentFd,
  setCurrentFd,
  setNewFd,
} from "../current";
import { Fd, FdFlag, FdType, L4 } from "../fd";
import { copyFd, makeFd } from "../fd_entry";
import { putFd, writableFd } from "../fd_table";
import {
  deriveAddresses,
  FAMILY_INET,
  FAMILY_INET6,
  FAMILY_UNIX,
  isAddressValid,
  isTupleValid,
  setIpv4,
  setIpv6,
  setName,
  unionOf,
} from "../socket_address";
import { Thread } from "../thread";

const FAMILY_NETLINK: u32 = 16;
const SOCK_STREAM: u32 = 1;
const SOCK_DGRAM: u32 = 2;
const SOCK_RAW: u32 = 3;
const IPPROTO_IP: u32 = 0;
const IPPROTO_ICMP: u32 = 1;
const IPPROTO_TCP: u32 = 6;
const IPPROTO_UDP: u32 = 17;
const IPPROTO_RAW: u32 = 255;

export function parseSocket(): void {
  if (!hasResult || currentResult < 0 || changetype<usize>(currentThread) == 0) return;
  addSocket(
    currentThread,
    currentResult,
    paramNumber<u32>(1),
    paramNumber<u32>(2),
    paramNumber<u32>(3),
    paramNumber<u32>(4),
  );
}

/** A socket that has no address yet. */
export function addSocket(
  thread: Thread,
  number: i64,
  domain: u32,
  type: u32,
  protocol: u32,
  flags: u32,
): void {
  const fd = makeFd(kindOf(domain));
  if (changetype<usize>(fd) == 0) return;
  fd.openFlags = flags;
  if (domain == FAMILY_INET) store<u8>(unionOf(fd), protocolOfSocket(type, protocol), 12);
  else if (domain == FAMILY_INET6) store<u8>(unionOf(fd), protocolOfSocket(type, protocol), 36);
  deriveAddresses(fd);
  setNewFd(putFd(thread, number, fd));
}

function kindOf(domain: u32): u8 {
  if (domain == FAMILY_UNIX) return FdType.UNIX_SOCK;
  if (domain == FAMILY_INET) return FdType.IPV4_SOCK;
  if (domain == FAMILY_INET6) return FdType.IPV6_SOCK;
  return domain == FAMILY_NETLINK ? FdType.NETLINK : FdType.UNKNOWN;
}

/** The type is compared without its flag bits only where Falco does so. */
function protocolOfSocket(type: u32, protocol: u32): u8 {
  if (protocol == IPPROTO_TCP) return type == SOCK_RAW ? L4.RAW : L4.TCP;
  if (protocol == IPPROTO_UDP) return type == SOCK_RAW ? L4.RAW : L4.UDP;
  if (protocol == IPPROTO_ICMP) return type == SOCK_RAW ? L4.RAW : L4.ICMP;
  if (protocol == IPPROTO_RAW) return L4.RAW;
  if (protocol != IPPROTO_IP) return L4.UNKNOWN;
  const kind = type & 0xff;
  return kind == SOCK_STREAM ? L4.TCP : kind == SOCK_DGRAM ? L4.UDP : L4.UNKNOWN;
}

/** Both ends are in the same process; the event refers to the first. */
export function parseSocketpair(): void {
  const thread = currentThread;
  if (!hasResult || currentResult < 0 || changetype<usize>(thread) == 0) return;
  const first = paramNumber<i64>(1), second = paramNumber<i64>(2);
  if (first == second) return setCurrentFd(changetype<Fd>(0));
  const fd = makeFd(FdType.UNIX_SOCK);
  if (changetype<usize>(fd) == 0) return;
  store<u64>(unionOf(fd), paramNumber<u64>(3));
  store<u64>(unionOf(fd), paramNumber<u64>(4), 8);
  deriveAddresses(fd);
  const other = copyFd(fd);
  setNewFd(putFd(thread, first, fd));
  if (changetype<usize>(other) != 0) putFd(thread, second, other);
}

/** A socket that is bound to a port is taken for a server. */
export function parseBind(): void {
  if (!hasResult || currentResult < 0 || changetype<usize>(currentFd) == 0) return;
  const address = param(1);
  if (!isAddressValid(address)) return;
  replaceCurrentFd(writableFd(currentThread, currentThread.lastFd, currentFd));
  const fd = currentFd, at = viewAt(address), u = unionOf(fd);
  const family = load<u8>(at);
  if (family == FAMILY_INET && load<u16>(at, 5) != 0) {
    bindIpv4(fd, load<u32>(at, 1), load<u16>(at, 5), load<u8>(u, 12));
  } else if (family == FAMILY_INET6 && load<u16>(at, 17) != 0) {
    if (isMappedIpv4(at + 1)) {
      bindIpv4(fd, load<u32>(at, 13), load<u16>(at, 17), load<u8>(u, 36));
    } else {
      fd.type = FdType.IPV6_SERVSOCK;
      store<u16>(u, load<u16>(at, 17), 16);
      memory.copy(u, at + 1, 16);
      store<u8>(u, load<u8>(u, 36), 18);
      fd.flags |= FdFlag.ROLE_SERVER;
    }
  }
  begin();
  putSockaddr(address);
  setName(fd, finish());
  deriveAddresses(fd);
}

function bindIpv4(fd: Fd, ip: u32, port: u16, l4: u8): void {
  const u = unionOf(fd);
  fd.type = FdType.IPV4_SERVSOCK;
  store<u8>(u, l4, 6);
  store<u32>(u, ip);
  store<u16>(u, port, 4);
  fd.flags |= FdFlag.ROLE_SERVER;
}

/** accept, accept4: the new socket knows both addresses. */
export function parseAccept(): void {
  const thread = currentThread;
  if (!hasResult || currentResult < 0 || changetype<usize>(thread) == 0) return;
  thread.lastFd = currentResult;
  const tuple = param(1);
  if (!isTupleValid(tuple)) return;
  const at = viewAt(tuple);
  const family = load<u8>(at);
  if (family != FAMILY_INET && family != FAMILY_INET6 && family != FAMILY_UNIX) return;
  const fd = makeFd(FdType.UNIX_SOCK);
  if (changetype<usize>(fd) == 0) return;
  const u = unionOf(fd);
  if (family == FAMILY_INET) {
    setIpv4(fd, load<u32>(at, 1), load<u16>(at, 5), load<u32>(at, 7), load<u16>(at, 11));
    acceptedAs(fd, FdType.IPV4_SOCK, 12);
  } else if (family == FAMILY_UNIX) {
    store<u64>(u, load<u64>(at, 1));
    store<u64>(u, load<u64>(at, 9), 8);
  } else if (isMappedIpv4(at + 1) && isMappedIpv4(at + 19)) {
    setIpv4(fd, load<u32>(at, 13), load<u16>(at, 17), load<u32>(at, 31), load<u16>(at, 35));
    acceptedAs(fd, FdType.IPV4_SOCK, 12);
  } else {
    setIpv6(fd, at + 1, load<u16>(at, 17), at + 19, load<u16>(at, 35));
    acceptedAs(fd, FdType.IPV6_SOCK, 36);
  }
  begin();
  putSocktuple(tuple);
  setName(fd, finish());
  if (event.type == ACCEPT4_X) fd.openFlags = paramNumber<u32>(5) & FO_CLOEXEC;
  fd.flags |= FdFlag.ROLE_SERVER | FdFlag.CONNECTED;
  deriveAddresses(fd);
  setNewFd(putFd(thread, currentResult, fd));
}

// @ts-ignore: decorator
@inline
function acceptedAs(fd: Fd, type: u8, protocolAt: usize): void {
  fd.type = type;
  store<u8>(unionOf(fd) + protocolAt, L4.TCP);
}
