// Datagrams to a local socket, such as /dev/log: what neither Deno nor node offers without a name of one's own.
// In: a path, or a name of the abstract namespace written with an @ in front, and messages. Out: sent, or an error with its errno. Nothing here waits.

import { callError, closeFd, errno, libc } from "./libc.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const MSG_NOSIGNAL = 0x4000;
const PATH_BYTES = 108;

export function connectUnixDatagram(path: string): number {
  const name = new TextEncoder().encode(path);
  if (name.length >= PATH_BYTES) throw new RangeError(`${path}: longer than a socket's path may be`);
  const fd = libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) throw callError("socket", errno());
  const address = new Uint8Array(2 + name.length + 1);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, 2);
  // an abstract name begins with a NUL and ends with its last byte
  const isAbstract = path.startsWith("@");
  if (isAbstract) address[2] = 0;
  if (libc().connect(fd, address, address.length - (isAbstract ? 1 : 0)) < 0) {
    const code = errno();
    closeFd(fd);
    throw callError(`connect to ${path}`, code);
  }
  return fd;
}

/** @throws CallError EAGAIN when the receiver does not keep up */
export function sendDatagram(fd: number, bytes: Uint8Array<ArrayBuffer>): void {
  if (libc().send(fd, bytes, BigInt(bytes.length), MSG_NOSIGNAL) < 0) throw callError("send", errno());
}

export const closeDatagram = closeFd;
