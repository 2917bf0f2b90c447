// The open files of a process, from /proc/PID/fd.
// In: the process's folder in /proc. Out: entries of an fd list (scap/fd_list.ts).
// A link's text tells pipes, sockets and anonymous inodes; only real files are asked for their type and flags.
// Elsewhere: sockets by inode (socket_table.ts), devices by mount (mount_table.ts).

import { folderEntries, readBytes, readLink, statFile } from "../../ffi/mod.ts";
import { FD_TYPE, flagTable } from "../../schema/mod.ts";
import type { FdEntry, FdTarget } from "../../scap/mod.ts";
import type { MountTable } from "./mount_table.ts";
import { readSocketTable, type SocketTable } from "./socket_table.ts";

/** A process with more open files is scanned up to here, so that one of them cannot hold up the start. */
const MAX_FDS = 32768;
/** When so many have been scanned, the processes that are left have fewer each. */
const MANY_FDS = 1 << 19;
const MAX_FDS_WHEN_MANY = 256;
/** The kernel has no more threads than this. */
const MAX_NUMBERS = 1 << 22;

const S_IFMT = 0o170000;
const S_IFIFO = 0o010000;
const S_IFDIR = 0o040000;
const S_IFSOCK = 0o140000;

const ANON_INODES: Readonly<Record<string, number>> = {
  "[eventfd]": FD_TYPE.EVENT,
  "[eventpoll]": FD_TYPE.EVENTPOLL,
  "inotify": FD_TYPE.INOTIFY,
  "[signalfd]": FD_TYPE.SIGNALFD,
  "[timerfd]": FD_TYPE.TIMERFD,
  "[io_uring]": FD_TYPE.IO_URING,
  "[userfaultfd]": FD_TYPE.USERFAULTFD,
  "[pidfd]": FD_TYPE.PIDFD,
  "bpf-map": FD_TYPE.BPF,
  "bpf-prog": FD_TYPE.BPF,
  "bpf-link": FD_TYPE.BPF,
  "bpf_iter": FD_TYPE.BPF,
};

const EMPTY = new Uint8Array(0);
const latin1 = new TextDecoder("latin1");

/** The kernel's open flags → the driver's. Masks of several bits need all of them. */
const OPEN_FLAGS: readonly (readonly [kernel: number, driver: number])[] = (() => {
  const driver = new Map(flagTable("file_flags")?.entries ?? []);
  const x86 = Deno.build.arch === "x86_64";
  const directory = x86 ? 0o200000 : 0o40000;
  const kernel: Record<string, number> = {
    O_CREAT: 0o100,
    O_EXCL: 0o200,
    O_TRUNC: 0o1000,
    O_APPEND: 0o2000,
    O_NONBLOCK: 0o4000,
    O_DSYNC: 0o10000,
    O_SYNC: 0o4010000,
    O_DIRECT: x86 ? 0o40000 : 0o200000,
    O_DIRECTORY: directory,
    O_CLOEXEC: 0o2000000,
    O_TMPFILE: 0o20000000 | directory,
  };
  return Object.entries(kernel).map(([name, bits]) => [bits, driver.get(name) ?? 0]);
})();

export function driverOpenFlags(kernel: number): number {
  // O_RDONLY, O_WRONLY, O_RDWR are 0, 1, 2 in the kernel and 1, 2, 3 in the driver
  let flags = Math.min((kernel & 3) + 1, 3);
  for (const [bits, driver] of OPEN_FLAGS) {
    if ((kernel & bits) === bits) flags |= driver;
  }
  return flags;
}

export class FdScan {
  readonly #mounts: MountTable;
  readonly #maxTableBytes: number | undefined;
  /** by network namespace */
  readonly #sockets = new Map<string, SocketTable>();

  #scanned = 0;
  /** the process that was asked about last, and what it sees */
  #socketsFolder = "";
  #socketsThere: SocketTable = new Map();

  /** @param maxTableBytes of the sockets of one protocol in one network namespace */
  constructor(mounts: MountTable, maxTableBytes?: number) {
    this.#mounts = mounts;
    this.#maxTableBytes = maxTableBytes;
  }

