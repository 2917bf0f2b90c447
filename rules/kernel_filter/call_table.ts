// What the push-down has to know of calls besides the event table: which fd an event is about, and for which kinds of fds the
// event changes what the matcher knows. In: nothing. Out: a table by the name of the event.
// Elsewhere: what follows from it with some rules (call_filter.ts), what the matcher does with events (assembly/state/parsers).

import { FD_KINDS, type FdKind } from "./fd_kinds.ts";

export interface CallOnFd {
  /** where the probe finds the fd; a kind: whatever the call makes is of it */
  readonly fd: "argument" | "result" | FdKind;
  /** the call can be about these */
  readonly kinds: readonly FdKind[];
  /** of these the event is state, if anybody asks about such fds */
  readonly state: readonly FdKind[];
  /** with a TCP socket that is not connected it fails; where it does not, the socket has a peer */
  readonly needsPeer?: true;
  /** that the socket is a server's, which no later event tells */
  readonly saysRole?: true;
  /** fds can come with it, which the probe reports by records of their own */
  readonly passesFds?: true;
  /** position of its flags: with one of them it connects a TCP socket by itself */
  readonly connectsBy?: number;
}

const SOCKETS: readonly FdKind[] = ["unix", "netlink", "tcp", "udp"];
const onSockets = { fd: "argument", kinds: SOCKETS } as const;
const DATA: CallOnFd = { ...onSockets, state: ["unix", "netlink", "udp"], needsPeer: true };

function each(words: string, call: CallOnFd): readonly (readonly [string, CallOnFd])[] {
  return words.split(" ").map((name) => [name, call]);
}

function making(words: string, kind: FdKind): readonly (readonly [string, CallOnFd])[] {
  return each(words, { fd: kind, kinds: [kind], state: [kind] });
}

/**
 * Data over a TCP socket brings nothing new: its addresses have come with connect or accept, or from the list of sockets at
 * the start. Options, backlogs and half-closed connections are no state at all.
 */
export const CALLS_ON_FDS: ReadonlyMap<string, CallOnFd> = new Map([
  ...each("getsockopt setsockopt shutdown listen", { ...onSockets, state: [] }),
  ...each("bind", { ...onSockets, state: SOCKETS }),
  // on anything else it fails
  ...each("connect", { fd: "argument", kinds: FD_KINDS, state: SOCKETS, needsPeer: true }),
  ...each("recvfrom", DATA),
  ...each("sendto sendmmsg", { ...DATA, connectsBy: 3 }),
  ...each("sendmsg", { ...DATA, connectsBy: 2 }),
  ...each("recvmsg recvmmsg", { ...DATA, passesFds: true }),
  ...each("read write pread pwrite readv writev preadv pwritev", {
    fd: "argument",
    kinds: FD_KINDS,
    state: [],
    needsPeer: true,
  }),
  ...each("socket", { fd: "result", kinds: SOCKETS, state: SOCKETS }),
  ...each("accept accept4", { fd: "result", kinds: SOCKETS, state: SOCKETS, saysRole: true }),
  ...making("memfd_create", "file"),
  ...making("eventfd eventfd2 signalfd signalfd4 timerfd_create inotify_init inotify_init1", "anonymous"),
  ...making("epoll_create epoll_create1 userfaultfd io_uring_setup", "anonymous"),
  ...making("pipe pipe2", "pipe"),
  ...making("socketpair", "unix"),
]);

/** Limits are state only of what a field of the process says of them. */
export const LIMIT_CALLS: ReadonlySet<string> = new Set(["prlimit", "setrlimit", "getrlimit"]);
export const OF_LIMITS = /^(proc|thread)_fd(limit|usage)/;

/** Those that have failed count as well: they say how much memory a process has, or the probe decides where it knows more. */
export const NEEDED_ON_FAILURE: ReadonlySet<string> = new Set([
  ...["brk", "mmap", "mmap2", "munmap"],
  ...["open", "openat", "close", "fcntl"],
]);
