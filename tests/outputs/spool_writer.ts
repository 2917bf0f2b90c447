// A program that is killed: gives alerts to an HTTP sink with a spool and says which ones were accepted.
// Arguments: folder of the spool, address of the receiver, first number, how many; 0 only delivers what is left.
// Out: a line with the number of each alert that is in the spool; "empty" when nothing waits any more.

import { defaultSettings } from "../../config/settings.ts";
import { SinkSet } from "../../outputs/sink_set.ts";
import { outgoing } from "./outgoing_alerts.ts";

const [directory = "", url = "", first = "1", count = "0"] = Deno.args;
const sinks = new SinkSet({
  ...defaultSettings(),
  "stdout_output.enabled": false,
  "http_output.enabled": true,
  "http_output.url": url,
  "http_output.batch_max": 7,
  "spool.enabled": true,
  "spool.directory": directory,
}, {
  unbuffered: false,
  waits: false,
  onStdoutClosed: () => {},
  onNews: () => {},
});

const end = Number(first) + Number(count);
for (let number = Number(first); number < end;) {
  const turn: number[] = [];
  for (const limit = number + 1 + Math.random() * 20; number < Math.min(limit, end); number++) {
    sinks.offer(outgoing(number, "Warning", "x".repeat(Math.random() * 500)));
    turn.push(number);
  }
  await sinks.written();
  if ((sinks.spoolStats()?.failures ?? 1n) > 0n) throw new Error(sinks.spoolStats()?.lastError);
  Deno.stdout.writeSync(new TextEncoder().encode(turn.map((accepted) => `${accepted}\n`).join("")));
}
// what a former run has left is known then
await sinks.written();
while (sinks.stats().some(({ queuedMessages }) => queuedMessages > 0)) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await sinks.close(1000);
console.log("empty");
Deno.exit(0);
