// The interface list of a `.scap` file (version 2): the host's addresses, by which the matcher tells the local end of a
// connection from the remote one.
// Elsewhere: asking the host (sources/live/host_info.ts), reading the block (the matcher).

import { BLOCK } from "../schema/mod.ts";
import type { BlockWriter } from "./block_writer.ts";

export interface Interface {
  readonly name: string;
  /** 4 or 16 bytes in network order */
  readonly address: Uint8Array;
  readonly netmask: Uint8Array;
}

const TYPE_IPV4 = 1;
const TYPE_IPV6 = 2;
const encoder = new TextEncoder();

export function writeInterfaceList(writer: BlockWriter, interfaces: readonly Interface[]): void {
  writer.beginBlock(BLOCK.INTERFACE_LIST_V2);
  for (const { name, address, netmask } of interfaces) {
    const nameBytes = encoder.encode(name);
    const at = writer.beginEntry();
    writer.u16(address.length === 4 ? TYPE_IPV4 : TYPE_IPV6);
    writer.u16(nameBytes.length);
    writer.raw(address);
    writer.raw(netmask);
    writer.raw(broadcast(address, netmask));
    writer.u64(0); // link speed, never filled in by anybody
    writer.raw(nameBytes);
    writer.endEntry(at, false);
  }
  writer.endBlock();
}

/** IPv6 has none; where an interface has none, as the loopback, the system puts the address in its place. */
function broadcast(address: Uint8Array, netmask: Uint8Array): Uint8Array {
  if (address.length !== 4) return new Uint8Array(address.length);
  const hasNone = address[0] === 127 || netmask.every((byte) => byte === 0xff);
  return hasNone ? address : address.map((byte, i) => byte | (~netmask[i]! & 0xff));
}
