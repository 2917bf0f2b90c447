// What is known of the values that fields can have: names of 15 bytes, absolute paths, words of a table.
// In: a field, an operator and a value. Out: why the check never holds, or nothing.
// Elsewhere: the words of flags (flag_values.ts), what is told (impossible_value.ts).

import { didYouMean } from "../../base/mod.ts";
import { ERRNO_NAMES, SYSCALLS } from "../../schema/mod.ts";
import type { CheckedCheck } from "../check/checked.ts";
import { encodeText } from "../text/utf8.ts";
import type { Value } from "../syntax/ast.ts";
import type { Impossible } from "./flag_values.ts";

type Operator = CheckedCheck["operator"];
/** @param others all values of the check */
type Evaluate = (value: string, operator: Operator, others: readonly Value[]) => Impossible | undefined;
export type Verdict = (value: string, others: readonly Value[]) => Impossible | undefined;

const EQUALITY: readonly Operator[] = ["=", "!=", "in", "intersects"];
const PARTS: readonly Operator[] = ["startswith", "endswith", "contains", "icontains"];

const MAX_SHOWN = 6;
const COMM_BYTES = 15;
const CONTAINER_ID_CHARACTERS = 12;

/** Kernel threads report longer names than the 15 bytes of comm, some with a slash. */
const KERNEL_THREAD =
  /^(kworker|ksoftirqd|migration|irq|rcu|cpuhp|scsi|jbd2|xfs|md|dm|nvme|ext4|btrfs|watchdog)/;

/** What files of rules call their lists. */
const LIST_NAME = /^[a-z]+(_[a-z0-9]+)*_(binaries|processes|procs|programs|tools|list|names|images)$/;

/** @param prefix of the fields of the same process: `proc.p` */
const comm = (prefix: string): Evaluate => (value, operator, others) => {
  if (KERNEL_THREAD.test(value) || value === "N/A") return undefined;
  const isEquality = EQUALITY.includes(operator);
  if (value.includes("/")) {
    if (/\s/.test(value)) {
      return { why: "it is the name alone", hint: `compare \`${prefix}cmdline\` with a command line` };
    }
    const name = value.slice(value.lastIndexOf("/") + 1);
    return {
      why: "it is the name alone, without a folder",
      hint: isEquality && name !== ""
        ? `compare with \`${name.slice(0, COMM_BYTES)}\`, or compare \`${prefix}exepath\` with the path`
        : `compare \`${prefix}exepath\` with a path`,
    };
  }
  const cut = value.slice(0, COMM_BYTES);
  if (encodeText(value).length <= COMM_BYTES) return undefined;
  if (isEquality && others.some(({ text }) => text === cut)) return undefined;
  if (LIST_NAME.test(value)) {
    return { why: "no list has this name, and no process can", hint: "define the list, or correct its name" };
  }
  return {
    why: `the kernel keeps ${COMM_BYTES} characters of a process's name`,
    hint: operator === "endswith" ? undefined : `compare with \`${cut}\``,
  };
};

/** A word with or without folders that is neither a socket's nor a kernel object's name. */
const RELATIVE = /^\.{0,2}[A-Za-z_][\w.+-]*(\/[^:>]*)?$/;
const NO_FILE = /^(memfd|pipe|socket|anon|localhost|[0-9a-fA-F]*$)/;

const absolute = (instead: string): Evaluate => (value, operator) => {
  if (operator === "endswith" || operator === "contains" || operator === "icontains") return undefined;
  if (!RELATIVE.test(value) || NO_FILE.test(value) || value === "<NA>") return undefined;
  const isPath = value.includes("/");
  return {
    why: "it is a whole path, which begins with a slash",
    hint: isPath
      ? `write \`/${value.replace(/^\.{0,2}\/?/, "")}\``
      : operator === "startswith"
      ? undefined
      : `write \`endswith /${value}\`${instead}`,
  };
};

const amongst = (known: readonly string[]): Evaluate => (value, operator) => {
  const lower = value.toLowerCase();
  switch (operator) {
    case "startswith":
      return known.some((name) => name.startsWith(value)) ? undefined : noneLike(operator, value);
    case "endswith":
      return known.some((name) => name.endsWith(value)) ? undefined : noneLike(operator, value);
    case "contains":
      return known.some((name) => name.includes(value)) ? undefined : noneLike(operator, value);
    case "icontains":
      return known.some((name) => name.toLowerCase().includes(lower)) ? undefined : noneLike(operator, value);
  }
  if (known.includes(value)) return undefined;
  const why = known.length > MAX_SHOWN ? "there is no such value" : `it is one of ${known.join(", ")}`;
  return { why, hint: didYouMean(value, known) };
};

function noneLike(operator: Operator, value: string): Impossible {
  return { why: `no value of it ${operator} \`${value}\`` };
}

