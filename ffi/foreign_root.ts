// Files below a root that a stranger controls: that of a process in a container.
// In: the path of a root folder (/proc/<pid>/root), paths below it. Out: content, or nothing.
//
// Whatever lies there, nothing happens but a bounded read of a regular file below that root: symbolic links are followed
// as the process itself would (openat2 with RESOLVE_IN_ROOT, no magic links), so they cannot leave the root; a file is
// looked at before it is opened (O_PATH), so that no FIFO blocks and no device notices; files that the kernel makes up
// are refused. A file system may never answer (FUSE, NFS): all calls run in threads of their own, and callers bound how
// many there are. The root is held only while it is read: nobody's unmount fails because of us for longer.

import { closeFd, cString, libc } from "./libc.ts";

const SYS_OPENAT2 = 437n; // the same on every architecture
const RESOLVE_NO_MAGICLINKS = 0x02n;
const RESOLVE_IN_ROOT = 0x10n;
const HOW_BYTES = 24;

const O_NONBLOCK = 0o4000;
const O_NOCTTY = 0o400;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** File systems whose files are made up by the kernel; reading one may wait or change something. */
const MADE_UP: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0xcafe4a11, // bpf
  0x62656570, // configfs
  0xde5e81e4, // efivarfs
  0x6165676c, // pstore
  0xf97cff8c, // selinux
  0x1cd1, // devpts
]);

/** Memory that calls under way use: the collector does not know. */
const inUse = new Set<readonly ArrayBufferView[]>();

async function kept<T>(call: Promise<T>, ...memory: readonly ArrayBufferView[]): Promise<T> {
  inUse.add(memory);
  try {
    return await call;
  } finally {
    inUse.delete(memory);
  }
}

async function slowOpen(path: string, flags: number): Promise<number> {
  const name = cString(path);
  return await kept(libc().slow_open(name, flags), name);
}

export interface ForeignFile {
  /** differs when the file is another one or has been written to */
  readonly stamp: string;
  /** nothing when the stamp is the one that was known, or the file is longer than allowed */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

export class ForeignRoot {
  readonly #fd: number;
  /** device and inode: equal for two processes with the same root */
  readonly identity: string;

  private constructor(fd: number, identity: string) {
    this.#fd = fd;
    this.identity = identity;
  }

  /** Nothing when there is no such folder (any more). */
  static async open(path: string): Promise<ForeignRoot | undefined> {
    const fd = await slowOpen(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return undefined;
    const stat = await statOf(fd);
    if (stat !== undefined) return new ForeignRoot(fd, stat.identity);
    closeFd(fd);
    return undefined;
  }

  /**
   * @param knownStamp a file with this stamp is not read again
   * @returns nothing when there is no regular file
   */
  async read(path: string, maxBytes: number, knownStamp?: string): Promise<ForeignFile | undefined> {
    const name = cString(path);
    const how = new BigUint64Array([BigInt(O_PATH | O_CLOEXEC), 0n, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS]);
    const call = libc().slow_syscall_openat2(SYS_OPENAT2, this.#fd, name, how, BigInt(HOW_BYTES));
    const fd = Number(await kept(call, name, how));
    if (fd < 0) return undefined;
    try {
      const stat = await statOf(fd);
      if (stat === undefined || !stat.isRegular || await isMadeUp(fd)) return undefined;
      const { stamp, size } = stat;
      if (stamp === knownStamp || size > BigInt(maxBytes)) return { stamp };
      const bytes = await readAll(fd, Number(size));
      return bytes === undefined ? undefined : { stamp, bytes };
    } finally {
      closeFd(fd);
    }
  }

  close(): void {
    closeFd(this.#fd);
  }
}

/** At most the bytes that the file had when it was looked at. */
async function readAll(pathFd: number, bytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const fd = await slowOpen(`/proc/self/fd/${pathFd}`, O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return undefined;
  try {
    const content = new Uint8Array(bytes);
    let used = 0;
    while (used < bytes) {
      const got = Number(
        await kept(libc().slow_read(fd, content.subarray(used), BigInt(bytes - used)), content),
      );
      if (got < 0) return undefined;
      if (got === 0) break;
      used += got;
    }
    return content.subarray(0, used);
  } finally {
    closeFd(fd);
  }
}

async function statOf(fd: number) {
  const bytes = new Uint8Array(256);
  const name = cString("");
  const call = libc().slow_statx(fd, name, AT_EMPTY_PATH, STATX_BASIC_STATS, bytes);
  if (await kept(call, name, bytes) < 0) return undefined;
  const view = new DataView(bytes.buffer);
  // struct statx: mode 28, ino 32, size 40, ctime 96, mtime 112, dev 136
  const identity = `${view.getUint32(136, true)}:${view.getUint32(140, true)} ${view.getBigUint64(32, true)}`;
  const size = view.getBigUint64(40, true);
  const times = [96, 112].map((at) => `${view.getBigInt64(at, true)}.${view.getUint32(at + 8, true)}`);
  return {
    identity,
    size,
    isRegular: (view.getUint16(28, true) & S_IFMT) === S_IFREG,
    stamp: [identity, size, ...times].join(" "),
  };
}

async function isMadeUp(fd: number): Promise<boolean> {
  const bytes = new Uint8Array(256);
  if (await kept(libc().slow_fstatfs(fd, bytes), bytes) < 0) return true;
  return MADE_UP.has(new DataView(bytes.buffer).getUint32(0, true));
}
