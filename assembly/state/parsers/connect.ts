// connect: a socket gets both of its addresses, and becomes a client.

import { event, param } from "../../event";
import { begin, finish, putByte, putHexSmall, putText } from "../../strings/writer";
import { putLiteral } from "../../strings/literal";
import { isMappedIpv4, putSockaddr } from "../../strings/address";
import { equalBytes, lengthToNul } from "../../memory/bytes";
import { view, viewAt, viewBytes } from "../../strings/view";
import { currentFd, currentResult, currentThread, hasResult, replaceCurrentFd, setNewFd } from "../current";
import { enterParam, matchingEnterType } from "../enter";
import { Fd, FdFlag, FdType } from "../fd";
import { fdFromFacts, hasFacts, wasBound } from "../fd_facts";
import { putFd, writableFd } from "../fd_table";
import { Thread } from "../thread";
import {
  becomeIpv4,
  deriveAddresses,
  FAMILY_INET,
  FAMILY_INET6,
  hasRole,
  isAddressValid,
  isTupleValid,
  isUdp4,
  nameByAddresses,
  setIpv4,
  setIpv6,
  setName,
  swapAddresses,
  unionOf,
} from "../socket_address";

const EINPROGRESS: i64 = 115;
/** after the parameters of the table */
const FACTS_AT: u32 = 4;

export function parseConnect(): void {
  const thread = currentThread;
  if (!hasResult || changetype<usize>(thread) == 0) return;
  if (hasConnectFacts()) takeFacts(thread);
  if (changetype<usize>(currentFd) == 0) return;
  if (currentResult < 0 && currentResult != -EINPROGRESS) return;
  replaceCurrentFd(writableFd(thread, thread.lastFd, currentFd));
  const fd = currentFd;
  fd.flags = (fd.flags & ~(FdFlag.CONNECTION_PENDING | FdFlag.CONNECTION_FAILED)) | FdFlag.CONNECTED;

  let entered: u64 = matchingEnterType(thread) != 0 ? enterParam(thread, 1) : 0;
  if (!isAddressValid(entered)) entered = 0;
  const tuple = param(1);
  if (viewBytes(tuple) == 0) {
    // TCP fast open: the kernel has no tuple yet
    if (entered != 0) connectTo(fd, entered);
  } else if (isTupleValid(tuple)) {
    const address = param(3);
    connectBetween(fd, tuple, isAddressValid(address) ? address : 0, entered);
  }
  deriveAddresses(fd);
}

/** Whether the event says what the socket was before: then nothing has shown that so far. */
// @ts-ignore: decorator
@inline
export function hasConnectFacts(): bool {
  return hasFacts(event.params, FACTS_AT);
}

/** In place of whatever was known under the number, which has been closed without a word. */
function takeFacts(thread: Thread): void {
  const fd = fdFromFacts(FACTS_AT);
  if (changetype<usize>(fd) == 0 || thread.lastFd < 0) return;
  if (wasBound(FACTS_AT)) fd.flags |= FdFlag.ROLE_SERVER;
  setNewFd(putFd(thread, thread.lastFd, fd));
}

/** Only the destination is known. */
function connectTo(fd: Fd, address: u64): void {
  const at = viewAt(address), u = unionOf(fd);
  const family = load<u8>(at);
  if (family == FAMILY_INET) {
    fd.type = FdType.IPV4_SOCK;
    store<u32>(u, load<u32>(at, 1), 4);
    store<u16>(u, load<u16>(at, 5), 10);
  } else if (family == FAMILY_INET6 && isMappedIpv4(at + 1)) {
    becomeIpv4(fd);
    store<u32>(u, load<u32>(at, 13), 4);
    store<u16>(u, load<u16>(at, 17), 10);
  } else if (family == FAMILY_INET6) {
    fd.type = FdType.IPV6_SOCK;
    memory.copy(u + 16, at + 1, 16);
    store<u16>(u, load<u16>(at, 17), 34);
  } else {
    begin();
    putSockaddr(param(1));
    setName(fd, finish());
  }
}

/**
 * Source and destination. Where the destination is what the program passed (and not what the kernel found), the
 * copy that was made at the entry of the call counts: another thread may have changed the memory since.
 */
function connectBetween(fd: Fd, tuple: u64, address: u64, entered: u64): void {
  const at = viewAt(tuple), u = unionOf(fd);
  const family = load<u8>(at);
  // an address of another family cannot be compared
  if (address != 0 && load<u8>(viewAt(address)) != family) address = 0;
  if (entered != 0 && load<u8>(viewAt(entered)) != family) entered = 0;
  if (family == FAMILY_INET || family == FAMILY_INET6) {
    const changed = family == FAMILY_INET
      ? setFromIpv4(fd, at, address, entered)
      : setFromIpv6(fd, at, address, entered);
    if (changed && (fd.flags & FdFlag.ROLE_SERVER) != 0 && isUdp4(fd)) swapAddresses(fd);
    nameByAddresses(fd);
  } else {
    if (fd.type != FdType.UNIX_SOCK || viewBytes(tuple) < 18) return;
    store<u64>(u, load<u64>(at, 1));
    store<u64>(u, load<u64>(at, 9), 8);
    begin();
    putHexSmall(load<u64>(at, 1));
    putLiteral("->");
    putHexSmall(load<u64>(at, 9));
    putByte(32);
    putText(unixDestination(tuple, address, entered));
    setName(fd, finish());
  }
  if (!hasRole(fd)) fd.flags |= FdFlag.ROLE_CLIENT;
}

function setFromIpv4(fd: Fd, tuple: usize, address: u64, entered: u64): bool {
  let ip = load<u32>(tuple, 7), port = load<u16>(tuple, 11);
  if (address != 0 && entered != 0) {
    const passed = viewAt(address);
    if (load<u32>(passed, 1) == ip && load<u16>(passed, 5) == port) {
      ip = load<u32>(viewAt(entered), 1);
      port = load<u16>(viewAt(entered), 5);
    }
  }
  fd.type = FdType.IPV4_SOCK;
  return setIpv4(fd, load<u32>(tuple, 1), load<u16>(tuple, 5), ip, port);
}

function setFromIpv6(fd: Fd, tuple: usize, address: u64, entered: u64): bool {
  let ip = tuple + 19;
  let port = load<u16>(tuple, 35);
  if (address != 0 && entered != 0) {
    const passed = viewAt(address);
    if (load<u16>(passed, 17) == port && equalBytes(passed + 1, ip, 16)) {
      ip = viewAt(entered) + 1;
      port = load<u16>(viewAt(entered), 17);
    }
  }
  const source = tuple + 1;
  if (isMappedIpv4(source) && isMappedIpv4(ip)) {
    becomeIpv4(fd);
    return setIpv4(fd, load<u32>(source, 12), load<u16>(tuple, 17), load<u32>(ip, 12), port);
  }
  fd.type = FdType.IPV6_SOCK;
  return setIpv6(fd, source, load<u16>(tuple, 17), ip, port);
}

function unixDestination(tuple: u64, address: u64, entered: u64): u64 {
  const path = textBehind(tuple, 17);
  if (address == 0 || entered == 0) return path;
  const passed = textBehind(address, 1);
  const same = viewBytes(passed) == viewBytes(path) &&
    equalBytes(viewAt(passed), viewAt(path), viewBytes(path));
  return same ? textBehind(entered, 1) : path;
}

function textBehind(v: u64, offset: usize): u64 {
  const at = viewAt(v) + offset;
  return view(at, lengthToNul(at, viewBytes(v) - offset));
}
