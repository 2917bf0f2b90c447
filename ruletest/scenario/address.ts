// Addresses of sockets as people write them: `10.0.0.1:443`, `[2001:db8::1]:53`, `/run/docker.sock`, `A->B`.
// In: text. Out: an address, and its bytes as the parameters `sockaddr` and `socktuple` have it.
// Names of hosts are not looked up: a test must not depend on a network.

import { joined, number, text } from "./bytes.ts";

const UNIX = 1, INET = 2, INET6 = 10;

export type Address =
  | { readonly family: 2 | 10; readonly ip: Uint8Array; readonly port: number }
  | { readonly family: 1; readonly path: string };

export const ADDRESS_FORMS = "10.0.0.1:443, [2001:db8::1]:443 or the path of a socket";

/** What to write instead of a text that is no address. */
export function addressHint(written: string): string {
  if (/^\[?[0-9a-fA-F:.]+\]?$/.test(written) && !/^[0-9.]+:\d+$/.test(written)) {
    const whole = written.includes(":") && !written.startsWith("[") ? `[${written}]` : written;
    return `add the port: ${whole}:443`;
  }
  return /^[a-z][\w-]*(\.[\w-]+)*:\d+$/i.test(written)
    ? "write the address of the host; `hosts` gives it its name"
    : `write ${ADDRESS_FORMS}`;
}

export function parseAddress(written: string): Address | undefined {
  if (/^[/@]/.test(written)) return { family: UNIX, path: written };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(written);
  if (match === null) return undefined;
  const port = Number(match[3]);
  const ip = match[1] === undefined ? parseIpv4(match[2]!) : parseIpv6(match[1]);
  if (ip === undefined || port > 0xffff) return undefined;
  return { family: ip.length === 4 ? INET : INET6, ip, port };
}

export function parseIpv4(written: string): Uint8Array | undefined {
  const parts = written.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) {
    return undefined;
  }
  return Uint8Array.from(parts, Number);
}

export function parseIpv6(written: string): Uint8Array | undefined {
  const halves = written.split("::");
  if (halves.length > 2) return undefined;
  const groupsOf = (half: string | undefined): number[] | undefined => {
    const groups: number[] = [];
    for (const part of half ? half.split(":") : []) {
      const last = part.includes(".") ? parseIpv4(part) : undefined;
      if (last !== undefined) groups.push(last[0]! << 8 | last[1]!, last[2]! << 8 | last[3]!);
      else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(parseInt(part, 16));
      else return undefined;
    }
    return groups;
  };
  const head = groupsOf(halves[0]), tail = groupsOf(halves[1]);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

export function sockaddrBytes(address: Address): Uint8Array {
  if (address.family === UNIX) return joined([number(1, UNIX), text(address.path)]);
  return joined([number(1, address.family), address.ip, number(2, address.port)]);
}

/** Undefined when the two are of different families. */
export function tupleBytes(from: Address, to: Address): Uint8Array | undefined {
  if (from.family === UNIX || to.family === UNIX) {
    if (to.family !== UNIX) return undefined;
    return joined([
      number(1, UNIX),
      number(8, 0xffff_8880_0000_1000n),
      number(8, 0xffff_8880_0000_2000n),
      text(to.path),
    ]);
  }
  if (from.family !== to.family) return undefined;
  return joined([number(1, from.family), from.ip, number(2, from.port), to.ip, number(2, to.port)]);
}

/** The address of this host's that talks to a peer, with a port that programs get. */
export function localAddress(peer: Address, port: number): Address {
  if (peer.family === UNIX) return { family: UNIX, path: "" };
  if (isLoopback(peer.ip)) return { ...peer, port };
  return { family: peer.family, ip: peer.family === INET ? LOCAL_IPV4 : LOCAL_IPV6, port };
}

/** 127.0.0.0/8, ::1 and the former within the latter. */
function isLoopback(ip: Uint8Array): boolean {
  if (ip.length === 4) return ip[0] === 127;
  const isMapped = ip.subarray(0, 10).every((byte) => byte === 0) && ip[10] === 0xff && ip[11] === 0xff;
  return isMapped ? ip[12] === 127 : ip.subarray(0, 15).every((byte) => byte === 0) && ip[15] === 1;
}

export const LOCAL_IPV4 = Uint8Array.of(10, 0, 2, 15);
export const LOCAL_IPV6 = Uint8Array.of(0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x15);
