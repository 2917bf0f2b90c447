// One thread as the matcher knows it. The main thread of a process (tid == pid) owns what its threads share:
// fd table, working directory, environment. Strings are interned (strings/intern.ts): an address, 0 = none.
// The table of threads is in state/thread_table.ts; what changes a thread is in state/parsers/.

/** Bits of Thread.exeFlags, as the execve event carries them. */
// deno-fmt-ignore
export namespace ExeFlag {
  export const WRITABLE: u32 = 1; export const UPPER_LAYER: u32 = 2; export const FROM_MEMFD: u32 = 4;
  export const LOWER_LAYER: u32 = 8;
}

/** Uid and gid of a thread that was never seen. */
// @ts-ignore: decorator
@inline export const NO_ID: u32 = 0xffffffff;

@unmanaged
export class Thread {
  // first cache line: what each event touches
  /** next in the hash chain of the thread table; 0 ends it */
  next: u32;
  /** main thread of this thread's process; itself for a main thread; 0 when it is not known */
  main: u32;
  /** address of the fd table (state/fd_table.ts); main threads own it, for others use `fdsOf` */
  fds: u32;
  /** driver's clone flags of the thread (CLONE_THREAD, IN_CONTAINER …) and the marks that user space sets */
  flags: u32;
  tid: i64;
  /** process id; -1 for a thread of which only the tid is known */
  pid: i64;
  /** time of the last event, for fields and for the purge of stale threads */
  lastEventNs: u64;
  /** fd that the last event used, -1 = none: what fd.num prints */
  lastFd: i64;
  /** copy of a stored enter event (state/enter.ts); 0 = none */
  enterEvent: u32;
  /** type of the last enter event */
  lastEnterType: u16;
  /** whether the current exit event follows its own enter event */
  enterMatches: u8;
  /** made from the kernel's word when its parent forked; its own clone event has not come yet */
  isForked: u8;
  /** thread group (state/thread_group.ts); 0 for a thread of which only the tid is known */
  group: u32;

  ptid: i64;
  /** session */
  sid: i64;
  /** process group in the thread's own pid namespace, and in the host's */
  vpgid: i64;
  pgid: i64;
  vtid: i64;
  vpid: i64;
  uid: u32;
  gid: u32;
  /** audit uid; 0xFFFFFFFF = never set */
  loginuid: u32;
  /** device number of the controlling terminal; 0 = none */
  tty: u32;
  exeFlags: u32;
  /** children that have not ended (proc.nchilds) */
  childCount: u32;
  comm: u32;
  /** argv[0] */
  exe: u32;
  /** resolved path of the executable */
  exepath: u32;
  /** argv[1..], each ended by NUL */
  args: u32;
  /** each ended by NUL; kept on the main thread */
  env: u32;
  /** ends with a slash; kept on the main thread; 0 is the empty text */
  cwd: u32;
  root: u32;
  /** `subsys=path`, each ended by NUL */
  cgroups: u32;
  /** short id (mostly 12 characters) or 0 for a thread of the host */
  containerId: u32;
  /** links of the thread group and of the family tree; addresses of threads */
  nextInGroup: u32;
  previousInGroup: u32;
  parent: u32;
  firstChild: u32;
  nextSibling: u32;
  previousSibling: u32;
  /** how often the host was asked about it or its files (state/look_up.ts) */
  questions: u32;
  /** the thread that gets the children when this one ends, as the kernel reported; -1 = not known */
  reaperTid: i64;
  fdlimit: i64;
  capInheritable: u64;
  capPermitted: u64;
  capEffective: u64;
  exeIno: u64;
  exeInoCtimeNs: u64;
  exeInoMtimeNs: u64;
  /** proc.exe_ino.ctime_duration_proc_start and …_pidns_start; 0 = not known */
  exeCtimeToCloneNs: u64;
  pidnsStartToExeCtimeNs: u64;
  pidnsInitStartNs: u64;
  /** start of the thread, epoch ns; 0 = not known */
  cloneNs: u64;
  /** last execve, epoch ns; 0 = none seen */
  execNs: u64;
  vmsizeKb: u32;
  vmrssKb: u32;
  vmswapKb: u32;
  pageFaultsMajor: u64;
  pageFaultsMinor: u64;
  /** time of the event before the last */
  previousEventNs: u64;
  /** how long it ran, as far as scheduler events show */
  ranNs: u64;
  /** what the last periodic report said, hundredths of a second of CPU */
  reportedUser: u32;
  reportedSystem: u32;

  // @ts-ignore: decorator
  @inline
  has(tid: i64, _hash: u32): bool {
    return this.tid == tid;
  }
}

/** All of an enter event that waits for its exit event, but for `isForked`, which lies behind it. */
// @ts-ignore: decorator
@inline const ENTERED: u64 = 0x00ffffffffffffff;

/** Whether an enter event of the thread waits for its exit event. */
// @ts-ignore: decorator
@inline
export function awaitsExit(thread: Thread): bool {
  return (load<u64>(changetype<usize>(thread), offsetof<Thread>("enterEvent")) & ENTERED) != 0;
}

/** Whether only the tid of the thread is known: its fields print <NA>, it has neither group nor parent. */
// @ts-ignore: decorator
@inline
export function isUnknown(thread: Thread): bool {
  return thread.tid < 0 || thread.pid < 0 || thread.ptid < 0;
}
