// The programs of the probe: which are attached, and which call leads to which of the others.
// In: names of system calls (schema/syscalls.ts). Out: PROBE_PROGRAMS, programs by number, the bytes of the map
// `.data.interest`.
// Elsewhere: the programs themselves (probe/syscalls), loading and attaching them (sources/live).
//
// hook "attach"      attached always
//      "exit"        found by the dispatcher of returns in the map `exit_programs`, by the call's number on x86-64
//      "tracepoint"  attached to the tracepoint of its call, on kernels where raw tracepoints cannot be used and these can
//      "dispatcher"  attached elsewhere, and sees every call of the machine at entry
//      "enter"       found by the dispatcher in the map `enter_programs`
//      "canary"      found by the dispatcher of returns in the map `exit_programs`, in a place that no call has
// Where the kernel preempts programs of raw tracepoints, those of "attach" and "dispatcher" hang on the tracepoint of perf
// that is named here (sources/live/preemption.ts).
// Programs of the hooks "exit" and "enter" must not be attached, although their section would allow it.

import { PROBE_LIMITS } from "./layout.ts";
import { ownParam } from "./own_params.ts";
import { syscallByName, SYSCALLS } from "./syscalls.ts";
import { IA32_TO_X86_64 } from "./syscalls_ia32.ts";

export type ProbeHook = "attach" | "exit" | "tracepoint" | "dispatcher" | "enter" | "canary";

export interface ProbeProgram {
  readonly program: string;
  readonly hook: ProbeHook;
  readonly syscalls: readonly string[];
  /** tracepoint of perf, "group/name" */
  readonly tracepoint?: string;
  /** true: only with the kernel's filter; false: only without */
  readonly filters?: boolean;
}

/** Serves every call that has no program of its own. */
export const GENERIC_PROGRAM = "x_generic";

const ATTACHED = {
  process_exec: "sched/sched_process_exec",
  process_exit: "sched/sched_process_exit",
  process_fork: "sched/sched_process_fork",
} as const;

/** Calls with an exit program of their own, which is called x_ and the name. */
const EXIT_CALLS = `
  open openat openat2 creat open_by_handle_at
  close close_range dup dup2 dup3 fcntl pipe pipe2
  memfd_create eventfd eventfd2 signalfd signalfd4 timerfd_create inotify_init inotify_init1 epoll_create
  epoll_create1 io_uring_setup io_uring_enter io_uring_register pidfd_open pidfd_getfd
  socket socketpair getsockopt setsockopt getsockname getpeername
  connect bind listen accept accept4 shutdown
  sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg
  read write pread64 pwrite64 readv writev preadv pwritev process_vm_readv process_vm_writev
  execve execveat fork vfork clone clone3
  chdir fchdir chroot getcwd rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir mkdir
  mkdirat mknod mknodat
  chmod fchmod fchmodat chown lchown fchown fchownat
  mount umount2 setns unshare fsconfig quotactl
  setuid setgid setreuid setregid setresuid setresgid getuid geteuid getgid getegid getresuid getresgid setsid
  setpgid capset prctl
  ptrace bpf init_module finit_module delete_module seccomp userfaultfd keyctl
  kill tkill tgkill prlimit64 setrlimit getrlimit
  stat lstat fstat newfstatat access lseek getdents getdents64 ioctl flock sendfile splice copy_file_range
  mmap munmap brk mprotect mlock munlock mlock2 mlockall munlockall
  poll ppoll select epoll_wait nanosleep futex semop semget semctl
`.trim().split(/\s+/);

/** The call by which falco makes sure that events come through; always reported. */
export const CANARY_CALL = "prctl";
export const CANARY_PROGRAM = "x_canary";

/** Calls that can be reported at entry too; the programs are called e_ and t_ and the name. */
const ENTER_CALLS = ["open", "creat", "openat", "openat2", "connect", "close"];

/** Every program, and the calls that lead to it. */
export const PROBE_PROGRAMS: readonly ProbeProgram[] = [
  ...Object.entries(ATTACHED).map(([program, tracepoint]) => ({
    program,
    hook: "attach" as const,
    syscalls: [],
    tracepoint,
  })),
  ...dispatchers("attach", "exit"),
  ...EXIT_CALLS.map((name) => ({ program: `x_${name}`, hook: "exit" as const, syscalls: [name] })),
  { program: GENERIC_PROGRAM, hook: "exit", syscalls: genericCalls() },
  ...ENTER_CALLS.map((name) => ({
    program: `t_${name}`,
    hook: "tracepoint" as const,
    syscalls: [name],
    tracepoint: `syscalls/sys_enter_${name}`,
  })),
  ...dispatchers("dispatcher", "enter"),
  ...ENTER_CALLS.map((name) => ({ program: `e_${name}`, hook: "enter" as const, syscalls: [name] })),
  { program: CANARY_PROGRAM, hook: "canary", syscalls: [] },
];

