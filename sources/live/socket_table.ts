// The sockets of a network namespace by inode, from /proc/PID/net/{tcp,tcp6,udp,udp6,raw,raw6,unix,netlink}.
// In: the text of these tables. Out: inode → what an fd list says about the socket.
// Elsewhere: which fds are sockets (fd_scan.ts).
//
//   tcp, udp, raw:  sl: local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode …
//   unix:           num: refcount protocol flags type st inode path
//   netlink:        sk eth pid groups rmem wmem dump locks drops inode

import { readBytes } from "../../ffi/mod.ts";
import { FD_TYPE, L4 } from "../../schema/mod.ts";
import type { FdTarget } from "../../scap/mod.ts";

export type SocketTable = ReadonlyMap<number, FdTarget>;

const MAX_FILE_BYTES = 256 << 20;
const EMPTY = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const INET_FILES: readonly (readonly [file: string, l4: number])[] = [
  ["tcp", L4.TCP],
  ["udp", L4.UDP],
  ["raw", L4.RAW],
  ["tcp6", L4.TCP],
  ["udp6", L4.UDP],
  ["raw6", L4.RAW],
];

/** The tables that the process at `procFolder` sees; those of protocols that the kernel does not have are left out. */
export function readSocketTable(procFolder: string, maxBytes = MAX_FILE_BYTES): SocketTable {
  const sockets = new Map<number, FdTarget>();
  const read = (file: string) => {
    const bytes = readBytes(`${procFolder}/net/${file}`, maxBytes);
    return bytes === undefined ? "" : decoder.decode(bytes);
  };
  for (const [file, l4] of INET_FILES) parseInet(read(file), l4, sockets);
  parseUnix(read("unix"), sockets);
  parseNetlink(read("netlink"), sockets);
  return sockets;
}

export function parseInet(text: string, l4: number, sockets: Map<number, FdTarget>): void {
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    const ino = Number(words[9]);
    // the header's words are no numbers; a socket that the program has closed has inode 0
    if (!(ino > 0)) continue;
    const target = inetTarget(words[1] ?? "", words[2] ?? "", l4);
    if (target !== undefined) sockets.set(ino, target);
  }
}

function inetTarget(local: string, remote: string, l4: number): FdTarget | undefined {
  const [sipText = "", sportText = ""] = local.split(":");
  const [dipText = "", dportText = ""] = remote.split(":");
  const sport = Number.parseInt(sportText, 16);
  const dport = Number.parseInt(dportText, 16);
  // a socket without a peer counts as a server's
  if (sipText.length === 8 && dipText.length === 8) {
    const sip = Number.parseInt(sipText, 16);
    const dip = Number.parseInt(dipText, 16);
    return dip === 0
      ? { kind: "ipv4 server", ip: sip, port: sport, l4 }
      : { kind: "ipv4", sip, dip, sport, dport, l4 };
  }
  if (sipText.length === 32 && dipText.length === 32) {
    const sip = ipv6Bytes(sipText);
    return /^0+$/.test(dipText)
      ? { kind: "ipv6 server", ip: sip, port: sport, l4 }
      : { kind: "ipv6", sip, dip: ipv6Bytes(dipText), sport, dport, l4 };
  }
  return undefined;
}

/** The kernel prints the address as four numbers of the machine's byte order. */
function ipv6Bytes(text: string): Uint8Array {
  const words = new Uint32Array(4);
  for (let i = 0; i < 4; i++) words[i] = Number.parseInt(text.slice(i * 8, i * 8 + 8), 16);
  return new Uint8Array(words.buffer);
}

export function parseUnix(text: string, sockets: Map<number, FdTarget>): void {
  for (const line of text.split("\n")) {
    // the path may contain blanks
    const match = /^([0-9a-f]+):(?:\s+\S+){5}\s+(\d+)(?: (.*))?$/i.exec(line);
    if (match === null) continue;
    sockets.set(Number(match[2]), {
      kind: "unix",
      source: BigInt(`0x${match[1]}`),
      peer: 0n,
      name: match[3] === undefined ? EMPTY : encoder.encode(match[3]),
    });
  }
}

export function parseNetlink(text: string, sockets: Map<number, FdTarget>): void {
  for (const line of text.split("\n")) {
    const ino = Number(line.trim().split(/\s+/)[9]);
    if (ino > 0) sockets.set(ino, { kind: "named", type: FD_TYPE.NETLINK, name: EMPTY });
  }
}
