// The processes of the host as they are now, from /proc: what the matcher's tables begin with.
// In: the root of the host's file system. Out: threads and open files, ready for scap/process_list.ts, scap/fd_list.ts.
// Processes come and go meanwhile: whatever cannot be read is left out. Kernel threads and zombies (neither command line
// nor executable) are left out too, as Falco does.
// Elsewhere: the bytes of these files (proc_status.ts, cgroup_paths.ts, mount_table.ts), when a scan is made
// (live_source.ts).

import { openFilesLimit, readBytes, readInTime, readLink, timeNamespaceNs } from "../../ffi/mod.ts";
import { flagTable, PROBE_LIMITS } from "../../schema/mod.ts";
import type { FdEntry, ProcessEntry } from "../../scap/mod.ts";
import { CgroupPaths } from "./cgroup_paths.ts";
import { exeFacts, NO_EXE } from "./exe_facts.ts";
import { FdScan, numbersIn } from "./fd_scan.ts";
import { MountTable } from "./mount_table.ts";
import { parseStat, parseStatus, type ThreadStatus } from "./proc_status.ts";

export interface ProcessScan {
  readonly threads: readonly ProcessEntry[];
  /** by main thread */
  readonly fds: ReadonlyMap<number, readonly FdEntry[]>;
}

const NEVER_SET = 0xffff_ffff;
const TICKS_PER_SECOND = 100n;
const SLASH = 0x2f;
const NEWLINE = 0x0a;
const EMPTY = new Uint8Array(0);
const latin1 = new TextDecoder("latin1");

const CLONE_FLAGS = new Map(flagTable("clone_flags")?.entries ?? []);
const THREAD_FLAGS = (CLONE_FLAGS.get("CLONE_THREAD") ?? 0) | (CLONE_FLAGS.get("CLONE_FILES") ?? 0);
/** a thread that has ended; a mark of Falco's own among these flags */
const CLOSED = 1 << 18;
/** So many threads are tried to find one that has not ended. */
const MAX_LEADERLESS = 16;
/** Far more than a busy machine takes; a process that makes falco wait longer has no command line. */
const COMMAND_LINE_TIMEOUT_MS = 200;

export function scanProcesses(hostRoot: string, bootEpochNs: bigint): ProcessScan {
  const reader = new ProcessReader(hostRoot, bootEpochNs);
  const threads: ProcessEntry[] = [];
  const fds = new Map<number, readonly FdEntry[]>();
  for (const pid of numbersIn(`${hostRoot}/proc`)) {
    const found = reader.read(pid);
    if (found === undefined) continue;
    threads.push(...found.threads);
    fds.set(pid, found.fds);
  }
  reader.namespaces.fillIn(threads);
  return { threads, fds };
}

/** A process with all its threads and its open files. */
export interface ReadProcess {
  /** the main thread first */
  readonly threads: readonly ProcessEntry[];
  readonly fds: readonly FdEntry[];
  /** when it began, to the tick */
  readonly startNs: bigint;
}

/** What is read for a question about one thread: no other threads but the main one, no environment. */
export interface ReadLimits {
  readonly tid: number;
  readonly maxFds: number;
}

/** Reads processes one by one; what they share (mounts, sockets, groups) is read once. */
export class ProcessReader {
  readonly namespaces = new PidNamespaces();
  readonly fdScan: FdScan;
  readonly #mounts: MountTable;
  readonly #cgroups: CgroupPaths;

