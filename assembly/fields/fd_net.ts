// Fields of sockets: addresses, ports, protocol, family, which end is the server and which is this host.
// In: the fd of the event. Client and server are known once the socket has a role (connect, accept, or what the
// first packet shows). `l` and `r` are this host and the other one: the source is this host when an interface
// has its address. In a container the source is its own end when it has the address that the runtime gives the container, as
// in Falco; as long as that is not known, and over IPv6, it never is.

import { literal, NOT_AVAILABLE } from "../strings/literal";
import { viewOf } from "../strings/intern";
import { ipv4OfText } from "../strings/ipv4";
import { begin, finish, putInt } from "../strings/writer";
import { currentContainer, isNone } from "../state/container_table";
import { currentThread } from "../state/current";
import { Fd, FdFlag, FdType, L4, protocolOf } from "../state/fd";
import { inferIpv4, inferIpv6 } from "../state/interfaces";
import { NO_NUMBER, view } from "../strings/view";
import { fdOfEvent, isNull } from "./fd";

const IP = literal("ip");
const UNIX = literal("unix");
const TCP = literal("tcp");
const UDP = literal("udp");
const ICMP = literal("icmp");
const RAW = literal("raw");

// @ts-ignore: decorator
@inline
function hasRole(fd: Fd): bool {
  return (fd.flags & (FdFlag.ROLE_CLIENT | FdFlag.ROLE_SERVER)) != 0;
}

// @ts-ignore: decorator
@inline
function isV6(fd: Fd): bool {
  return fd.type == FdType.IPV6_SOCK || fd.type == FdType.IPV6_SERVSOCK;
}

/** A connected socket over IP: it has both ends. */
// @ts-ignore: decorator
@inline
function hasEnds(fd: Fd): bool {
  return fd.type == FdType.IPV4_SOCK || fd.type == FdType.IPV6_SOCK;
}

// @ts-ignore: decorator
@inline
function isListening(fd: Fd): bool {
  return fd.type == FdType.IPV4_SERVSOCK || fd.type == FdType.IPV6_SERVSOCK;
}

function source(fd: Fd): u64 {
  return view(changetype<usize>(fd) + offsetof<Fd>("sip"), isV6(fd) ? 16 : 4);
}

function target(fd: Fd): u64 {
  return view(changetype<usize>(fd) + offsetof<Fd>("dip"), isV6(fd) ? 16 : 4);
}

/** The IPv4 address of the event's container; 0 when it is not known. */
function ownAddress(): u32 {
  const container = currentContainer();
  return isNone(container) || container.ip == 0 ? 0 : ipv4OfText(viewOf(container.ip));
}

function isLocal(fd: Fd, address: usize): bool {
  if (currentThread.containerId != 0) {
    const own = isV6(fd) ? 0 : ownAddress();
    if (own == 0) return false;
    if (own == load<u32>(address)) return true;
  }
  if (!isV6(fd)) return load<u32>(address) != 0 && inferIpv4(load<u32>(address)) == load<u32>(address);
  // an address counts as local when an interface shares its first 64 bits
  const own = inferIpv6(address);
  return own != 0 && load<u64>(own) == load<u64>(address);
}

// @ts-ignore: decorator
@inline
function sourceIsLocal(fd: Fd): bool {
  return isLocal(fd, changetype<usize>(fd) + offsetof<Fd>("sip"));
}

export function fd_cip(): u64 {
  const fd = fdOfEvent();
  return isNull(fd) || !hasRole(fd) || !hasEnds(fd) ? 0 : source(fd);
}

export function fd_sip(): u64 {
  const fd = fdOfEvent();
  return isNull(fd) || !hasRole(fd) || !(hasEnds(fd) || isListening(fd)) ? 0 : target(fd);
}

export function fd_lip(): u64 {
  const fd = fdOfEvent();
  if (isNull(fd) || !hasRole(fd) || !hasEnds(fd)) return 0;
  return sourceIsLocal(fd) ? source(fd) : target(fd);
}

export function fd_rip(): u64 {
  const fd = fdOfEvent();
  if (isNull(fd) || !hasRole(fd) || !hasEnds(fd)) return 0;
  return sourceIsLocal(fd) ? target(fd) : source(fd);
}

export function fd_cport(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) || !hasRole(fd) || !hasEnds(fd) ? NO_NUMBER : <i64>fd.sport;
}

export function fd_sport(): i64 {
  const fd = fdOfEvent();
  if (isNull(fd)) return NO_NUMBER;
  return isListening(fd) || (hasEnds(fd) && hasRole(fd)) ? <i64>fd.dport : NO_NUMBER;
}

export function fd_lport(): i64 {
  const fd = fdOfEvent();
  if (isNull(fd) || !hasRole(fd) || !hasEnds(fd)) return NO_NUMBER;
  return <i64>(sourceIsLocal(fd) ? fd.sport : fd.dport);
}

export function fd_rport(): i64 {
  const fd = fdOfEvent();
  if (isNull(fd) || !hasRole(fd) || !hasEnds(fd)) return NO_NUMBER;
  return <i64>(sourceIsLocal(fd) ? fd.dport : fd.sport);
}

/** The number as a text: Falco looks up no names of services for outputs. */
function portText(port: i64): u64 {
  if (port == NO_NUMBER) return 0;
  begin();
  putInt(port);
  return finish();
}

export function fd_cproto(): u64 {
  return portText(fd_cport());
}

export function fd_sproto(): u64 {
  return portText(fd_sport());
}

export function fd_lproto(): u64 {
  return portText(fd_lport());
}

export function fd_rproto(): u64 {
  return portText(fd_rport());
}

// fd.ip, fd.port and fd.net stand for either end whether or not the socket has a role
export function fd_ip_source(): u64 {
  const fd = fdOfEvent();
  if (isNull(fd)) return 0;
  return hasEnds(fd) ? source(fd) : isListening(fd) ? target(fd) : 0;
}

export function fd_ip_target(): u64 {
  const fd = fdOfEvent();
  return isNull(fd) || !(hasEnds(fd) || isListening(fd)) ? 0 : target(fd);
}

export function fd_port_source(): i64 {
  const fd = fdOfEvent();
  if (isNull(fd)) return NO_NUMBER;
  return hasEnds(fd) ? <i64>fd.sport : isListening(fd) ? <i64>fd.dport : NO_NUMBER;
}

export function fd_port_target(): i64 {
  const fd = fdOfEvent();
  return isNull(fd) || !(hasEnds(fd) || isListening(fd)) ? NO_NUMBER : <i64>fd.dport;
}

/** `<NA>` for fds that are no sockets over IP, as in Falco. */
export function fd_l4proto(): u64 {
  const fd = fdOfEvent();
  if (isNull(fd)) return 0;
  switch (protocolOf(fd)) {
    case L4.TCP:
      return TCP;
    case L4.UDP:
      return UDP;
    case L4.ICMP:
      return ICMP;
    case L4.RAW:
      return RAW;
    default:
      return NOT_AVAILABLE;
  }
}

export function fd_sockfamily(): u64 {
  const fd = fdOfEvent();
  if (isNull(fd)) return 0;
  if (hasEnds(fd) || isListening(fd)) return IP;
  return fd.type == FdType.UNIX_SOCK ? UNIX : 0;
}

export function fd_is_server(): i64 {
  const fd = fdOfEvent();
  if (isNull(fd)) return NO_NUMBER;
  if (isListening(fd)) return 1;
  return hasEnds(fd) ? <i64>isLocal(fd, changetype<usize>(fd) + offsetof<Fd>("dip")) : 0;
}
