// Alerts on their way out, numbered, for the tests of queues, the spool and sinks of this host; and how to wait for
// what happens elsewhere.

import type { SinkMessage } from "../../outputs/sink.ts";
import type { OutgoingAlert } from "../../alerts/alert_facts.ts";
import type { Priority } from "../../base/priority.ts";

export function outgoing(number: number, priority: Priority = "Warning", padding = ""): OutgoingAlert {
  return {
    sequence: BigInt(number),
    timeNs: 1_795_299_136_256_366_934n,
    rule: "R",
    priority,
    source: "syscall",
    tags: ["t"],
    hostname: "node1",
    message: `alert ${number}${padding}`,
    fields: [["evt.num", String(number)]],
    text: `22:12:16.256366934: ${priority} alert ${number}${padding}`,
    json: JSON.stringify({ output: `alert ${number}${padding}`, n: number }),
  };
}

export function messages(...numbers: number[]): SinkMessage[] {
  return numbers.map((number) => ({ alert: outgoing(number), body: `alert ${number}`, redelivered: false }));
}

/** Only what hangs takes so long. */
const HANG_MS = 60_000;

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + HANG_MS;
  while (!await holds()) {
    if (performance.now() > endMs) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
