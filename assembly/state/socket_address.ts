// Addresses of sockets, with Falco's semantics, which include how its union of all kinds of addresses overlaps
// (see Fd.union0). In: socket tuples and addresses as events carry them. Out: changed entries.
//
//   IPv4 socket   sip 0, dip 4, sport 8, dport 10, l4 12      bound IPv4   ip 0, port 4, l4 6
//   IPv6 socket   sip 0, dip 16, sport 32, dport 34, l4 36    bound IPv6   ip 0, port 16, l4 18
//   unix socket   source 0, peer 8

import { begin, finish, putByte } from "../strings/writer";
import { putLiteral } from "../strings/literal";
import { isMappedIpv4, putEndpoint, putIpv4, putIpv6, putTuple } from "../strings/address";
import { areEqual, internView, release } from "../strings/intern";
import { viewAt, viewBytes } from "../strings/view";
import { Fd, FdFlag, FdType, L4 } from "./fd";
import { inferIpv4, inferIpv6 } from "./interfaces";
import { isLive } from "./machine";

// @ts-ignore: decorator
@inline export const FAMILY_UNIX: u8 = 1;

// @ts-ignore: decorator
@inline export const FAMILY_INET: u8 = 2;

// @ts-ignore: decorator
@inline export const FAMILY_INET6: u8 = 10;

// @ts-ignore: decorator
@inline
export function unionOf(fd: Fd): usize {
  return changetype<usize>(fd) + offsetof<Fd>("union0");
}

/** Whether a tuple parameter is as long as its family asks for. */
export function isTupleValid(tuple: u64): bool {
  const bytes = viewBytes(tuple), at = viewAt(tuple);
  if (bytes == 0) return false;
  const family = load<u8>(at);
  if (family == FAMILY_INET) return bytes >= 13;
  if (family == FAMILY_INET6) return bytes >= 37;
  return family != FAMILY_UNIX || (bytes >= 18 && load<u8>(at + bytes - 1) == 0);
}

/** Whether an address parameter is as long as its family asks for. */
export function isAddressValid(address: u64): bool {
  const bytes = viewBytes(address), at = viewAt(address);
  if (bytes == 0) return false;
  const family = load<u8>(at);
  if (family == FAMILY_INET) return bytes >= 7;
  if (family == FAMILY_INET6) return bytes >= 19;
  return family != FAMILY_UNIX || (bytes >= 2 && load<u8>(at + bytes - 1) == 0);
}

/** Derives the plain fields of an entry from its union. */
export function deriveAddresses(fd: Fd): void {
  const u = unionOf(fd);
  const type = fd.type;
  fd.sip = 0;
  fd.sipHigh = 0;
  fd.dip = 0;
  fd.dipHigh = 0;
  fd.sport = 0;
  fd.unixSource = 0;
  fd.unixPeer = 0;
  if (type == FdType.IPV4_SOCK) {
    fd.sip = load<u32>(u);
    fd.dip = load<u32>(u, 4);
    fd.sport = load<u16>(u, 8);
    fd.dport = load<u16>(u, 10);
    fd.l4 = load<u8>(u, 12);
  } else if (type == FdType.IPV6_SOCK) {
    fd.sip = load<u64>(u);
    fd.sipHigh = load<u64>(u, 8);
    fd.dip = load<u64>(u, 16);
    fd.dipHigh = load<u64>(u, 24);
    fd.sport = load<u16>(u, 32);
    fd.dport = load<u16>(u, 34);
    fd.l4 = load<u8>(u, 36);
  } else if (type == FdType.IPV4_SERVSOCK) {
    fd.dip = load<u32>(u);
    fd.dport = load<u16>(u, 4);
    fd.l4 = load<u8>(u, 6);
  } else if (type == FdType.IPV6_SERVSOCK) {
    fd.dip = load<u64>(u);
    fd.dipHigh = load<u64>(u, 8);
    fd.dport = load<u16>(u, 16);
    fd.l4 = load<u8>(u, 18);
  } else if (type == FdType.UNIX_SOCK) {
    fd.unixSource = load<u64>(u);
    fd.unixPeer = load<u64>(u, 8);
  }
}

/**
 * A socket over IPv6 talks IPv4 (mapped addresses). Falco loses its protocol then, and with it its name; so do its
 * recordings here.
 */
export function becomeIpv4(fd: Fd): void {
  const u = unionOf(fd);
  if (isLive && fd.type == FdType.IPV6_SOCK) store<u8>(u, load<u8>(u, 36), 12);
  fd.type = FdType.IPV4_SOCK;
}

/** Sets source and destination of an IPv4 socket; false when they were the same, in whichever direction. */
export function setIpv4(fd: Fd, sip: u32, sport: u16, dip: u32, dport: u16): bool {
  const u = unionOf(fd);
  const oldSip = load<u32>(u),
    oldDip = load<u32>(u, 4),
    oldSport = load<u16>(u, 8),
    oldDport = load<u16>(u, 10);
  const same = sip == oldSip && sport == oldSport && dip == oldDip && dport == oldDport;
  const swapped = dip == oldSip && dport == oldSport && sip == oldDip && sport == oldDport;
  if (same || (swapped && fd.type == FdType.IPV4_SOCK)) return false;
  store<u32>(u, sip);
  store<u32>(u, dip, 4);
  store<u16>(u, sport, 8);
  store<u16>(u, dport, 10);
  return true;
}

