// System calls: Falco's number, the kernel's number, the event that reports them, and the sets from which the
// probe's interest is chosen.
// In: syscall_table.ts, the flags of schema/events.ts. Out: SYSCALLS, look-ups, isStateSyscall, isHighVolumeIo.
// Elsewhere: 32-bit numbers (schema/syscalls_ia32.ts), which set a run uses (sources/, service/).

import { EVENT_FLAGS, EVENTS } from "./events.ts";
import { SYSCALL_TABLE } from "./syscall_table.ts";
import type { SyscallDef } from "./types.ts";

function parse(line: string): SyscallDef {
  const [sc, name = "", native, exit, enter] = line.split(" ");
  return {
    name: name === "-" ? "" : name,
    sc: Number(sc),
    x86_64: native === "-" ? null : Number(native),
    exitEvent: exit === "-" ? null : Number(exit),
    ...(enter === undefined ? {} : { enterEvent: Number(enter) }),
  };
}

/** Every call; the position is Falco's number. 0 and unused numbers have no call: their name says so or is empty. */
export const SYSCALLS: readonly SyscallDef[] = SYSCALL_TABLE.trim().split("\n").map(parse);

const byName = new Map(
  SYSCALLS.filter((call) => call.sc !== 0 && call.name !== "").map((call) => [call.name, call]),
);
const byNumber = new Map(SYSCALLS.filter((call) => call.x86_64 !== null).map((call) => [call.x86_64!, call]));

export function syscallByName(name: string): SyscallDef | undefined {
  return byName.get(name);
}

/** The call with this number in the kernel's x86-64 table. */
export function syscallByNumber(number: number): SyscallDef | undefined {
  return byNumber.get(number);
}

/** The calls (and tracepoints) that make the event of this code. */
export function syscallsOfEvent(code: number): readonly SyscallDef[] {
  return SYSCALLS.filter((call) => call.exitEvent === code || call.enterEvent === code);
}

/** Calls that Falco always selects although their events do not change any state. */
const KEPT_WITHOUT_STATE: ReadonlySet<string> = new Set(["setrlimit", "prlimit64"]);

function modifiesState(code: number | null | undefined): boolean {
  return code !== null && code !== undefined &&
    ((EVENTS[code]?.flags ?? 0) & EVENT_FLAGS.MODIFIES_STATE) !== 0;
}

/** Whether the tables of processes and open files are wrong without this call. */
export function isStateSyscall(sc: number): boolean {
  const call = SYSCALLS[sc];
  if (call === undefined) return false;
  return modifiesState(call.exitEvent) || modifiesState(call.enterEvent) || KEPT_WITHOUT_STATE.has(call.name);
}

/** Reads and writes that carry no state: not captured unless base_syscalls.all asks for them. */
export function isHighVolumeIo(sc: number): boolean {
  const exit = SYSCALLS[sc]?.exitEvent;
  const category = exit === null || exit === undefined ? "unknown" : EVENTS[exit]!.category;
  return (category === "io_read" || category === "io_write") && !isStateSyscall(sc);
}
