// eventfd: a counter with a file descriptor, with which one thread wakes another out of epoll_wait.
// File descriptors belong to the process, so the number alone may be passed to a worker.

import { callError, closeFd, errno, libc } from "./libc.ts";

const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;

export function createEventfd(): number {
  const fd = libc().eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw callError("eventfd", errno());
  return fd;
}

export function signalEventfd(fd: number): void {
  const one = new Uint8Array(new BigUint64Array([1n]).buffer);
  // refused only when the counter is at its maximum: then the other side is going to wake anyway
  libc().write(fd, one, 8n);
}

export function drainEventfd(fd: number): void {
  libc().read(fd, new Uint8Array(8), 8n);
}

export const closeEventfd = closeFd;
