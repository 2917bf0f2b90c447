// The values that a field can have, where a table knows them.
// In: a field's name as written. Out: words with a remark. Elsewhere: the tables (schema/).

import {
  CAPABILITY_NAMES,
  ERRNO_NAMES,
  EVENTS,
  fieldByName,
  flagTable,
  SIGNAL_NAMES,
  SYSCALLS,
} from "../../schema/mod.ts";
import { SOURCES } from "../../rules/mod.ts";

export interface KnownValue {
  readonly value: string;
  readonly detail: string;
}

const words = (detail: string, values: Iterable<string>): KnownValue[] =>
  [...new Set(values)].filter((value) => value !== "").map((value) => ({ value, detail }));

const EVENT_NAMES = words("event type", EVENTS.map(({ name }) => name));
const SYSCALL_NAMES = words("system call", SYSCALLS.map(({ name }) => name));
const ERRNOS = words("error number", ERRNO_NAMES.values());
const CAPABILITIES = words("capability", CAPABILITY_NAMES);
const SIGNALS = words("signal", SIGNAL_NAMES);

const FIXED: Readonly<Record<string, () => readonly KnownValue[]>> = {
  "evt.type": () => mostUsedFirst([...EVENT_NAMES, ...words("event type", ["container"])]),
  "syscall.type": () => SYSCALL_NAMES,
  "evt.res": () => [...words("the call did what it should", ["SUCCESS"]), ...ERRNOS],
  "evt.rawres": () => [],
  "evt.dir": () => [{ value: "<", detail: "the end of a call; all events are" }],
  "evt.category": () => words("category", EVENTS.map(({ category }) => category)),
  "evt.source": () => words("event source", SOURCES),
  "fd.type": () =>
    words(
      "kind of fd",
      ["file", "directory", "ipv4", "ipv6", "unix", "pipe", "event", "signalfd", "eventpoll", "inotify"],
    ),
  "fd.typechar": () => words("kind of fd", ["f", "4", "6", "u", "p", "e", "s", "l", "i", "o"]),
  "fd.l4proto": () => words("protocol", ["tcp", "udp", "icmp", "raw"]),
  "container.type": () => words("container runtime", ["docker", "cri-o", "containerd", "podman", "lxc"]),
  "container.id": () => [{ value: "host", detail: "no container" }],
  "ka.verb": () =>
    words("verb", ["create", "get", "list", "watch", "update", "patch", "delete", "deletecollection"]),
};

/** With or without what is in its brackets. */
export function valuesOf(name: string): readonly KnownValue[] {
  const plain = name.replace(/\[.*$/, "");
  if (Object.hasOwn(FIXED, plain)) return FIXED[plain]!();
  if (/^thread\.cap_/.test(plain)) return CAPABILITIES;
  const parameter = /^evt\.(?:raw)?arg\.(\w+)$/.exec(plain)?.[1];
  if (parameter !== undefined) return parameterValues(parameter);
  return fieldByName(plain)?.type === "bool" || plain.startsWith("evt.type.is.")
    ? words("", ["true", "false"])
    : [];
}

function parameterValues(name: string): KnownValue[] {
  const params = EVENTS.flatMap(({ params }) => params).filter((param) => param.name === name);
  const values = params.flatMap((param) => {
    const table = param.flagTable === undefined ? undefined : flagTable(param.flagTable);
    if (table !== undefined) {
      return words(
        param.flagTable!.replaceAll("_", " "),
        table.entries.map(([flag]) => flag),
      );
    }
    if (param.type === "sigtype") return SIGNALS;
    return param.type === "errno" || name === "res" ? ERRNOS : [];
  });
  return [...new Map(values.map((value) => [value.value, value])).values()];
}

/** Those that nearly every rule is about. */
const USUAL = [
  "open",
  "openat",
  "openat2",
  "execve",
  "execveat",
  "connect",
  "accept",
  "clone",
  "rename",
  "unlink",
];

function mostUsedFirst(values: KnownValue[]): KnownValue[] {
  const rank = ({ value }: KnownValue) => USUAL.includes(value) ? 0 : 1;
  return [...new Map(values.map((value) => [value.value, value])).values()].sort((a, b) => rank(a) - rank(b));
}
