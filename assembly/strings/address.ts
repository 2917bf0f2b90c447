// Texts of network addresses, socket addresses and socket tuples, as event parameters carry them.
// In: raw bytes (addresses in network order, ports as little-endian numbers). Out: puts into the open text.
// Names are never resolved: ports and addresses stay numbers.

import { FAM_INET, FAM_INET6, FAM_UNIX } from "../generated/events";
import { viewAt, viewBytes } from "./view";
import { putLiteral } from "./literal";
import { putByte, putBytes, putHexSmall, putUnsigned } from "./writer";

/** 127.0.0.1 */
export function putIpv4(at: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    if (i != 0) putByte(46);
    putUnsigned(load<u8>(at + i));
  }
}

// @ts-ignore: decorator
@inline
function group(at: usize, i: u32): u32 {
  return <u32>bswap<u16>(load<u16>(at + (<usize>i << 1)));
}

/** As inet_ntop writes it: the longest run of at least two zero groups becomes `::`. */
export function putIpv6(at: usize): void {
  let runAt: u32 = 8, runLength: u32 = 1;
  for (let i: u32 = 0; i < 8;) {
    let n: u32 = 0;
    while (i + n < 8 && group(at, i + n) == 0) n++;
    if (n > runLength) {
      runAt = i;
      runLength = n;
    }
    i += n + 1;
  }
  // ::a.b.c.d and ::ffff:a.b.c.d
  const embedded = runAt == 0 && (runLength == 6 || (runLength == 7 && group(at, 7) != 1) ||
    (runLength == 5 && group(at, 5) == 0xffff));
  for (let i: u32 = 0; i < 8; i++) {
    if (i == runAt) {
      putByte(58);
      if (runAt == 0) putByte(58);
      i += runLength - 1;
      if (i == 7 && runAt != 0) putByte(58);
      continue;
    }
    if (embedded && i == 6) {
      putIpv4(at + 12);
      return;
    }
    putHexSmall(group(at, i));
    if (i != 7) putByte(58);
  }
}

/** An address of 4 or 16 bytes. */
export function putIp(v: u64): void {
  if (viewBytes(v) == 16) putIpv6(viewAt(v));
  else if (viewBytes(v) == 4) putIpv4(viewAt(v));
}

/** `address:port` */
export function putEndpoint(address: usize, v6: bool, port: u16): void {
  if (v6) putIpv6(address);
  else putIpv4(address);
  putByte(58);
  putUnsigned(port);
}

/** Whether an IPv6 address maps an IPv4 one; an address of all zeros counts as one too. */
export function isMappedIpv4(at: usize): bool {
  if (load<u64>(at) != 0 || load<u16>(at, 8) != 0) return false;
  return load<u16>(at, 10) == 0xffff || (load<u16>(at, 10) == 0 && load<u32>(at, 12) == 0);
}

/** The path of a unix address: up to the NUL that ends it. */
function putPath(at: usize, end: usize): void {
  let to = at;
  while (to < end && load<u8>(to) != 0) to++;
  putBytes(at, to - at);
}

/** Parameter of type sockaddr: u8 family, then what the family needs. */
export function putSockaddr(v: u64): void {
  const at = viewAt(v), bytes = viewBytes(v);
  if (bytes == 0) return putLiteral("<NA>");
  const family = <u32>load<u8>(at);
  if (family == FAM_UNIX) {
    if (bytes < 2 || load<u8>(at + bytes - 1) != 0) putLiteral("INVALID PATH");
    else putPath(at + 1, at + bytes);
  } else if (family == FAM_INET) {
    if (bytes < 7) putLiteral("INVALID IPv4");
    else putEndpoint(at + 1, false, load<u16>(at, 5));
  } else if (family == FAM_INET6) {
    if (bytes < 19) putLiteral("INVALID IPv6");
    else putEndpoint(at + 1, true, load<u16>(at, 17));
  } else {
    putLiteral("family ");
    putUnsigned(family);
  }
}

/** Parameter of type socktuple: u8 family, then source and destination. */
export function putSocktuple(v: u64): void {
  const at = viewAt(v), bytes = viewBytes(v);
  if (bytes == 0) return putLiteral("NULL");
  const family = <u32>load<u8>(at);
  if (family == FAM_UNIX) {
    if (bytes < 18 || load<u8>(at + bytes - 1) != 0) return putLiteral("INVALID PATH");
    putHexSmall(load<u64>(at, 1));
    putLiteral("->");
    putHexSmall(load<u64>(at, 9));
    putByte(32);
    putPath(at + 17, at + bytes);
  } else if (family == FAM_INET) {
    if (bytes < 13) return putLiteral("INVALID IPv4");
    putTuple(at + 1, load<u16>(at, 5), at + 7, load<u16>(at, 11), false);
  } else if (family == FAM_INET6) {
    if (bytes < 37) return putLiteral("INVALID IPv6");
    const mapped = isMappedIpv4(at + 1) && isMappedIpv4(at + 19);
    const skip: usize = mapped ? 12 : 0;
    putTuple(at + 1 + skip, load<u16>(at, 17), at + 19 + skip, load<u16>(at, 35), !mapped);
  } else {
    putLiteral("family ");
    putUnsigned(family);
  }
}

/** `source:port->destination:port` */
export function putTuple(source: usize, sourcePort: u16, target: usize, targetPort: u16, v6: bool): void {
  putEndpoint(source, v6, sourcePort);
  putLiteral("->");
  putEndpoint(target, v6, targetPort);
}
