// Which Falco events a Sigma log source is about, and which fields of Falco hold what its fields mean.
// In: nothing. Out: the table; docs/import-sigma.md shows it. Elsewhere: how values are compared (check.ts).
//
// Several fields for one: any of them may hold the value.

export type FieldKind = "text" | "ip" | "port" | "number" | "host" | "initiated";

export interface FieldTarget {
  readonly kind: FieldKind;
  readonly fields: readonly string[];
}

export interface LogSource {
  /** which events these are, as a condition */
  readonly events: string;
  readonly fields: Readonly<Record<string, FieldTarget>>;
  /** what keywords without a field are looked for in */
  readonly keywords?: FieldTarget;
  /** what an alert prints */
  readonly output: string;
}

const text = (...fields: string[]): FieldTarget => ({ kind: "text", fields });
const number = (field: string): FieldTarget => ({ kind: "number", fields: [field] });

const STARTED = "evt.type in (execve, execveat) and evt.res = SUCCESS";
const PROCESS =
  "process=%proc.name command=%proc.exeline exe=%proc.exepath parent=%proc.pname user=%user.name";

const ACTOR: Readonly<Record<string, FieldTarget>> = {
  Image: text("proc.exepath"),
  CommandLine: text("proc.exeline"),
  CurrentDirectory: text("proc.cwd"),
  User: text("user.name"),
  ProcessId: number("proc.pid"),
  ParentImage: text("proc.pexepath"),
  ParentCommandLine: text("proc.pcmdline", "proc.pexe"),
  ParentProcessId: number("proc.ppid"),
};

/** By Sigma's category. */
export const CATEGORIES: Readonly<Record<string, LogSource>> = {
  process_creation: { events: STARTED, fields: ACTOR, keywords: text("proc.exeline"), output: PROCESS },
  file_event: {
    events: "evt.type in (open, openat, openat2, creat) and evt.is_open_write = true and fd.num >= 0",
    fields: { ...ACTOR, TargetFilename: text("fd.name") },
    keywords: text("fd.name"),
    output: `file=%fd.name ${PROCESS}`,
  },
  network_connection: {
    events: "evt.type = connect and fd.typechar in (4, 6) and (evt.rawres >= 0 or evt.res = EINPROGRESS)",
    fields: {
      ...ACTOR,
      DestinationIp: { kind: "ip", fields: ["fd.sip"] },
      DestinationPort: { kind: "port", fields: ["fd.sport"] },
      DestinationHostname: { kind: "host", fields: ["fd.sip.name"] },
      SourceIp: { kind: "ip", fields: ["fd.cip"] },
      SourcePort: { kind: "port", fields: ["fd.cport"] },
      Protocol: text("fd.l4proto"),
      Initiated: { kind: "initiated", fields: ["evt.type"] },
    },
    output: `connection=%fd.name ${PROCESS}`,
  },
};

/** Words of the command line: a0 is the program as it was called. */
const WORDS: Readonly<Record<string, FieldTarget>> = Object.fromEntries(
  Array.from({ length: 32 }, (_, at) => [`a${at}`, text(at === 0 ? "proc.exe" : `proc.args[${at - 1}]`)]),
);

const WHO: Readonly<Record<string, FieldTarget>> = {
  comm: text("proc.name"),
  exe: text("proc.exepath"),
  cwd: text("proc.cwd"),
  pid: number("proc.pid"),
  ppid: number("proc.ppid"),
  uid: number("user.uid"),
  euid: number("user.uid"),
  auid: number("user.loginuid"),
};

const TOUCHED = "evt.type in (open, openat, openat2, creat, unlink, unlinkat, rename, renameat, renameat2, " +
  "mkdir, mkdirat, rmdir, link, linkat, symlink, symlinkat, chmod, fchmodat)";

/** By the type of auditd's record. */
export const RECORDS: Readonly<Record<string, LogSource>> = {
  EXECVE: {
    events: STARTED,
    fields: { ...WORDS, ...WHO },
    keywords: text("proc.exeline"),
    output: PROCESS,
  },
  PATH: {
    events: `${TOUCHED} and evt.failed = false`,
    fields: { ...WHO, name: text("fs.path.name") },
    keywords: text("fs.path.name"),
    output: `file=%fs.path.name call=%evt.type ${PROCESS}`,
  },
  /** of a rule that names no call: what a program does begins with its start */
  SYSCALL: {
    events: STARTED,
    fields: WHO,
    keywords: text("proc.exeline"),
    output: `call=%evt.type ${PROCESS}`,
  },
};