/** The same for IPv6; the addresses are 16 bytes at `sip` and `dip`. */
export function setIpv6(fd: Fd, sip: usize, sport: u16, dip: usize, dport: u16): bool {
  const u = unionOf(fd);
  const same = isSame(u, sip) && load<u16>(u, 32) == sport && isSame(u + 16, dip) &&
    load<u16>(u, 34) == dport;
  const swapped = isSame(u, dip) && load<u16>(u, 32) == dport && isSame(u + 16, sip) &&
    load<u16>(u, 34) == sport;
  if (same || (swapped && fd.type == FdType.IPV6_SOCK)) return false;
  memory.copy(u, sip, 16);
  memory.copy(u + 16, dip, 16);
  store<u16>(u, sport, 32);
  store<u16>(u, dport, 34);
  return true;
}

// @ts-ignore: decorator
@inline
function isSame(a: usize, b: usize): bool {
  return load<u64>(a) == load<u64>(b) && load<u64>(a, 8) == load<u64>(b, 8);
}

// @ts-ignore: decorator
@inline
function isZero(a: usize): bool {
  return load<u64>(a) == 0 && load<u64>(a, 8) == 0;
}

/** Source becomes destination. Falco does so by the layout of IPv6 for all that is not an IPv4 socket. */
export function swapAddresses(fd: Fd): void {
  const u = unionOf(fd);
  if (fd.type == FdType.IPV4_SOCK) {
    const sip = load<u32>(u), sport = load<u16>(u, 8);
    store<u32>(u, load<u32>(u, 4));
    store<u32>(u, sip, 4);
    store<u16>(u, load<u16>(u, 10), 8);
    store<u16>(u, sport, 10);
    return;
  }
  const low = load<u64>(u), high = load<u64>(u, 8), sport = load<u16>(u, 32);
  memory.copy(u, u + 16, 16);
  store<u64>(u, low, 16);
  store<u64>(u, high, 24);
  store<u16>(u, load<u16>(u, 34), 32);
  store<u16>(u, sport, 34);
}

/** An address of all zeros on one side is replaced by that of a likely interface. */
export function completeAddresses(fd: Fd): void {
  const u = unionOf(fd);
  if (fd.type == FdType.IPV4_SOCK) {
    const sip = load<u32>(u), dip = load<u32>(u, 4);
    if (sip != 0 && dip != 0) return;
    const known = sip == 0 ? dip : sip;
    const inferred = inferIpv4(known);
    if (inferred == known && load<u16>(u, 8) == load<u16>(u, 10)) return;
    store<u32>(u + (sip == 0 ? 0 : 4), inferred);
  } else if (fd.type == FdType.IPV6_SOCK) {
    const sourceMissing = isZero(u);
    if (!sourceMissing && !isZero(u + 16)) return;
    const known = sourceMissing ? u + 16 : u;
    const inferred = inferIpv6(known);
    if (inferred != 0 && isSame(inferred, known) && load<u16>(u, 32) == load<u16>(u, 34)) return;
    const target = sourceMissing ? u : u + 16;
    if (inferred == 0) memory.fill(target, 0, 16);
    else memory.copy(target, inferred, 16);
  }
}

// @ts-ignore: decorator
@inline
export function isUdp4(fd: Fd): bool {
  return fd.type == FdType.IPV4_SOCK && load<u8>(unionOf(fd), 12) == L4.UDP;
}

// @ts-ignore: decorator
@inline
export function isTcp4(fd: Fd): bool {
  return fd.type == FdType.IPV4_SOCK && load<u8>(unionOf(fd), 12) == L4.TCP;
}

// @ts-ignore: decorator
@inline
export function hasRole(fd: Fd): bool {
  return (fd.flags & (FdFlag.ROLE_CLIENT | FdFlag.ROLE_SERVER)) != 0;
}

/** Gives an entry another name. */
export function setName(fd: Fd, name: u64): void {
  const old = fd.name;
  // a text that stays keeps its address (state/current.ts)
  const made = internView(name);
  if (areEqual(made, old)) return release(made);
  fd.name = made;
  release(old);
}

/** Names an IPv4 or IPv6 socket after its addresses. */
export function nameByAddresses(fd: Fd): void {
  const u = unionOf(fd);
  const v4 = fd.type == FdType.IPV4_SOCK;
  const l4 = v4 ? load<u8>(u, 12) : load<u8>(u, 36);
  const mapped = !v4 && isMappedIpv4(u) && isMappedIpv4(u + 16);
  begin();
  if (l4 == L4.TCP || l4 == L4.UDP) {
    if (v4) putTuple(u, load<u16>(u, 8), u + 4, load<u16>(u, 10), false);
    // of mapped addresses Falco prints the last 4 bytes and the ports of the IPv4 layout
    else if (mapped) putTuple(u + 12, load<u16>(u, 8), u + 28, load<u16>(u, 10), false);
    else putTuple(u, load<u16>(u, 32), u + 16, load<u16>(u, 34), true);
  } else if (l4 == L4.ICMP || (v4 && l4 == L4.RAW)) {
    if (v4) putIpv4(u);
    else if (mapped) putIpv4(u + 12);
    else putIpv6(u);
    putByte(45);
    putByte(62);
    if (v4) putIpv4(u + 4);
    else if (mapped) putIpv4(u + 28);
    else putIpv6(u + 16);
  } else {
    putLiteral("<unknown>");
  }
  setName(fd, finish());
}

/** Names a socket of a process list: always with ports, whatever its protocol. */
export function nameListed(fd: Fd): void {
  const u = unionOf(fd);
  begin();
  if (fd.type == FdType.IPV4_SOCK) putTuple(u, load<u16>(u, 8), u + 4, load<u16>(u, 10), false);
  else if (fd.type == FdType.IPV6_SOCK) putTuple(u, load<u16>(u, 32), u + 16, load<u16>(u, 34), true);
  else if (fd.type == FdType.IPV4_SERVSOCK) putEndpoint(u, false, load<u16>(u, 4));
  else putEndpoint(u, true, load<u16>(u, 16));
  setName(fd, finish());
}
