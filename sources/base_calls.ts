// Which system calls are reported besides those that rules name, as base_syscalls says.
// In: the calls of the rules, and the settings. Out: all calls that are reported, but for reads and writes of data.
// Elsewhere: the calls of the rules, reads and writes (live/interest.ts).

import { isStateSyscall, type SyscallDef, SYSCALLS } from "../schema/mod.ts";

export interface BaseCalls {
  /** in place of the calls that the state needs; with `!`, calls that are left out */
  readonly custom: readonly string[];
  /** of the calls that the state needs only those without which processes would be wrong, and what the rules need */
  readonly repair: boolean;
}

/** Without them nothing would be known of processes. */
const PROCESS_CALLS = [
  ...[
    "clone",
    "clone3",
    "fork",
    "vfork",
    "execve",
    "execveat",
    "chdir",
    "fchdir",
    "chroot",
    "capset",
    "prctl",
  ],
  ...["setuid", "setgid", "setresuid", "setresgid", "setpgid", "setsid"],
];
const NETWORK_CALLS = [
  ...[
    "accept",
    "accept4",
    "bind",
    "connect",
    "getpeername",
    "getsockname",
    "getsockopt",
    "listen",
    "recvfrom",
  ],
  ...[
    "recvmsg",
    "recvmmsg",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "setsockopt",
    "shutdown",
    "socket",
    "socketpair",
  ],
];
const SERVER_CALLS = ["accept", "accept4", "listen"];

export function withBaseCalls(
  ruleCalls: readonly SyscallDef[],
  { custom, repair }: BaseCalls,
): ReadonlySet<SyscallDef> {
  const added = callsOf(custom.filter((name) => !name.startsWith("!")));
  const removed = callsOf(custom.filter((name) => name.startsWith("!")).map((name) => name.slice(1)));
  const base = added.length > 0 ? added : repair ? [] : SYSCALLS.filter(({ sc }) => isStateSyscall(sc));
  const chosen = new Set([...ruleCalls, ...base]);
  if (repair && added.length === 0) addNeeded(chosen);
  for (const call of removed) chosen.delete(call);
  // what was left out comes back where the rest would be wrong without it
  if (repair && custom.length > 0) addNeeded(chosen);
  return chosen;
}

function addNeeded(chosen: Set<SyscallDef>): void {
  const names = new Set([...chosen].map(({ name }) => name));
  const needed = [...PROCESS_CALLS];
  if (NETWORK_CALLS.some((name) => names.has(name))) needed.push("socket", "getsockopt");
  if (SERVER_CALLS.some((name) => names.has(name))) needed.push("bind");
  // all other calls have to do with files or sockets, whose numbers are used again
  if ([...names].some((name) => !PROCESS_CALLS.includes(name))) needed.push("close");
  for (const call of callsOf(needed)) chosen.add(call);
}

function callsOf(names: readonly string[]): SyscallDef[] {
  return SYSCALLS.filter(({ name }) => names.includes(name));
}

/** Names in base_syscalls.custom_set that are no calls. */
export function unknownCalls(custom: readonly string[]): string[] {
  const known = new Set(SYSCALLS.map(({ name }) => name));
  return custom.map((name) => name.replace(/^!/, "")).filter((name) => !known.has(name));
}
