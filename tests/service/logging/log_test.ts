import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { createLog, type LogOptions, singleLine } from "../../../service/logging/log.ts";
import { StderrLines } from "../../../service/logging/stderr_lines.ts";

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

Deno.test("a message cannot inject an escape sequence; its further lines are indented, so that none can be forged", () => {
  const { lines, log } = capture({});
  log("warning", "one\x1b[2J\ntwo\n");
  equal(lines.length, 2);
  match(lines[0] ?? "", /Warning one\ufffd\[2J$/);
  match(lines[1] ?? "", /Warning {3}two$/);
});

Deno.test("what strangers say is one line, without line breaks of any kind, escapes or turns of direction, and bounded", () => {
  const { lines, log } = capture({});
  const hostile = "1.0\r\nMon Nov 30 01:00:00 2026: Critical forged\u2028x\u0085y\x1b[2J\u202ez\ufeff\x00";
  singleLine(log)("warning", `engine ${hostile}`);
  equal(lines.length, 1);
  doesNotMatch(lines[0] ?? "", /[\p{Cc}\u2028\u2029\u202e\ufeff]/u);
  log("warning", "x".repeat(1 << 20));
  equal((lines[1] ?? "").length < 5000, true);
  match(lines[1] ?? "", /… \(\d+ more characters\)$/);
  log("error", "y\n".repeat(10_000));
  equal(lines.length < 300, true);
  match(lines.at(-1) ?? "", /… 9800 more lines$/);
});

Deno.test("a reader of standard error that stops costs lines, which are counted and told, and blocks nobody; one that is gone ends nothing", async () => {
  const written: string[] = [];
  let gate = Promise.withResolvers<void>();
  const stream = {
    async write(bytes: Uint8Array) {
      await gate.promise;
      written.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
    writeSync: (bytes: Uint8Array) => bytes.length,
  };
  const stderr = new StderrLines(stream);
  stderr.stopWaiting();
  for (let number = 0; number < 3000; number++) stderr.write(`${number} ${"x".repeat(1000)}`);
  equal(await stderr.drain(10), false);
  gate.resolve();
  equal(await stderr.drain(10_000), true);
  stderr.write("after");
  await stderr.drain(10_000);
  match(written.join(""), /\n\d+ lines of the log were dropped: nobody read standard error\nafter\n$/);

  gate = Promise.withResolvers<void>();
  gate.promise.catch(() => {});
  gate.reject(new Deno.errors.BrokenPipe("gone"));
  stderr.write("nobody reads this");
  equal(await stderr.drain(10_000), true);
  stderr.write("nor this");
});

Deno.test("while falco monitors, the log goes to syslog as well, unless that is switched off or cannot be reached", () => {
  const sent: string[] = [];
  const lines: string[] = [];
  const options = { level: "info", isoTime: false, enabled: true, syslog: true } as const;
  const syslog = { send: (message: string) => void sent.push(message) };
  const log = createLog(options, (line) => lines.push(line), syslog);
  log("info", "before");
  log.monitors?.();
  log("warning", "two\nlines");
  log.configure?.({ ...options, syslog: false });
  log("info", "after");
  deepEqual(sent.map((message) => message.replace(/[A-Z][a-z]{2} .\d .{8}/, "TIME")), [
    "<12>TIME falco: two",
    "<12>TIME falco:   lines",
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

Deno.test("in the journal a line has its severity and no time, and is there once however many ways lead to it", () => {
  const options = { level: "info", isoTime: false, enabled: true, syslog: true } as const;
  for (
    const [journal, chosen, line, inSyslog] of [
      [{ stderr: true, syslog: true }, options, "<4>Warning x", 0],
      [{ stderr: true, syslog: false }, options, "<4>Warning x", 1],
      [{ stderr: true, syslog: true }, { ...options, enabled: false }, undefined, 1],
    ] as const
  ) {
    const lines: string[] = [];
    const sent: string[] = [];
    const syslog = { send: (message: string) => void sent.push(message) };
    const log = createLog(chosen, (text) => lines.push(text), syslog, journal);
    log.monitors?.();
    log("warning", "x");
    deepEqual(lines, line === undefined ? [] : [line]);
    equal(sent.length, inSyslog);
  }
});