/** Only for comparisons with a whole value. */
const whole = (evaluate: (value: string) => Impossible | undefined): Evaluate => (value, operator) =>
  EQUALITY.includes(operator) ? evaluate(value) : undefined;

const number = (instead: string): Evaluate =>
  whole((value) =>
    /^\d+$/.test(value) ? { why: "it is a name, not a number", hint: `compare \`${instead}\`` } : undefined
  );

const FD_TYPES = [
  ..."file directory ipv4 ipv6 unix pipe event signalfd eventpoll inotify timerfd netlink bpf".split(" "),
  ..."userfaultfd io_uring memfd pidfd unsupported unknown ipv4sock ipv6sock ipv4serv ipv6serv".split(" "),
];
const CATEGORIES = [
  ..."file net IPC ipc memory process sleep system signal user time processing wait scheduler internal".split(
    " ",
  ),
  ..."syscall tracepoint plugin meta other unknown".split(" "),
];

const FIELDS: Readonly<Record<string, Evaluate>> = {
  ...Object.fromEntries(
    ["proc.", "proc.p", "proc.a", "proc.s", "proc.vpgid.", "proc.pgid."]
      .map((prefix) => [`${prefix}name`, comm(prefix === "proc.s" ? "proc.sid." : prefix)]),
  ),
  ...Object.fromEntries(
    ["proc.exepath", "proc.pexepath", "proc.aexepath", "proc.sid.exepath", "proc.vpgid.exepath"]
      .map((name) => [name, absolute(", or compare the process's name")]),
  ),
  ...Object.fromEntries(
    ["fd.name", "fs.path.name", "fs.path.source", "fs.path.target", "evt.abspath"]
      .map((name) => [name, absolute("")]),
  ),
  "evt.res": (value, operator, others) =>
    /^-?\d+$/.test(value)
      ? { why: "it is SUCCESS or the name of an error", hint: "compare `evt.rawres` with a number" }
      : amongst(["SUCCESS", ...ERRNO_NAMES.values()])(value, operator, others),
  "syscall.type": whole((value) => amongst(SYSCALLS.map(({ name }) => name))(value, "=", [])),
  "fd.type": (value, operator, others) =>
    ["tcp", "udp"].includes(value.toLowerCase())
      ? { why: "it is the kind of file or socket", hint: `compare \`fd.l4proto = ${value.toLowerCase()}\`` }
      : amongst(FD_TYPES)(value, operator, others),
  "fd.l4proto": whole((value) => amongst(["tcp", "udp", "icmp", "raw"])(value, "=", [])),
  "fd.sockfamily": whole((value) => amongst(["ip", "unix"])(value, "=", [])),
  "evt.dir": whole((value) => amongst(["<", ">"])(value, "=", [])),
  "evt.category": amongst(CATEGORIES),
  "evt.io_dir": amongst(["read", "write"]),
  "ka.stage": amongst(["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]),
  "user.name": number("user.uid"),
  "user.loginname": number("user.loginuid"),
  "group.name": number("group.gid"),
  "fd.directory": (value, operator) =>
    EQUALITY.includes(operator) && value.length > 1 && value.endsWith("/")
      ? {
        why: "a directory is given without a slash at its end",
        hint: `write \`${value.replace(/\/+$/, "")}\``,
      }
      : absolute("")(value, operator, []),
  "proc.cwd": (value, operator) =>
    EQUALITY.includes(operator) && value.startsWith("/") && !value.endsWith("/")
      ? { why: "the working directory ends with a slash", hint: `write \`${value}/\`` }
      : absolute("")(value, operator, []),
  "fd.filename": (value) =>
    value.includes("/")
      ? { why: "it is the last part of a path", hint: "compare `fd.name` with the whole path" }
      : undefined,
  "container.id": whole((value) =>
    value.length > CONTAINER_ID_CHARACTERS
      ? {
        why: `it is the first ${CONTAINER_ID_CHARACTERS} characters of the id`,
        hint: `write \`${value.slice(0, CONTAINER_ID_CHARACTERS)}\`, or compare \`container.full_id\``,
      }
      : undefined
  ),
  "container.image.repository": whole((value) => {
    const [, name, rest] = /^(.*?[^/:@]*)([:@][^/]*)$/.exec(value) ?? [];
    return rest === undefined
      ? undefined
      : { why: "it has neither tag nor digest", hint: `write \`${name}\`, or compare \`container.image\`` };
  }),
};

/** Nothing where a field can have any value. */
export function verdictOfField(field: string, operator: Operator): Verdict | undefined {
  const evaluate = FIELDS[field];
  if (evaluate === undefined || !EQUALITY.includes(operator) && !PARTS.includes(operator)) return undefined;
  return (value, others) => evaluate(value, operator, others);
}
