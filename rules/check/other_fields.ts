// Fields by the names that other programs have for them, and arguments after a dot.
// In: a name that is no field. Out: the field that it means, or nothing. Elsewhere: names that are misspelt (catalogue.ts).

import { nearestName } from "../../base/mod.ts";

/** Falco says server and client (`fd.sip`, `fd.cip`), where others say destination and source. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "fd.dip": "fd.sip",
  "fd.dport": "fd.sport",
  "fd.daddr": "fd.sip",
  "fd.path": "fd.name",
  "fd.file": "fd.name",
  "fd.proto": "fd.l4proto",
  "fd.protocol": "fd.l4proto",
  "file.name": "fd.name",
  "file.path": "fd.name",
  "evt.name": "evt.type",
  "evt.syscall": "evt.type",
  "event.type": "evt.type",
  "syscall.name": "evt.type",
  "proc.path": "proc.exepath",
  "proc.cmd": "proc.cmdline",
  "proc.command": "proc.cmdline",
  "proc.commandline": "proc.cmdline",
  "proc.parent": "proc.pname",
  "proc.parent.name": "proc.pname",
  "proc.ppid.name": "proc.pname",
  "proc.user": "user.name",
  "proc.uid": "user.uid",
  "user.gid": "group.gid",
  "user.id": "user.uid",
  "container.image.name": "container.image.repository",
  "k8s.namespace": "k8s.ns.name",
  "k8s.namespace.name": "k8s.ns.name",
  "k8s.pod": "k8s.pod.name",
  "k8s.ns": "k8s.ns.name",
};

/** Fields with an argument whose names people write like one field. */
const ARGUMENTS = ["k8s.pod.label", "k8s.ns.label", "proc.env", "container.label"];

/** @param fields all that may be suggested */
export function fieldMeantBy(name: string, fields: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const other = Object.hasOwn(OTHER_NAMES, lower) ? OTHER_NAMES[lower] : undefined;
  if (other !== undefined && fields.includes(other)) return other;
  const env = /^env\.(.+)$/.exec(name)?.[1];
  if (env !== undefined && fields.includes("proc.env")) return `proc.env[${env}]`;
  const whole = ARGUMENTS.find((field) => name.startsWith(`${field}.`));
  if (whole !== undefined && fields.includes(whole)) return `${whole}[${name.slice(whole.length + 1)}]`;
  return nearestField(name, fields);
}

/** Of the same class a slip is one in the part after it: `proc.is_suid_exe` is not `proc.sid.exe`. */
function nearestField(name: string, fields: readonly string[]): string | undefined {
  const family = name.slice(0, name.indexOf(".") + 1);
  const relatives = fields.filter((field) => field.startsWith(family)).map((field) =>
    field.slice(family.length)
  );
  if (family === "" || relatives.length === 0) return nearestName(name, fields);
  const rest = nearestName(name.slice(family.length), relatives);
  if (rest !== undefined) return family + rest;
  const [, last] = /\.([^.]+)$/.exec(name) ?? [];
  return fields.find((field) =>
    !field.startsWith(family) && field.endsWith(`.${last}`) && nearestName(name, [field]) !== undefined
  );
}
