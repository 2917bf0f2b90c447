// A program that gives many alerts to standard output, a file and an HTTP server at once.
// Arguments: how many, the file, the server. Out: the lines; on standard error what became of them, as JSON.

import { defaultSettings } from "../../config/settings.ts";
import { AlertOutput } from "../../service/run/alert_output.ts";
import { alert, rule, template, text } from "../outputs/samples.ts";

const [count = "0", filename = "", url = ""] = Deno.args;
const output = new AlertOutput({
  rules: [rule(template("opened %fd.name by %proc.name"))],
  settings: {
    ...defaultSettings(),
    "json_output": true,
    "file_output.enabled": true,
    "file_output.filename": filename,
    "http_output.enabled": true,
    "http_output.url": url,
    "http_output.batch_max": 100,
  },
  unbuffered: false,
  onClosed: (error) => console.error(error.message),
});
const startedMs = performance.now();
for (let number = 1; number <= Number(count); number++) {
  output.take(alert([text(`/tmp/${number}`), text("sh")], BigInt(number)));
  if (number % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
const takenMs = performance.now() - startedMs;
await output.settled();
await output.close(1000);
const sinks = Object.fromEntries(
  output.sinkStats().map((
    { name, delivered, dropped },
  ) => [name, { delivered: Number(delivered), dropped: Object.keys(dropped) }]),
);
console.error(JSON.stringify({ takenMs, doneMs: performance.now() - startedMs, sinks }));
Deno.exit(0);
