// Kinds of fds that the probe can tell apart in some reads, and what the matcher calls them.
// In: nothing. Out: names for tables and people, words and letters of fd.type and fd.typechar.
// Elsewhere: the same kinds in C (probe/lib/fd_kind.bpf.h), which of them rules ask about (fd_demand.ts).

/** In the order of the probe's bits. All else (namespaces, raw sockets …) has no kind and is always reported, but for directories. */
export const FD_KINDS = ["file", "pipe", "anonymous", "unix", "netlink", "tcp", "udp"] as const;
export type FdKind = typeof FD_KINDS[number];

/** What the matcher may know of an fd; the texts are those of fields. Without `type` there is no entry for the fd. */
export interface KnownFd {
  readonly type?: string;
  readonly letter: string;
  readonly l4proto?: string;
  readonly sockfamily?: string;
  /** a socket that is neither connected nor a server's: then its protocol does not show */
  readonly lacksRole?: true;
  /** how its name begins where that can be with a slash; absent: it never does */
  readonly path?: string;
  /** names and number of the family, as the parameter of `socket` may show it */
  readonly domain?: readonly string[];
}

const NO_PROTOCOL = "<NA>";
const other = (type: string, letter: string): KnownFd => ({ type, letter, l4proto: NO_PROTOCOL });
const overIp = (l4proto: string): readonly KnownFd[] => {
  const ends: readonly KnownFd[] = [
    { type: "ipv4", letter: "4", l4proto, sockfamily: "ip", domain: ["2", "AF_INET"] },
    { type: "ipv6", letter: "6", l4proto, sockfamily: "ip", domain: ["10", "AF_INET6"] },
  ];
  return [...ends, ...ends.map((end) => ({ ...end, l4proto: NO_PROTOCOL, lacksRole: true as const }))];
};

/** Each way in which the matcher may have entered an fd of the kind. */
export const ENTRIES: Readonly<Record<FdKind, readonly KnownFd[]>> = {
  file: [{ ...other("file", "f"), path: "/" }, { ...other("memfd", "m"), path: "/" }],
  pipe: [other("pipe", "p")],
  anonymous: [
    other("event", "e"),
    other("eventpoll", "l"),
    other("inotify", "i"),
    other("timerfd", "t"),
    other("signalfd", "s"),
    other("bpf", "b"),
    other("userfaultfd", "u"),
    other("io_uring", "r"),
    { ...other("pidfd", "P"), path: "/proc/" },
    other("<NA>", "X"),
    other("<NA>", "o"),
  ],
  // those that were there before are listed by their path
  unix: [{ ...other("unix", "u"), path: "/", sockfamily: "unix", domain: ["1", "AF_UNIX", "AF_LOCAL"] }],
  netlink: [{ ...other("netlink", "n"), domain: ["16", "AF_NETLINK", "AF_ROUTE"] }],
  tcp: overIp("tcp"),
  udp: overIp("udp"),
};

/** One that was opened as such; others are always reported. */
export const OPENED_DIRECTORY: KnownFd = { ...other("directory", "d"), path: "/" };

/** A file that an open has made, of which the probe may know whether it was left out. */
export const OPENED_FILE: KnownFd = ENTRIES.file[0]!;

/** How the matcher sees an fd that was not reported. */
export const NO_ENTRY: KnownFd = { letter: "o" };

export function hasAddresses({ sockfamily }: KnownFd): boolean {
  return sockfamily === "ip";
}

export function bitOf(kind: FdKind): number {
  return 1 << FD_KINDS.indexOf(kind);
}