  /** @param maxTableBytes of each table that processes share: mounts, sockets of a protocol */
  constructor(readonly hostRoot: string, readonly bootEpochNs: bigint, maxTableBytes?: number) {
    this.#mounts = new MountTable(hostRoot, maxTableBytes);
    this.#cgroups = new CgroupPaths(hostRoot);
    this.fdScan = new FdScan(this.#mounts, maxTableBytes);
  }

  /**
   * Undefined when it has gone, is a thread of the kernel or a zombie.
   * @param one question's limits; without them, everything of the process
   */
  read(pid: number, one?: ReadLimits): ReadProcess | undefined {
    const folder = `${this.hostRoot}/proc/${pid}`;
    const found = readProcess(folder, pid, this.#mounts, this.#cgroups, one === undefined) ??
      this.#readWithoutLeader(folder, pid, one);
    if (found === undefined) return undefined;
    const { entry, status, startTicks, living } = found;
    // ticks are counted from the boot that our time namespace shows
    const startNs = this.bootEpochNs + startTicks * (1_000_000_000n / TICKS_PER_SECOND) - timeNamespaceNs();
    this.namespaces.add(living, entry, status, startNs);
    const threads = [entry];
    for (const tid of one === undefined ? numbersIn(`${folder}/task`) : [one.tid]) {
      const thread = tid === pid ? undefined : readThread(`${folder}/task/${tid}`, tid, entry);
      if (thread !== undefined) threads.push(thread);
    }
    return { threads, fds: this.fdScan.scan(living, one?.maxFds), startNs };
  }

  /** A process goes on when its first thread has ended: then memory, files and folders are those of another one. */
  #readWithoutLeader(folder: string, pid: number, one?: ReadLimits): Found | undefined {
    for (const tid of numbersIn(`${folder}/task`, MAX_LEADERLESS)) {
      if (tid === pid) continue;
      const found = readProcess(`${folder}/task/${tid}`, pid, this.#mounts, this.#cgroups, one === undefined);
      if (found === undefined) continue;
      const ended = readStatus(folder, pid);
      if (ended === undefined) return undefined;
      const { uid, gid, vtid } = ended;
      return { ...found, entry: { ...found.entry, uid, gid, vtid, comm: readComm(folder), flags: CLOSED } };
    }
    return undefined;
  }
}

interface Found {
  readonly entry: ProcessEntry;
  readonly status: ThreadStatus;
  readonly startTicks: bigint;
  /** folder of a thread that has not ended */
  readonly living: string;
}

function readProcess(
  folder: string,
  pid: number,
  mounts: MountTable,
  cgroups: CgroupPaths,
  withEnvironment: boolean,
): Found | undefined {
  const status = readStatus(folder, pid);
  const exepath = readLink(`${folder}/exe`)?.slice();
  const commandLine = status === undefined ? EMPTY : readCommandLine(folder, status);
  if (commandLine.length === 0 && exepath === undefined) return undefined;
  // an execve that does not end holds up anyone who opens `environ`: while it goes on, there is no command line either
  const isSteady = withEnvironment && commandLine.length > 0;
  const statBytes = readBytes(`${folder}/stat`, 4096);
  const stat = statBytes === undefined ? undefined : parseStat(statBytes);
  if (status === undefined || stat === undefined) return undefined;

  const exeEnd = commandLine.indexOf(0);
  const namespace = readLink(`${folder}/ns/mnt`);
  const exe = exepath === undefined
    ? NO_EXE
    : exeFacts(folder, exepath, status, mounts, namespace === undefined ? "" : latin1.decode(namespace));
  const entry: ProcessEntry = {
    tid: pid,
    pid: status.pid,
    ptid: status.ppid,
    sid: stat.sid,
    vpgid: status.vpgid,
    pgid: status.pgid,
    vtid: status.vtid,
    vpid: status.vpid,
    comm: readComm(folder),
    exe: commandLine.length > 0 ? commandLine.subarray(0, Math.max(exeEnd, 0)) : exepath ?? EMPTY,
    exepath: exepath ?? EMPTY,
    args: commandLine.subarray(exeEnd + 1),
    env: isSteady ? readText(`${folder}/environ`, PROBE_LIMITS.MAX_ARGS_BYTES) : EMPTY,
    cwd: withSlash(readLink(`${folder}/cwd`) ?? EMPTY),
    root: readLink(`${folder}/root`)?.slice() ?? EMPTY,
    cgroups: cgroups.format(readBytes(`${folder}/cgroup`, 1 << 16) ?? EMPTY),
    fdlimit: openFilesLimit(pid) ?? -1n,
    flags: 0,
    uid: status.uid,
    gid: status.gid,
    loginuid: readLoginuid(folder),
    tty: stat.tty,
    vmsizeKb: status.vmsizeKb,
    vmrssKb: status.vmrssKb,
    vmswapKb: status.vmswapKb,
    pageFaultsMajor: stat.pageFaultsMajor,
    pageFaultsMinor: stat.pageFaultsMinor,
    capInheritable: status.capInheritable,
    capPermitted: status.capPermitted,
    capEffective: status.capEffective,
    pidnsInitStartNs: 0n,
    ...exe,
  };
  return { entry, status, startTicks: stat.startTicks, living: folder };
}

/** A thread shares nearly everything with its process; the rest is read. */
function readThread(folder: string, tid: number, main: ProcessEntry): ProcessEntry | undefined {
  const status = readStatus(folder, tid);
  if (status === undefined) return undefined;
  return {
    ...main,
    tid,
    comm: readComm(folder),
    flags: THREAD_FLAGS,
    vtid: status.vtid,
    uid: status.uid,
    gid: status.gid,
    capInheritable: status.capInheritable,
    capPermitted: status.capPermitted,
    capEffective: status.capEffective,
  };
}

/** When the first process of each pid namespace started. */
class PidNamespaces {
  readonly #namespaceOf = new Map<number, string>();
  readonly #startNs = new Map<string, bigint>();

  add(folder: string, entry: ProcessEntry, status: ThreadStatus, startNs: bigint): void {
    // the reader's own namespace needs no link, which for process 1 not everybody may read
    const link = status.pidnsDepth === 1 ? EMPTY : readLink(`${folder}/ns/pid`);
    if (link === undefined) return;
    const namespace = latin1.decode(link);
    this.#namespaceOf.set(entry.pid, namespace);
    if (status.vpid === 1) this.#startNs.set(namespace, startNs);
  }

  fillIn(threads: readonly ProcessEntry[]): void {
    for (const thread of threads) {
      thread.pidnsInitStartNs = this.#startNs.get(this.#namespaceOf.get(thread.pid) ?? "") ?? 0n;
    }
  }
}

function readStatus(folder: string, tid: number): ThreadStatus | undefined {
  const bytes = readBytes(`${folder}/status`, 1 << 16);
  return bytes === undefined ? undefined : parseStatus(bytes, tid);
}

function readCommandLine(folder: string, { uid, vmsizeKb }: ThreadStatus): Uint8Array {
  // without memory there is none: the kernel's own threads
  if (vmsizeKb === 0) return EMPTY;
  const maxBytes = PROBE_LIMITS.MAX_ARGS_BYTES;
  return texts(readInTime(`${folder}/cmdline`, maxBytes, COMMAND_LINE_TIMEOUT_MS, uid), maxBytes);
}

function readText(path: string, maxBytes: number): Uint8Array {
  return texts(readBytes(path, maxBytes)?.slice(), maxBytes);
}

/** Arguments or environment: NUL after each, also after the last when it was cut or never had one. */
function texts(bytes: Uint8Array | undefined, maxBytes: number): Uint8Array {
  if (bytes === undefined || bytes.length === 0) return EMPTY;
  if (bytes.length === maxBytes || bytes[bytes.length - 1] === 0) {
    bytes[bytes.length - 1] = 0;
    return bytes;
  }
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  return ended;
}

function readComm(folder: string): Uint8Array {
  const bytes = readBytes(`${folder}/comm`, 64);
  if (bytes === undefined) return EMPTY;
  return bytes.slice(0, bytes[bytes.length - 1] === NEWLINE ? -1 : undefined);
}

function withSlash(path: Uint8Array): Uint8Array {
  if (path.length === 0 || path[path.length - 1] === SLASH) return path.slice();
  const ended = new Uint8Array(path.length + 1);
  ended.set(path);
  ended[path.length] = SLASH;
  return ended;
}

/** A kernel without audit has no such file; a user who never logged in has 4294967295. */
function readLoginuid(folder: string): number {
  const bytes = readBytes(`${folder}/loginuid`, 32);
  const text = bytes === undefined ? "" : latin1.decode(bytes).trim();
  return /^\d{1,10}$/.test(text) ? Number(text) >>> 0 : NEVER_SET;
}
