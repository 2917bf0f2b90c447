// A socket or folder that a stranger may have put there, held so that nothing else can take its place.
// In: a folder that is trusted, a path below it. Out: a path that leads to exactly what was found, and its owner.
//
// What is found is opened as a mere place (O_PATH): no device notices, no FIFO blocks. The way below the trusted folder
// cannot leave it (openat2), and afterwards everything goes through /proc/self/fd, so that the check and the connection
// mean the same thing. A file system may never answer: these calls run in threads of their own.
// Elsewhere: files in a container's root (foreign_root.ts).

import { callError, closeFd, cString, errno, libc } from "./libc.ts";

const SYS_OPENAT2 = 437n; // the same on every architecture
const HOW_BYTES = 24;
const RESOLVE_NO_MAGICLINKS = 0x02n;
const RESOLVE_BENEATH = 0x08n;
const RESOLVE_IN_ROOT = 0x10n;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;
const S_IFMT = 0o170000;
const S_IFSOCK = 0o140000;
const S_IFDIR = 0o040000;
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const EAGAIN = 11;

export interface PinnedPlace {
  readonly kind: "socket" | "folder" | "other";
  /** leads to what was found, as long as it is not closed */
  readonly path: string;
  /** user who owns the file */
  readonly uid: number;
  close(): void;
}

/** Memory that calls under way use: the collector does not know. */
const inUse = new Set<unknown>();

/**
 * @param base folder that only root can change
 * @param path below it
 * @param isRoot `base` is the root of a file system: links begin there, as they do in a chroot. Otherwise none may leave it
 * @returns nothing when there is no such thing, or the way to it leaves `base`
 */
export async function pinPlace(
  base: string,
  path: string,
  isRoot: boolean,
): Promise<PinnedPlace | undefined> {
  const folder = await slowOpen(base);
  if (folder < 0) return undefined;
  const name = cString(path);
  const resolve = (isRoot ? RESOLVE_IN_ROOT : RESOLVE_BENEATH) | RESOLVE_NO_MAGICLINKS;
  const how = new BigUint64Array([BigInt(O_PATH | O_CLOEXEC), 0n, resolve]);
  const call = libc().slow_syscall_openat2(SYS_OPENAT2, folder, name, how, BigInt(HOW_BYTES));
  const fd = Number(await kept(call, name, how));
  closeFd(folder);
  if (fd < 0) return undefined;
  const stat = new Uint8Array(256);
  const empty = cString("");
  const found = await kept(
    libc().slow_statx(fd, empty, AT_EMPTY_PATH, STATX_BASIC_STATS, stat),
    empty,
    stat,
  );
  if (found < 0) {
    closeFd(fd);
    return undefined;
  }
  // struct statx: uid 20, mode 28
  const view = new DataView(stat.buffer);
  const type = view.getUint16(28, true) & S_IFMT;
  let isOpen = true;
  return {
    kind: type === S_IFSOCK ? "socket" : type === S_IFDIR ? "folder" : "other",
    path: `/proc/self/fd/${fd}`,
    uid: view.getUint32(20, true),
    close() {
      if (isOpen) closeFd(fd);
      isOpen = false;
    },
  };
}

/**
 * The user who listens at a socket: that of the process when it began to.
 * @throws CallError when none does, or it does not accept any more; never waits
 */
export function listenerOf(socketPath: string): number {
  const fd = libc().socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) throw callError("socket", errno());
  try {
    const name = new TextEncoder().encode(socketPath);
    const address = new Uint8Array(2 + name.length + 1);
    new DataView(address.buffer).setUint16(0, AF_UNIX, true);
    address.set(name, 2);
    if (libc().connect(fd, address, address.length) < 0) {
      const code = errno();
      throw code === EAGAIN ? new Error("its queue of connections is full") : callError("connect", code);
    }
    // struct ucred: pid, uid, gid
    const credentials = new Uint32Array(3);
    const length = new Uint32Array([credentials.byteLength]);
    if (libc().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, length) < 0) {
      throw callError("getsockopt SO_PEERCRED", errno());
    }
    return credentials[1]!;
  } finally {
    closeFd(fd);
  }
}

async function slowOpen(path: string): Promise<number> {
  const name = cString(path);
  return await kept(libc().slow_open(name, O_PATH | O_CLOEXEC), name);
}

async function kept<T>(call: Promise<T>, ...memory: readonly ArrayBufferView[]): Promise<T> {
  inUse.add(memory);
  try {
    return await call;
  } finally {
    inUse.delete(memory);
  }
}
