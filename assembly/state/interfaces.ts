// Addresses of the host's network interfaces: a datagram socket that is bound to no address gets one of them.
// In: the interface list of a capture or of the host. Out: the likely local address for a remote one.

import { onReset } from "../memory/reset";

const MAX_INTERFACES: u32 = 256;
/** u32 address, u32 netmask each */
const ipv4: usize = memory.data(256 * 8, 8);
/** 16 bytes each */
const ipv6: usize = memory.data(256 * 16, 8);

// @ts-ignore: decorator
@inline const LOOPBACK: u32 = 0x0100007f;

let ipv4Count: u32 = 0;
let ipv6Count: u32 = 0;

onReset(clearInterfaces);

export function clearInterfaces(): void {
  ipv4Count = 0;
  ipv6Count = 0;
}

export function addIpv4Interface(address: u32, netmask: u32): void {
  if (ipv4Count == MAX_INTERFACES) return;
  store<u32>(ipv4 + (<usize>ipv4Count << 3), address);
  store<u32>(ipv4 + (<usize>ipv4Count << 3), netmask, 4);
  ipv4Count++;
}

export function addIpv6Interface(address: usize): void {
  if (ipv6Count == MAX_INTERFACES) return;
  memory.copy(ipv6 + (<usize>ipv6Count << 4), address, 16);
  ipv6Count++;
}

/** The interface with this address, else one in its network, else the first that is not loopback; 0 = none. */
export function inferIpv4(remote: u32): u32 {
  for (let i: u32 = 0; i < ipv4Count; i++) {
    if (load<u32>(ipv4 + (<usize>i << 3)) == remote) return remote;
  }
  for (let i: u32 = 0; i < ipv4Count; i++) {
    const address = load<u32>(ipv4 + (<usize>i << 3)), netmask = load<u32>(ipv4 + (<usize>i << 3), 4);
    if ((address & netmask) == (remote & netmask)) return address;
  }
  for (let i: u32 = 0; i < ipv4Count; i++) {
    const address = load<u32>(ipv4 + (<usize>i << 3));
    if (address != LOOPBACK) return address;
  }
  return 0;
}

/** The same for IPv6, by address of the 16 bytes; networks are taken to have 64 bits. */
export function inferIpv6(remote: usize): usize {
  for (let i: u32 = 0; i < ipv6Count; i++) {
    const at = ipv6 + (<usize>i << 4);
    if (load<u64>(at) == load<u64>(remote) && load<u64>(at, 8) == load<u64>(remote, 8)) return at;
  }
  for (let i: u32 = 0; i < ipv6Count; i++) {
    const at = ipv6 + (<usize>i << 4);
    if (load<u64>(at) == load<u64>(remote)) return at;
  }
  for (let i: u32 = 0; i < ipv6Count; i++) {
    const at = ipv6 + (<usize>i << 4);
    if (load<u64>(at) != 0 || load<u64>(at, 8) != 0x0100000000000000) return at;
  }
  return 0;
}
