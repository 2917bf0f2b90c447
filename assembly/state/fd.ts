// One open file description as the matcher knows it. Entries are shared between the fd tables of a forked
// process and its parent until one of them changes, so an entry that `refs` > 1 holds is copied before it
// is written (state/fd_table.ts). Strings are interned (strings/intern.ts): an address, 0 = the empty text.

import { FdType, L4 } from "../generated/wire";

export { FdType, L4 } from "../generated/wire";

/** Bits of Fd.flags. */
// deno-fmt-ignore
export namespace FdFlag {
  export const FROM_PROC: u32 = 1; export const ROLE_CLIENT: u32 = 2; export const ROLE_SERVER: u32 = 4;
  export const CONNECTED: u32 = 16; export const CONNECTION_PENDING: u32 = 32;
  export const CONNECTION_FAILED: u32 = 64; export const UPPER_LAYER: u32 = 128; export const LOWER_LAYER: u32 = 256;
}

@unmanaged
export class Fd {
  refs: u32;
  type: u8;
  /** protocol as it is stored; what fd.l4proto prints depends on the role too, see `protocolOf` */
  l4: u8;
  unused: u16;
  flags: u32;
  /** driver's open flags (O_* of schema/flags.ts) */
  openFlags: u32;
  dev: u32;
  mountId: u32;
  ino: u64;
  /** what fd.name prints: the resolved path, or the text of a socket's addresses */
  name: u32;
  /** path as the program passed it; the same string when that is what `name` is, too, and clean */
  nameRaw: u32;
  /** source (client) and destination (server) port; for a bound or listening socket its own port is in dport */
  sport: u16;
  dport: u16;
  /** the process that a pidfd refers to */
  pid: i64;
  /** source (client) and destination (server) address, network order, IPv4 in the first 4 bytes; for a bound
   * or listening socket its own address is in dip */
  sip: u64;
  sipHigh: u64;
  dip: u64;
  dipHigh: u64;
  /** kernel addresses of both ends of a unix socket */
  unixSource: u64;
  unixPeer: u64;
  /** Falco keeps the addresses of all kinds of sockets in one union, and some of its answers come from reading
   * one kind as another (a bound UDP socket over IPv6 that receives). These are that union's bytes; the fields
   * above are derived from them by state/socket_address.ts. */
  union0: u64;
  union1: u64;
  union2: u64;
  union3: u64;
  union4: u64;
}

/** The transport protocol as fd.l4proto and the letter after the type show it. */
export function protocolOf(fd: Fd): u8 {
  const type = fd.type;
  if (type == FdType.IPV4_SERVSOCK || type == FdType.IPV6_SERVSOCK) return fd.l4;
  if (type != FdType.IPV4_SOCK && type != FdType.IPV6_SOCK) return L4.NOT_APPLICABLE;
  if (fd.l4 == L4.RAW) return L4.RAW;
  return (fd.flags & (FdFlag.ROLE_CLIENT | FdFlag.ROLE_SERVER)) == 0 ? L4.NOT_APPLICABLE : fd.l4;
}