  /** Empty when the process has gone. */
  scan(procFolder: string, limit = MAX_FDS): FdEntry[] {
    const entries: FdEntry[] = [];
    const maxFds = Math.min(limit, this.#scanned < MANY_FDS ? MAX_FDS : MAX_FDS_WHEN_MANY);
    for (const fd of numbersIn(`${procFolder}/fd`, maxFds)) {
      const entry = this.one(procFolder, fd);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  /** What one number stands for. */
  one(procFolder: string, fd: number): FdEntry | undefined {
    this.#scanned++;
    const link = readLink(`${procFolder}/fd/${fd}`)?.slice();
    if (link === undefined) return undefined;
    const text = latin1.decode(link);
    const inode = /^(socket|pipe):\[(\d+)\]$/.exec(text);
    if (inode?.[1] === "socket") {
      const target = this.#socketsOf(procFolder).get(Number(inode[2]));
      return target === undefined ? undefined : { fd, ino: BigInt(inode[2]!), target };
    }
    if (inode?.[1] === "pipe") {
      return { fd, ino: BigInt(inode[2]!), target: { kind: "named", type: FD_TYPE.FIFO, name: link } };
    }
    return this.#fileEntry(procFolder, fd, link, text);
  }

  #fileEntry(procFolder: string, fd: number, link: Uint8Array, text: string): FdEntry | undefined {
    const stat = statFile(`${procFolder}/fd/${fd}`);
    if (stat === undefined) return undefined;
    const named = (type: number, name: Uint8Array): FdEntry => ({
      fd,
      ino: stat.ino,
      target: { kind: "named", type, name },
    });
    if (text.startsWith("anon_inode:")) {
      return named(ANON_INODES[text.slice("anon_inode:".length)] ?? FD_TYPE.UNSUPPORTED, EMPTY);
    }
    if (text.startsWith("/memfd:")) return named(FD_TYPE.MEMFD, link);
    switch (stat.mode & S_IFMT) {
      case S_IFIFO:
        return named(FD_TYPE.FIFO, link);
      case S_IFDIR:
        return named(FD_TYPE.DIRECTORY, link);
      case S_IFSOCK:
        return named(FD_TYPE.UNSUPPORTED, link);
      default:
        return { fd, ino: stat.ino, target: this.#file(procFolder, fd, link) };
    }
  }

  #file(procFolder: string, fd: number, name: Uint8Array): FdTarget {
    const info = readBytes(`${procFolder}/fdinfo/${fd}`, 4096);
    const text = info === undefined ? "" : latin1.decode(info);
    const flags = /^flags:\s*([0-7]+)/m.exec(text)?.[1];
    const mount = /^mnt_id:\s*(\d+)/m.exec(text)?.[1];
    return {
      kind: "file",
      openFlags: flags === undefined ? 0 : driverOpenFlags(Number.parseInt(flags, 8)),
      dev: mount === undefined ? 0 : this.#mounts.devOf(Number(mount), procFolder),
      name,
    };
  }

  #socketsOf(procFolder: string): SocketTable {
    if (procFolder !== this.#socketsFolder) {
      this.#socketsFolder = procFolder;
      this.#socketsThere = this.#socketsOfNamespace(procFolder);
    }
    return this.#socketsThere;
  }

  #socketsOfNamespace(procFolder: string): SocketTable {
    const link = readLink(`${procFolder}/ns/net`);
    const namespace = link === undefined ? "" : latin1.decode(link);
    let table = this.#sockets.get(namespace);
    if (table === undefined) {
      table = readSocketTable(procFolder, this.#maxTableBytes);
      this.#sockets.set(namespace, table);
    }
    return table;
  }
}

/** The names in a folder of /proc that are numbers; none when it has gone. */
export function numbersIn(folder: string, maxEntries: number = MAX_NUMBERS): number[] {
  const found = folderEntries(folder, maxEntries);
  // the process ended, or its folder may not be read
  if (typeof found === "number") return [];
  const numbers: number[] = [];
  for (const { name } of found.entries) {
    if (name.every((byte) => byte >= 0x30 && byte <= 0x39)) numbers.push(Number(latin1.decode(name)));
  }
  return numbers;
}
