// Alerts on their way out for the tests of formats: one made by hand, those that Falco wrote of recorded runs, and
// hostile ones.

import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import type { OutgoingAlert } from "../../../alerts/alert_facts.ts";
import { RECORDINGS } from "../../support/recordings.ts";
import { PRIORITIES, type Priority } from "../../../base/priority.ts";

const RUNS = ["net", "container", "files", "procs", "kernel", "privileged"];

export function outgoing(fields: Record<string, string>, more: Partial<OutgoingAlert> = {}): OutgoingAlert {
  const message = "Shell in container (user=root cmd=bash -i)";
  return {
    sequence: 7n,
    timeNs: 1_781_092_931_123_456_789n,
    rule: "Shell in container",
    priority: "Warning",
    source: "syscall",
    tags: ["T1059.004", "container", "mitre_execution", "shell"],
    hostname: "node1",
    message,
    text: `14:02:11.123456789: Warning ${message}`,
    json: "{}",
    fields: Object.entries(fields),
    ...more,
  };
}

/** A shell in a pod, with what the suggested output adds. */
export const SHELL = outgoing({
  "container.id": '"3ad7b26ded6d"',
  "container.image.repository": '"docker.io/nginx"',
  "container.image.tag": '"1.27"',
  "container.name": '"web"',
  "evt.res": '"SUCCESS"',
  "evt.time": "1781092931123456789",
  "evt.type": '"execve"',
  "k8s.ns.name": '"shop"',
  "k8s.pod.name": '"web-1"',
  "proc.aname[2]": "null",
  "proc.cmdline": '"bash -i"',
  "proc.cwd": '"/root"',
  "proc.exe_ino.ctime": "1781092900000000001",
  "proc.exepath": '"/usr/bin/bash"',
  "proc.name": '"bash"',
  "proc.pid": "4242",
  "proc.pname": '"nginx"',
  "proc.ppid": "4200",
  "proc.tty": "34816",
  "user.name": '"root"',
  "user.uid": "0",
});

export function recordedAlerts(): OutgoingAlert[] {
  return RUNS.flatMap((run) => readLines(`${run}.all.all.jsonl`)).map((line, index) => {
    const alert = JSON.parse(line) as {
      hostname: string;
      output: string;
      priority: Priority;
      rule: string;
      source: string;
      tags: string[];
      output_fields: Record<string, unknown>;
    };
    const [, nanoseconds = "0"] = /"evt\.time":([0-9]+)/.exec(line) ?? [];
    return outgoing({}, {
      ...alert,
      sequence: BigInt(index + 1),
      timeNs: BigInt(nanoseconds),
      text: alert.output,
      message: alert.output.replace(/^\S+ \S+ /, ""),
      fields: Object.entries(alert.output_fields).map(([key, value]) => [
        key,
        key === "evt.time" ? nanoseconds : JSON.stringify(value),
      ]),
    });
  });
}

function readLines(name: string): string[] {
  const bytes = Deno.readFileSync(new URL(`${name}.gz`, RECORDINGS));
  return gunzipSync(bytes).toString("utf8").split("\n").filter((line) => line.startsWith("{"));
}

const HOSTILE_TEXT = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("\n", "\r", "|", "=", "\\", '"', "\u2028", "\u0085", "\x1b", "a", " ", "->"),
  }),
);

const KEY = fc.oneof(
  fc.constantFrom("fd.name", "proc.pid", "proc.cmdline", "container.id", "evt.type", "user.uid", "__proto__"),
  HOSTILE_TEXT,
);

const VALUE = fc.oneof(
  HOSTILE_TEXT.map((text) => JSON.stringify(text)),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.constantFrom("null", "true", "1.5", "1.0", '["a",12345678901234567890]'),
);

/** Whatever a rules file, a process name or a path could bring. */
export const hostileAlert: fc.Arbitrary<OutgoingAlert> = fc.record({
  rule: HOSTILE_TEXT,
  priority: fc.constantFrom(...PRIORITIES),
  source: HOSTILE_TEXT,
  tags: fc.array(HOSTILE_TEXT, { maxLength: 4 }),
  hostname: HOSTILE_TEXT,
  message: HOSTILE_TEXT,
  timeNs: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fields: fc.uniqueArray(fc.tuple(KEY, VALUE), { selector: ([key]) => key, maxLength: 8 }),
}).map((more) => outgoing({}, { ...more, text: more.message }));
