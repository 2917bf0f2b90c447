// read, write, send and recv families: sockets turn out to be connected, datagram sockets get addresses with
// each message, and what was never seen to be made is inferred.

import { event, hasParam, param, paramNumber } from "../../event";
import { begin, finish } from "../../strings/writer";
import { isMappedIpv4, putSocktuple } from "../../strings/address";
import {
  RECV_X,
  RECVFROM_X,
  RECVMMSG_X,
  RECVMSG_X,
  SEND_X,
  SENDMMSG_X,
  SENDMSG_X,
  SENDTO_X,
} from "../../generated/events";
import { viewAt } from "../../strings/view";
import { currentFd, currentResult, currentThread, hasResult, replaceCurrentFd } from "../current";
import { Fd, FdFlag, FdType, L4 } from "../fd";
import { fdInSlot, fdsOf, slotCount, writableFd } from "../fd_table";
import {
  becomeIpv4,
  completeAddresses,
  deriveAddresses,
  FAMILY_INET,
  FAMILY_INET6,
  FAMILY_UNIX,
  hasRole,
  isTcp4,
  isTupleValid,
  nameByAddresses,
  setIpv4,
  setIpv6,
  setName,
  swapAddresses,
  unionOf,
} from "../socket_address";
import { Thread } from "../thread";
import { addSocket } from "./socket";

export function parseRead(): void {
  if (changetype<usize>(currentFd) == 0 || !hasResult || currentResult < 0) return;
  const tupleAt = event.type == RECVFROM_X
    ? 2
    : event.type == RECVMSG_X
    ? 3
    : event.type == RECVMMSG_X || event.type == RECV_X
    ? 4
    : -1;
  transfer(tupleAt, true);
}

export function parseWrite(): void {
  const sends = event.type == SEND_X || event.type == SENDTO_X || event.type == SENDMSG_X;
  if (sends && changetype<usize>(currentFd) == 0) inferSocket();
  if (changetype<usize>(currentFd) == 0 || !hasResult || currentResult < 0) return;
  transfer(sends || event.type == SENDMMSG_X ? 4 : -1, false);
}

/** A message on a socket that was made before the capture began: most likely UDP. */
function inferSocket(): void {
  if (changetype<usize>(currentThread) == 0 || !hasResult || currentResult < 0 || !hasParam(4)) return;
  const family: u32 = paramNumber<u8>(4);
  if (family == FAMILY_INET || family == FAMILY_INET6) {
    addSocket(currentThread, paramNumber<i64>(2), family, 2, 17, 0);
  }
}

/** Whether a transfer shows that a socket is connected. */
// @ts-ignore: decorator
@inline
export function isUnconnected(fd: Fd): bool {
  return (fd.type == FdType.IPV4_SOCK || fd.type == FdType.IPV6_SOCK) && (fd.flags & FdFlag.CONNECTED) == 0;
}

function transfer(tupleAt: i32, incoming: bool): void {
  let fd = currentFd;
  if (isUnconnected(fd)) {
    fd = makeOwn();
    fd.flags = (fd.flags & ~(FdFlag.CONNECTION_PENDING | FdFlag.CONNECTION_FAILED)) | FdFlag.CONNECTED;
  }
  // TCP sockets have got their addresses from connect or accept
  if (tupleAt < 0 || (fd.name != 0 && isTcp4(fd))) return;
  const tuple = param(tupleAt);
  if (!isTupleValid(tuple)) return;
  fd = makeOwn();
  if (takeTuple(fd, tuple)) {
    if (fd.type == FdType.IPV4_SOCK || fd.type == FdType.IPV6_SOCK) {
      if (!hasRole(fd)) guessRole(fd, currentThread, incoming);
      const swap = incoming ? FdFlag.ROLE_CLIENT : FdFlag.ROLE_SERVER;
      if ((fd.flags & swap) != 0) swapAddresses(fd);
      nameByAddresses(fd);
    } else {
      begin();
      putSocktuple(tuple);
      setName(fd, finish());
    }
  }
  deriveAddresses(fd);
}

// @ts-ignore: decorator
@inline
function makeOwn(): Fd {
  replaceCurrentFd(writableFd(currentThread, currentThread.lastFd, currentFd));
  return currentFd;
}

/** Takes over the addresses of a message; false when they were known. */
function takeTuple(fd: Fd, tuple: u64): bool {
  const at = viewAt(tuple), u = unionOf(fd);
  const family = load<u8>(at);
  if (family == FAMILY_INET) {
    if (fd.type == FdType.IPV4_SERVSOCK) store<u8>(u, load<u8>(u, 6), 12);
    fd.type = FdType.IPV4_SOCK;
    if (!setIpv4(fd, load<u32>(at, 1), load<u16>(at, 5), load<u32>(at, 7), load<u16>(at, 11))) return false;
  } else if (family == FAMILY_INET6) {
    if (isMappedIpv4(at + 1) && isMappedIpv4(at + 19)) {
      becomeIpv4(fd);
      if (!setIpv4(fd, load<u32>(at, 13), load<u16>(at, 17), load<u32>(at, 31), load<u16>(at, 35))) {
        return false;
      }
    } else if (!setIpv6(fd, at + 1, load<u16>(at, 17), at + 19, load<u16>(at, 35))) {
      return false;
    }
  } else if (family == FAMILY_UNIX) {
    fd.type = FdType.UNIX_SOCK;
    store<u64>(u, load<u64>(at, 1));
    store<u64>(u, load<u64>(at, 9), 8);
    return true;
  }
  // a protocol that is not known yet is UDP: addresses of a TCP connection do not change
  if (fd.type == FdType.IPV4_SOCK && load<u8>(u, 12) == L4.UNKNOWN) store<u8>(u, L4.UDP, 12);
  if (fd.type == FdType.IPV6_SOCK && load<u8>(u, 36) == L4.UNKNOWN) store<u8>(u, L4.UDP, 36);
  completeAddresses(fd);
  return true;
}

/** The process that owns the destination port is the server; in doubt the one that reads first. */
function guessRole(fd: Fd, thread: Thread, incoming: bool): void {
  const dport = load<u16>(unionOf(fd), 10), sport = load<u16>(unionOf(fd), 8);
  if (!usesPort(thread, dport, true)) fd.flags |= FdFlag.ROLE_CLIENT;
  else if (!usesPort(thread, sport, false)) fd.flags |= FdFlag.ROLE_SERVER;
  else fd.flags |= incoming ? FdFlag.ROLE_SERVER : FdFlag.ROLE_CLIENT;
}

/** Whether a socket of the process has this port as destination (or is bound to it), or as source. */
function usesPort(thread: Thread, port: u16, asServer: bool): bool {
  const table = fdsOf(thread);
  for (let i: u32 = 0; i < slotCount(table); i++) {
    const fd = fdInSlot(table, i);
    if (changetype<usize>(fd) == 0) continue;
    const u = unionOf(fd);
    if (fd.type == FdType.IPV4_SOCK) {
      if ((asServer ? load<u16>(u, 10) : load<u16>(u, 8)) == port) return true;
    } else if (asServer && fd.type == FdType.IPV4_SERVSOCK) {
      if (load<u16>(u, 4) == port) return true;
    }
  }
  return false;
}
