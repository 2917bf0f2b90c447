// What kinds of fds are called where the kernel's filter is shown.
// In: kinds. Out: their names, joined.

import type { FdKind } from "../../rules/mod.ts";

const NAMES: Readonly<Record<FdKind, string>> = {
  file: "files",
  pipe: "pipes",
  anonymous: "fds of no file (epoll, eventfd …)",
  unix: "unix sockets",
  netlink: "netlink sockets",
  tcp: "TCP sockets",
  udp: "UDP sockets",
};

export function namesOfKinds(kinds: readonly FdKind[]): string {
  return kinds.map((kind) => NAMES[kind]).join(", ");
}
