import { deepEqual, equal, match } from "node:assert/strict";
import { createLog, type LogOptions } from "../../service/log.ts";

function capture(options: Partial<LogOptions>) {
  const lines: string[] = [];
  const log = createLog(
    { level: "info", isoTime: false, enabled: true, ...options },
    (line) => lines.push(line),
  );
  return { lines, log };
}

Deno.test("a log line is time, level and message", () => {
  const { lines, log } = capture({});
  log("info", "watching");
  match(lines[0] ?? "", /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4}: Informational watching$/);
  const iso = capture({ isoTime: true });
  iso.log("error", "x");
  match(iso.lines[0] ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000: Error x$/);
});

Deno.test("less severe messages than the level are left out", () => {
  const { lines, log } = capture({ level: "warning" });
  for (const level of ["debug", "info", "notice", "warning", "error", "emergency"] as const) {
    log(level, level);
  }
  deepEqual(lines.map((line) => line.split(" ").pop()), ["warning", "error", "emergency"]);
  const off = capture({ enabled: false });
  off.log("emergency", "x");
  equal(off.lines.length, 0);
});

Deno.test("a message cannot inject an escape sequence; each of its lines is a log line", () => {
  const { lines, log } = capture({});
  log("warning", "one\x1b[2J\ntwo\n");
  equal(lines.length, 2);
  match(lines[0] ?? "", /Warning one\ufffd\[2J$/);
  match(lines[1] ?? "", /Warning two$/);
});

Deno.test("while falco monitors, the log goes to syslog as well, unless that is switched off or cannot be reached", () => {
  const sent: string[] = [];
  const lines: string[] = [];
  const options = { level: "info", isoTime: false, enabled: true, syslog: true } as const;
  const log = createLog(options, (line) => lines.push(line), { send: (message) => sent.push(message) });
  log("info", "before");
  log.monitors?.();
  log("warning", "two\nlines");
  log.configure?.({ ...options, syslog: false });
  log("info", "after");
  deepEqual(sent.map((message) => message.replace(/[A-Z][a-z]{2} .\d .{8}/, "TIME")), [
    "<12>TIME falco: two",
    "<12>TIME falco: lines",
  ]);
  equal(lines.length, 4);
  const unreachable = createLog(options, (line) => lines.push(line), {
    send: () => {
      throw new Error("nobody listens");
    },
  });
  unreachable.monitors?.();
  unreachable("info", "x");
  equal(lines.length, 5);
});
