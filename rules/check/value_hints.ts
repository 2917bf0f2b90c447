// What may be meant by a value that its field cannot have.
// In: the value, the field. Out: a hint, or nothing. Elsewhere: which values fit (values.ts), the findings (check.ts).

import { didYouMean } from "../../base/mod.ts";
import { EVENTS, SYSCALLS } from "../../schema/mod.ts";
import type { TypedOperand } from "./operands.ts";

/** Names that evt.type can have: events, system calls, and what the container engine reports. */
export const EVENT_NAMES: ReadonlySet<string> = new Set([
  ...EVENTS.map((event) => event.name),
  ...SYSCALLS.map((syscall) => syscall.name),
  "container",
  "container_removed",
  "k8s",
]);

export function likelyEvent(name: string): string | undefined {
  const longer = [...EVENT_NAMES].find((known) => name.length > 2 && known.startsWith(name));
  return didYouMean(name, EVENT_NAMES) ?? (longer === undefined ? undefined : `did you mean \`${longer}\`?`);
}

/** Fields that have the name for the number of another. */
const NAMED_BY: Readonly<Record<string, string>> = {
  "user.uid": "user.name",
  "user.loginuid": "user.loginname",
  "group.gid": "group.name",
  "evt.rawres": "evt.res",
};

const NETWORK_OF: Readonly<Record<string, string>> = {
  "fd.ip": "fd.net",
  "fd.sip": "fd.snet",
  "fd.cip": "fd.cnet",
  "fd.lip": "fd.lnet",
  "fd.rip": "fd.rnet",
};

/** Another field that has values of this kind. */
export function byOther({ operand }: TypedOperand, text: string): string | undefined {
  const network = operand.kind === "field" ? NETWORK_OF[operand.field.name] : undefined;
  if (network !== undefined && /^[\da-fA-F.:]+\/\d+$/.test(text)) {
    return `compare \`${network}\` with networks`;
  }
  const named = operand.kind === "field" ? NAMED_BY[operand.field.name] : undefined;
  return named !== undefined && /^([a-z_][\w-]*|E[A-Z0-9]+|SUCCESS)$/.test(text)
    ? `compare the name: \`${named} = ${text}\``
    : undefined;
}

/** What looks like the name of a list is none that is loaded. */
export function absentList(text: string): string | undefined {
  return /^[a-zA-Z]\w*_\w+$/.test(text) ? "no list has this name: define it, or correct its name" : undefined;
}
