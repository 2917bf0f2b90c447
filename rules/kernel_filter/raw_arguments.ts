// Parameters of events that are a plain function of one argument of the call: the atoms over scalar arguments.
// In: tables of flags. Out: for each such parameter where its argument is, and which value of the parameter an argument gives.
// The probe computes the same when it builds the event (probe/syscalls/); a live test compares both for each value.
// Elsewhere: what follows for rules (argument_clauses.ts). Not here are parameters that need memory, users or other processes,
// and arguments of calls that are always reported (clone, setuid).

import { CURRENT_EVENTS, flagTable, type ParamDef, SIGNAL_NAMES } from "../../schema/mod.ts";

export interface RawArgument {
  readonly event: string;
  /** position of the parameter in the event */
  readonly position: number;
  readonly param: ParamDef;
  /** position of the argument in the call */
  readonly at: number;
  /** bits of the argument that count; with one above the 32nd set nothing is decided */
  readonly mask: number;
  readonly kind: "number" | "flags";
  /** numbers: arguments that have another value than themselves, or a name */
  readonly values: ReadonlyMap<number, number>;
  /** numbers: the value of all other arguments; absent: themselves */
  readonly otherwise?: number;
  /** flags: bits of the argument, each with the bits of the parameter that it sets */
  readonly bits: ReadonlyMap<number, number>;
}

const ALL_BITS = 0xffff_ffff;
const BYTE = 0xff;

type Shape = Partial<Pick<RawArgument, "mask" | "values" | "otherwise" | "bits">>;

function argument(event: string, name: string, at: number, shape: Shape = {}): RawArgument {
  const def = CURRENT_EVENTS.find((one) => one.name === event && one.direction === "exit");
  const position = def?.params.findIndex((param) => param.name === name) ?? -1;
  const param = def?.params[position];
  if (param === undefined) throw new Error(`Cannot filter: the schema lacks ${name} of ${event}`);
  const bits = shape.bits ?? new Map<number, number>();
  const isFlags = bits.size > 0;
  return {
    event,
    position,
    param,
    at,
    mask: isFlags ? unionOf(bits.keys()) : ALL_BITS,
    kind: isFlags ? "flags" : "number",
    values: namedValues(param),
    ...shape,
    bits,
  };
}

/** Arguments with a name of their own, where they are the kernel's numbers. */
function namedValues({ type, flagTable: table }: ParamDef): ReadonlyMap<number, number> {
  if (type === "sigtype") return new Map(SIGNAL_NAMES.keys().map((number) => [number, number]));
  return new Map((table === undefined ? [] : entriesOf(table)).map(([, value]) => [value, value]));
}

function entriesOf(table: string): readonly (readonly [string, number])[] {
  const found = flagTable(table);
  if (found === undefined) throw new Error(`Cannot filter: there is no table ${table}`);
  return found.entries;
}

export function unionOf(numbers: Iterable<number>): number {
  return [...numbers].reduce((all, one) => all | one, 0) >>> 0;
}

/** What the parameter is where the argument is this. */
export function parameterOf({ kind, mask, bits, values, otherwise }: RawArgument, argument: number): number {
  const raw = (argument & mask) >>> 0;
  if (kind === "number") return values.get(raw) ?? otherwise ?? raw;
  return unionOf([...bits].filter(([bit]) => (raw & bit) !== 0).map(([, value]) => value));
}

/** `NAME=argument …` with names of the table; hexadecimal where it begins with 0x. */
function numbered(table: string, prefix: string, words: string): ReadonlyMap<number, number> {
  const values = new Map(entriesOf(table));
  return new Map(
    words.trim().split(/\s+/).map((word) => {
      const [name = "", raw] = word.split("=");
      const value = values.get(prefix + name);
      if (value === undefined) throw new Error(`Cannot filter: ${table} has no ${prefix}${name}`);
      return [Number(raw), value];
    }),
  );
}

/** The bits of these names are the kernel's own. */
function sameBits(table: string, only = ALL_BITS): ReadonlyMap<number, number> {
  return new Map(
    entriesOf(table).filter(([, bit]) => bit !== 0 && (bit & only) >>> 0 === bit).map((
      [, bit],
    ) => [bit, bit]),
  );
}

/** Numbers that mean nothing to the probe (schema/flag_table.ts has no name for them) count as 0. */
const FAMILIES = new Map(
  Array.from({ length: BYTE + 1 }, (_, family) => [
    family,
    family > 39 || family === 27 || family === 28 ? 0 : family,
  ]),
);

