// Values that a field never has: a name of more characters than the kernel keeps, a type that there is not.
// In: checks. Out: a warning for each such value, once for all checks that use it through a list.
// Elsewhere: names of events that there are not, which are errors (check/check.ts).

import type { Check, Value } from "../syntax/ast.ts";
import type { CheckedCheck } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../../base/mod.ts";
import { bytesOf } from "../check/values.ts";
import { short } from "../yaml/decode.ts";

interface Impossible {
  readonly why: string;
  readonly hint?: string;
}

type Evaluate = (value: string, others: ReadonlySet<string>) => Impossible | undefined;

const MAX_SHOWN = 6;
const COMM_BYTES = 15;
const CONTAINER_ID_CHARACTERS = 12;

/** Kernel threads report longer names than the 15 characters of comm. */
const KERNEL_THREAD = /^(kworker|ksoftirqd|migration|irq|rcu|cpuhp|scsi|jbd2|xfs|md|dm|nvme)[/_-]/;

const FD_TYPES = [
  ..."file directory ipv4 ipv6 unix pipe event signalfd eventpoll inotify timerfd netlink bpf".split(" "),
  ..."userfaultfd io_uring memfd pidfd unsupported unknown ipv4sock ipv6sock ipv4serv ipv6serv".split(" "),
];

const comm: Evaluate = (value, others) => {
  const length = new TextEncoder().encode(value).length;
  const cut = value.slice(0, COMM_BYTES);
  if (length <= COMM_BYTES || KERNEL_THREAD.test(value) || others.has(cut)) return undefined;
  return {
    why: `the kernel keeps ${COMM_BYTES} characters of a process's name`,
    hint: `compare with \`${cut}\``,
  };
};

const amongst = (known: readonly string[]): Evaluate => (value) => {
  if (known.includes(value)) return undefined;
  const why = known.length > MAX_SHOWN ? "there is no such value" : `it is one of ${known.join(", ")}`;
  const hint = didYouMean(value, known);
  return hint === undefined ? { why } : { why, hint };
};

const EQUALITY: Readonly<Record<string, Evaluate>> = {
  "proc.name": comm,
  "proc.pname": comm,
  "proc.aname": comm,
  "proc.sname": comm,
  "proc.vpgid.name": comm,
  "proc.pgid.name": comm,
  "fd.type": amongst(FD_TYPES),
  "fd.l4proto": amongst(["tcp", "udp", "icmp", "raw"]),
  "fd.sockfamily": amongst(["ip", "unix"]),
  "evt.dir": amongst(["<", ">"]),
  "evt.io_dir": amongst(["read", "write"]),
  "ka.stage": amongst(["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]),
  "fd.directory": (value) =>
    value.length > 1 && value.endsWith("/")
      ? {
        why: "a directory is given without a slash at its end",
        hint: `write \`${value.replace(/\/+$/, "")}\``,
      }
      : undefined,
  "proc.cwd": (value) =>
    value.startsWith("/") && !value.endsWith("/")
      ? { why: "the working directory ends with a slash", hint: `write \`${value}/\`` }
      : undefined,
  "fd.filename": (value) =>
    value.includes("/")
      ? { why: "it is the last part of a path", hint: "compare `fd.name` with the whole path" }
      : undefined,
  "container.id": (value) =>
    value.length > CONTAINER_ID_CHARACTERS
      ? {
        why: `it is the first ${CONTAINER_ID_CHARACTERS} characters of the id`,
        hint: `write \`${value.slice(0, CONTAINER_ID_CHARACTERS)}\`, or compare \`container.full_id\``,
      }
      : undefined,
};

/** Fields all of whose values are known: what can be said of parts of their text. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  "fd.type": FD_TYPES,
};

const PARTS: Partial<Record<CheckedCheck["operator"], (name: string, part: string) => boolean>> = {
  startswith: (name, part) => name.startsWith(part),
  endswith: (name, part) => name.endsWith(part),
  contains: (name, part) => name.includes(part),
  icontains: (name, part) => name.includes(part.toLowerCase()),
};

/** Values that are looked at: a long list can be used by thousands of checks. */
const MAX_LOOKS = 200_000;

export class ImpossibleValues {
  readonly #told = new Set<string>();
  #looks = 0;

  look(check: Check, { left, operator }: CheckedCheck): Diagnostic[] {
    const { right } = check;
    if (left.kind !== "field" || (right?.kind !== "value" && right?.kind !== "list")) return [];
    const { name } = left.field;
    const values = right.kind === "list" ? right.items : [right];
    this.#looks += values.length;
    if (this.#looks > MAX_LOOKS) return [];
    const part = PARTS[operator];
    if (part !== undefined && NAMES[name] !== undefined) {
      return values.flatMap((value) =>
        NAMES[name]!.some((known) => part(known, value.text))
          ? []
          : this.#warn(check, value, { why: `no value of it ${operator} \`${short(value.text)}\`` })
      );
    }
    const compare = EQUALITY[name];
    if (compare === undefined || !["=", "!=", "in", "intersects"].includes(operator)) return [];
    const texts = new Set(values.map(({ text }) => text));
    return values.flatMap((value) => {
      const impossible = value.text === "" || bytesOf(value).length === 0
        ? undefined
        : compare(value.text, texts);
      return impossible === undefined ? [] : this.#warn(check, value, impossible);
    });
  }

  #warn(check: Check, value: Value, { why, hint }: Impossible): Diagnostic[] {
    const { span } = value;
    const key = `${span.source.path}\0${span.start}`;
    if (this.#told.has(key)) return [];
    this.#told.add(key);
    const field = check.left.kind === "field" ? check.left.name : "";
    const inside = span.source === check.span.source && span.start >= check.span.start &&
      span.end <= check.span.end;
    return [
      makeDiagnostic("impossible-value", span, `\`${field}\` is never \`${short(value.text)}\`: ${why}`, {
        hint,
        labels: inside ? [] : [{ span: check.span, message: "compared here" }],
      }),
    ];
  }
}
