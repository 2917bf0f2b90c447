// The calls by which the self-test makes events, by the family of the probe that reports them (probe/syscalls).
// Each leaves nothing behind: it succeeds without effect, or fails, which is reported just the same. None is what rules look
// for, with success or not (loading a module, entering namespaces): a falco that examines the host while another watches it
// is no incident.
// Elsewhere: making them (event_maker.ts), waiting for their events (self_test.ts).

export type Argument = bigint | Uint8Array<ArrayBuffer>;

export interface MadeCall {
  readonly family: string;
  /** name of the call, which is that of its event too */
  readonly call: string;
  /** @param of the last result of a call made before */
  readonly args: (of: (call: string) => bigint) => readonly Argument[];
}

const AT_FDCWD = -100n;
const NOBODY = 0xffff_ffffn; // -1: no change of owner
const NONE = -1n;
/** descriptor of the socket that connects: higher than any that is in use */
const CLIENT = 200n;
const O_RDWR = 2n;
const O_CLOEXEC = 0o2000000n;

const text = (value: string) => new TextEncoder().encode(value + "\0");
const room = (bytes: number) => new Uint8Array(bytes);

const DEVICE = text("/dev/null");
const NOWHERE = text("/nonexistent/falco-self-test");
const BYTES = text("falco");
const PIPE = room(8);
const PAIR = room(8);
const TIMES = room(16);
/** struct sockaddr_in: 127.0.0.1, a port that the kernel chooses; getsockname writes it here */
const LOOPBACK = new Uint8Array([2, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
const LOOPBACK_LENGTH = new Uint8Array([16, 0, 0, 0]);
const firstOf = (pair: Uint8Array<ArrayBuffer>) => BigInt(new Uint32Array(pair.buffer)[0]!);
const secondOf = (pair: Uint8Array<ArrayBuffer>) => BigInt(new Uint32Array(pair.buffer)[1]!);

const call = (family: string, name: string, args: MadeCall["args"]): MadeCall => ({
  family,
  call: name,
  args,
});

/** In this order: later ones use the results of earlier ones. */
export const MADE_CALLS: readonly MadeCall[] = [
  call("open", "open", () => [DEVICE, O_RDWR | O_CLOEXEC]),
  call("open", "openat", () => [AT_FDCWD, DEVICE, O_RDWR | O_CLOEXEC]),
  call("open", "openat2", () => [AT_FDCWD, DEVICE, room(24), 24n]),
  call("open", "creat", () => [NOWHERE, 0o600n]),
  call("io", "write", (of) => [of("openat"), BYTES, 5n]),
  call("io", "read", (of) => [of("openat"), room(5), 5n]),
  call("io", "pread64", (of) => [of("openat"), room(5), 5n, 0n]),
  call("fd", "dup", (of) => [of("openat")]),
  call("fd", "fcntl", (of) => [of("openat"), 1n]),
  call("fd", "pipe2", () => [PIPE, O_CLOEXEC]),
  call("fd", "close", (of) => [of("dup")]),
  call("fd_kinds", "memfd_create", () => [text("falco-self-test"), 1n]),
  call("fd_kinds", "eventfd2", () => [0n, O_CLOEXEC]),
  call("fd_kinds", "timerfd_create", () => [1n, O_CLOEXEC]),
  call("fd_kinds", "epoll_create1", () => [O_CLOEXEC]),
  call("fd_kinds", "inotify_init1", () => [O_CLOEXEC]),
  call("path", "mkdirat", () => [AT_FDCWD, NOWHERE, 0o700n]),
  call("path", "renameat2", () => [AT_FDCWD, NOWHERE, AT_FDCWD, NOWHERE, 0n]),
  call("path", "linkat", () => [AT_FDCWD, NOWHERE, AT_FDCWD, NOWHERE, 0n]),
  call("path", "symlinkat", () => [NOWHERE, AT_FDCWD, NOWHERE]),
  call("path", "unlink", () => [NOWHERE]),
  call("path", "unlinkat", () => [AT_FDCWD, NOWHERE, 0n]),
  call("path", "rmdir", () => [NOWHERE]),
  call("path", "chdir", () => [text("/")]),
  call("owner", "fchmod", (of) => [of("memfd_create"), 0o600n]),
  call("owner", "chmod", () => [NOWHERE, 0o600n]),
  call("owner", "fchmodat", () => [AT_FDCWD, NOWHERE, 0o600n]),
  call("owner", "fchown", (of) => [of("memfd_create"), NOBODY, NOBODY]),
  call("mount", "unshare", () => [0n]),
  call("mount", "mount", () => [NOWHERE, NOWHERE, NOWHERE, 0n, 0n]),
  call("mount", "umount2", () => [NOWHERE, 0n]),
  call("identity", "getuid", () => []),
  call("identity", "setuid", (of) => [of("getuid")]),
  call("identity", "setresgid", () => [NONE, NONE, NONE]),
  call("identity", "capset", () => [0n, 0n]),
  call("identity", "prctl", () => [3n]),
  call("security", "ptrace", () => [17n, NONE]),
  call("security", "bpf", () => [0xffffn, 0n, 0n]),
  call("security", "seccomp", () => [0xffffn, 0n, 0n]),
  call("security", "userfaultfd", () => [0xffff_ffffn]),
  call("security", "delete_module", () => [0n, 0n]),
  call("signal", "kill", () => [BigInt(Deno.pid), 0n]),
  call("signal", "tgkill", () => [BigInt(Deno.pid), BigInt(Deno.pid), 0n]),
  call("signal", "prlimit64", () => [0n, 7n, 0n, 0n]),
  call("memory", "mmap", () => [0n, 4096n, 1n, 0x22n, NONE, 0n]),
  call("memory", "mprotect", (of) => [of("mmap"), 4096n, 3n]),
  call("memory", "munmap", (of) => [of("mmap"), 4096n]),
  call("stat", "newfstatat", () => [AT_FDCWD, NOWHERE, room(256), 0n]),
  call("stat", "access", () => [NOWHERE, 0n]),
  call("stat", "lseek", (of) => [of("openat"), 0n, 0n]),
  call("wait", "poll", () => [0n, 0n, 0n]),
  call("wait", "nanosleep", () => [TIMES, 0n]),
  call("keyctl", "keyctl", () => [0xffffn]),
  call("quota", "quotactl", () => [NONE, NOWHERE, 0n, 0n]),
  call("socket", "socketpair", () => [1n, 1n, 0n, PAIR]),
  call("socket", "socket", () => [2n, 1n | O_CLOEXEC, 0n]),
  // the client's, under a number that is known
  call("fd", "dup3", (of) => [of("socket"), CLIENT, O_CLOEXEC]),
  call("socket", "socket", () => [2n, 1n | O_CLOEXEC, 0n]),
  call("socket", "bind", (of) => [of("socket"), LOOPBACK, 16n]),
  call("socket", "listen", (of) => [of("socket"), 1n]),
  call("socket", "getsockname", (of) => [of("socket"), LOOPBACK, LOOPBACK_LENGTH]),
  // by then the other side waits in the queue; where loopback is down, nobody comes and nobody waits
  call("connect", "connect", () => [CLIENT, LOOPBACK, 16n]),
  call("socket", "accept4", (of) => [of("connect") < 0n ? NONE : of("socket"), 0n, 0n, O_CLOEXEC]),
  call("socket", "shutdown", (of) => [of("accept4"), 2n]),
  call("message", "sendto", () => [firstOf(PAIR), BYTES, 5n, 0n, 0n, 0n]),
  call("message", "recvfrom", () => [secondOf(PAIR), room(5), 5n, 0x40n, 0n, 0n]),
  call("message", "sendmsg", () => [NONE, 0n, 0n]),
  call("generic", "sysinfo", () => [room(128)]),
];

/** Events that a process makes by being there. */
export const LIFE_EVENTS = [
  { family: "exec", events: ["execve", "execveat"] },
  { family: "clone", events: ["clone", "clone3", "fork", "vfork"] },
  { family: "exit", events: ["procexit"] },
] as const;