const PTRACE_REQUESTS = numbered(
  "ptrace_requests",
  "PTRACE_",
  `TRACEME=0 PEEKTEXT=1 PEEKDATA=2 PEEKUSR=3 POKETEXT=4 POKEDATA=5 POKEUSR=6 CONT=7 KILL=8 SINGLESTEP=9
   GETREGS=12 SETREGS=13 GETFPREGS=14 SETFPREGS=15 ATTACH=16 DETACH=17 GETFPXREGS=18 SETFPXREGS=19 OLDSETOPTIONS=21
   SYSCALL=24 GET_THREAD_AREA=25 SET_THREAD_AREA=26 ARCH_PRCTL=30 SYSEMU=31 SYSEMU_SINGLESTEP=32 SINGLEBLOCK=33
   SETOPTIONS=0x4200 GETEVENTMSG=0x4201 GETSIGINFO=0x4202 SETSIGINFO=0x4203 GETREGSET=0x4204 SETREGSET=0x4205
   SEIZE=0x4206 INTERRUPT=0x4207 LISTEN=0x4208 PEEKSIGINFO=0x4209 GETSIGMASK=0x420a SETSIGMASK=0x420b`,
);

const FCNTL_COMMANDS = numbered(
  "fcntl_commands",
  "F_",
  `DUPFD=0 GETFD=1 SETFD=2 GETFL=3 SETFL=4 GETLK=5 SETLK=6 SETLKW=7 SETOWN=8 GETOWN=9 SETSIG=10 GETSIG=11
   GETLK64=12 SETLK64=13 SETLKW64=14 SETOWN_EX=15 GETOWN_EX=16 OFD_GETLK=36 OFD_SETLK=37 OFD_SETLKW=38
   SETLEASE=1024 GETLEASE=1025 NOTIFY=1026 CANCELLK=1029 DUPFD_CLOEXEC=1030 SETPIPE_SZ=1031 GETPIPE_SZ=1032`,
);

/** Those of unshare and setns; names that clone alone or Falco itself gives have no argument. */
const NAMESPACES = numbered(
  "clone_flags",
  "CLONE_",
  `FILES=0x400 FS=0x200 IO=0x80000000 NEWIPC=0x08000000 NEWNET=0x40000000 NEWNS=0x00020000 NEWPID=0x20000000
   NEWUTS=0x04000000 PARENT=0x8000 PARENT_SETTID=0x100000 PTRACE=0x2000 SIGHAND=0x800 SYSVSEM=0x40000 THREAD=0x10000
   UNTRACED=0x800000 VM=0x100 NEWUSER=0x10000000 SETTLS=0x80000 CHILD_CLEARTID=0x200000 CHILD_SETTID=0x01000000
   VFORK=0x4000 NEWCGROUP=0x02000000`,
);

const PROTECTION = numbered(
  "prot_flags",
  "PROT_",
  "READ=1 WRITE=2 EXEC=4 SEM=8 GROWSDOWN=0x01000000 GROWSUP=0x02000000",
);

const PERMISSIONS = sameBits("chmod_mode");

export const RAW_ARGUMENTS: readonly RawArgument[] = [
  argument("socket", "domain", 0, { mask: BYTE, values: FAMILIES }),
  argument("prctl", "option", 0),
  argument("ptrace", "request", 0, { values: PTRACE_REQUESTS, otherwise: 0 }),
  argument("bpf", "cmd", 0),
  argument("fcntl", "cmd", 1, { values: FCNTL_COMMANDS, otherwise: 0 }),
  argument("kill", "sig", 1, { mask: BYTE }),
  argument("tkill", "sig", 1, { mask: BYTE }),
  argument("tgkill", "sig", 2, { mask: BYTE }),
  argument("unshare", "flags", 0, { bits: NAMESPACES }),
  argument("setns", "nstype", 1, { bits: NAMESPACES }),
  argument("mount", "flags", 3, { bits: sameBits("mount_flags") }),
  argument("umount2", "flags", 1, { bits: sameBits("umount_flags") }),
  argument("chmod", "mode", 1, { bits: PERMISSIONS }),
  argument("fchmod", "mode", 1, { bits: PERMISSIONS }),
  argument("fchmodat", "mode", 2, { bits: PERMISSIONS }),
  argument("mprotect", "prot", 2, { bits: PROTECTION }),
  argument("unlinkat", "flags", 2, { bits: sameBits("unlinkat_flags") }),
  argument("renameat2", "flags", 4, { bits: sameBits("renameat2_flags") }),
  argument("ioctl", "request", 1),
  argument("seccomp", "op", 0),
  argument("keyctl", "operation", 0),
];