/** The programs that see every call of the machine, with the filter and without it. */
function dispatchers(hook: ProbeHook, direction: "enter" | "exit"): ProbeProgram[] {
  return [false, true].map((filters) => ({
    program: `${filters ? "filter" : "dispatch"}_${direction}`,
    hook,
    syscalls: [],
    tracepoint: `raw_syscalls/sys_${direction}`,
    filters,
  }));
}

/** Whether only the filter needs the program (probe/lib/filter.bpf.h). */
export function isOfFilter({ hook, syscalls, filters }: ProbeProgram): boolean {
  return filters === true || (hook !== "exit" && syscalls[0] === "close");
}

function genericCalls(): string[] {
  const own = new Set(EXIT_CALLS);
  return SYSCALLS.filter((call) => call.x86_64 !== null && !own.has(call.name)).map((call) => call.name);
}

/** Number of a call in the tables of the probe, or undefined when x86-64 does not have it. */
function tableIndex(name: string): number | undefined {
  const number = syscallByName(name)?.x86_64;
  return number === null || number === undefined || number >= PROBE_LIMITS.MAX_SYSCALLS ? undefined : number;
}

/** Program by table index, for the table `exit_programs` or `enter_programs`. */
export function programTable(hook: "exit" | "enter"): Map<number, string> {
  const table = new Map<number, string>();
  for (const { program, hook: of, syscalls } of PROBE_PROGRAMS) {
    if (of !== hook) continue;
    for (const name of syscalls) {
      const index = tableIndex(name);
      if (index !== undefined) table.set(index, program);
    }
  }
  return table;
}

/**
 * The value of the map `.data.interest`: the calls to report at return and at entry, by name. The numbers that
 * 32-bit programs use for the same calls are included. Calls that the probe cannot report are left out.
 * @param withRealpath files that are opened are reported with the path that the kernel resolved
 */
export function interestBytes(
  exitCalls: Iterable<string>,
  enterCalls: Iterable<string>,
  withRealpath = false,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PROBE_LIMITS.MAX_SYSCALLS);
  const mark = (names: Iterable<string>, hook: "exit" | "enter", bit: number) => {
    const programs = programTable(hook);
    for (const name of names) {
      const index = tableIndex(name);
      if (index !== undefined && programs.has(index)) bytes[index]! |= bit;
    }
  };
  mark(exitCalls, "exit", PROBE_LIMITS.INTEREST_EXIT);
  mark(enterCalls, "enter", PROBE_LIMITS.INTEREST_ENTER);
  if (withRealpath) {
    for (const { exitEvent, x86_64 } of SYSCALLS) {
      if (exitEvent === null || x86_64 === null || ownParam(exitEvent)?.name !== "realpath") continue;
      bytes[x86_64]! |= 1 << PROBE_LIMITS.INTEREST_REALPATH_SHIFT;
    }
  }

  const addIa32 = (number: number, native: number) => {
    if (number >= bytes.length || native < 0) return;
    if (bytes[native]! & PROBE_LIMITS.INTEREST_EXIT) bytes[number]! |= PROBE_LIMITS.INTEREST_IA32_EXIT;
    if (bytes[native]! & PROBE_LIMITS.INTEREST_ENTER) bytes[number]! |= PROBE_LIMITS.INTEREST_IA32_ENTER;
  };
  IA32_TO_X86_64.forEach((native, number) => addIa32(number, native));
  for (const name of SOCKETCALLS) addIa32(IA32_SOCKETCALL, tableIndex(name) ?? -1);
  return bytes;
}

/** Closes that are reported are seen at their entry, too: there the filter sees what is closed. */
export function withClosesAtEntry(interest: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { INTEREST_EXIT, INTEREST_ENTER, INTEREST_IA32_EXIT, INTEREST_IA32_ENTER } = PROBE_LIMITS;
  const bytes = interest.slice();
  const native = tableIndex("close")!;
  if (bytes[native]! & INTEREST_EXIT) bytes[native]! |= INTEREST_ENTER;
  IA32_TO_X86_64.forEach((number, at) => {
    if (number === native && bytes[at]! & INTEREST_IA32_EXIT) bytes[at]! |= INTEREST_IA32_ENTER;
  });
  return bytes;
}

/** Old 32-bit programs make all calls about sockets through one number. */
const IA32_SOCKETCALL = 102;
const SOCKETCALLS = [
  ...["socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "sendto"],
  ...[
    "recvfrom",
    "shutdown",
    "setsockopt",
    "getsockopt",
    "sendmsg",
    "recvmsg",
    "accept4",
    "recvmmsg",
    "sendmmsg",
  ],
];
