// Nothing gets lost: whichever fields an alert has, each value is somewhere in the message.

import { ok } from "node:assert/strict";
import fc from "fast-check";
import { ALERT_FORMATS } from "../../../alerts/formats/index.ts";
import { outgoing } from "./alerts.ts";

const TEXTS = [
  "container.id container.image.digest container.image.repository container.image.tag container.name container.type",
  "evt.arg.path evt.type fd.l4proto fd.typechar fs.path.name group.name k8s.ns.name k8s.pod.name proc.cmdline proc.cwd",
  "proc.exepath proc.name proc.pcmdline proc.pexepath proc.pgid.name proc.pname proc.sid.exepath proc.sname user.name",
].flatMap((line) => line.split(" "));
const NUMBERS = "group.gid proc.pgid proc.pid proc.ppid proc.sid thread.tid user.uid proc.tty".split(" ");

/** No value is part of another. */
const FIELDS: readonly (readonly [key: string, value: string | number])[] = [
  ...TEXTS.map((key, index) => [key, `/text-${index}-end`] as const),
  ...NUMBERS.map((key, index) => [key, 700_001 + index] as const),
  ["fd.cip", "192.0.2.17"],
  ["fd.sip", "192.0.2.28"],
  ["fd.cport", 40_017],
  ["fd.sport", 40_028],
];

for (const name of ["ecs", "ocsf", "cef", "otlp"] as const) {
  Deno.test(`${name}: every value of an alert is in the message, whichever fields there are`, () => {
    fc.assert(fc.property(fc.subarray([...FIELDS]), (chosen) => {
      const fields = Object.fromEntries(chosen.map(([key, value]) => [key, JSON.stringify(value)]));
      const message = ALERT_FORMATS[name](outgoing(fields));
      for (const [key, value] of chosen) ok(message.includes(String(value)), `${key}=${value}: ${message}`);
    }));
  });
}
