import { equal } from "node:assert/strict";
import { compileTemplate } from "../../alerts/template.ts";
import type { OutputField } from "../../rules/check/checked.ts";
import { alert, int, MISSING, outputField, rule, STYLE, template, text } from "../outputs/samples.ts";
import { createAlertFormatter } from "../../alerts/alert_formatter.ts";

const PLAIN = { base64: false };

Deno.test("fields are filled in, a missing one as <NA>", () => {
  const render = compileTemplate(template("user=%user.name uid=%user.uid tty=%proc.tty"), PLAIN);
  equal(render([text("root"), int(0n), MISSING]), "user=root uid=0 tty=<NA>");
});

Deno.test("a width pads and truncates, also <NA>, and never cuts a character apart", () => {
  const render = compileTemplate(template("[%6proc.name|%3user.name|%4fd.name]"), PLAIN);
  equal(render([text("bash"), MISSING, text("aé😀😀x")]), "[bash  |<NA|aé😀😀]");
});

Deno.test("a value cannot inject a line or an escape sequence: the line of text has escapes", () => {
  const print = createAlertFormatter([rule(template("cmd=%proc.cmdline"))], STYLE);
  equal(
    print(alert([text('a\nCritical "fake"\x1b]0;x\x07\x9b1m')])).split("Warning ")[1],
    String.raw`cmd=a\nCritical \"fake\"\u001b]0;x\u0007\u009b1m`,
  );
});

Deno.test("byte buffers are printable characters and dots, or base64", () => {
  const bytes = {
    kind: "bytes" as const,
    value: new Uint8Array([0x47, 0x45, 0x54, 0, 10, 0x7e, 0x7f, 0xff]),
  };
  equal(compileTemplate(template("%evt.buffer"), PLAIN)([bytes]), "GET..~..");
  equal(compileTemplate(template("%evt.buffer"), { base64: true })([bytes]), "R0VUAAp+f/8=");
});

Deno.test("numbers follow their field's format; lists stand in parentheses; addresses as usual", () => {
  const hex = outputField("evt.flags", { format: "hex", bits: 32 });
  const padded = outputField("evt.latency.ns", { format: "padded dec" });
  const fields: OutputField[] = [
    hex,
    padded,
    outputField("proc.aname"),
    outputField("fd.sip"),
    outputField("fd.cip"),
  ];
  const render = compileTemplate({ fields, parts: fields.flatMap((field) => [field, " "]) }, PLAIN);
  const ip = (...bytes: number[]) => ({ kind: "ip" as const, value: new Uint8Array(bytes) });
  equal(
    render([
      int(-1n),
      int(1234n),
      { kind: "list", value: [text("bash"), text("a\nb")] },
      ip(10, 9, 8, 7),
      ip(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
    ]),
    "FFFFFFFF 000001234 (bash,a\nb) 10.9.8.7 2001:db8::7 ",
  );
});

Deno.test("IPv6 addresses are written as inet_ntop writes them", () => {
  const field = outputField("fd.sip");
  const render = compileTemplate({ fields: [field], parts: [field] }, PLAIN);
  const words = (...list: number[]) => ({
    kind: "ip" as const,
    value: new Uint8Array(list.flatMap((word) => [word >> 8, word & 0xff])),
  });
  const cases: [number[], string][] = [
    [[0, 0, 0, 0, 0, 0, 0, 0], "::"],
    [[0, 0, 0, 0, 0, 0, 0, 1], "::1"],
    [[0xfe80, 0, 0, 0, 1, 0, 0, 1], "fe80::1:0:0:1"],
    [[1, 0, 2, 3, 4, 5, 6, 7], "1:0:2:3:4:5:6:7"],
    [[0, 0, 0, 0, 0, 0xffff, 0x0a09, 0x0807], "::ffff:10.9.8.7"],
    [[0, 0, 0, 0, 0, 0, 0x0a09, 0x0807], "::10.9.8.7"],
    [[0xff02, 0, 0, 0, 0, 0, 0, 0], "ff02::"],
  ];
  for (const [list, expected] of cases) equal(render([words(...list)]), expected);
});

Deno.test("the value of a transformer comes from the matcher; JSON has the plain field only", () => {
  const exe = outputField("proc.exe");
  const upper: OutputField = {
    key: "toupper(proc.exe)",
    operand: { kind: "transformer", name: "toupper", operands: [exe.operand] },
  };
  const loaded = [rule({ fields: [exe, upper], parts: ["exe=", upper] })];
  const at = alert([text("/bin/sh"), text("/BIN/SH")]);
  equal(createAlertFormatter(loaded, STYLE)(at).split(" ")[2], "exe=/BIN/SH");
  const fields = JSON.parse(createAlertFormatter(loaded, { ...STYLE, json: true })(at)).output_fields;
  equal(JSON.stringify(fields), '{"evt.time":0,"proc.exe":"/bin/sh"}');
});

Deno.test("the time field decides the form of a time", () => {
  const render = compileTemplate(template("%evt.time.iso8601 %evt.rawtime"), PLAIN);
  const time = { kind: "time" as const, value: 1_795_299_136_256_366_934n };
  equal(render([time, time]), "2026-11-21T22:12:16.256366934+0000 1795299136256366934");
});

Deno.test("a text line is time, priority and output; with the ISO option the time is UTC with its zone", () => {
  const rules = [rule(template("opened %fd.name"))];
  const at = alert([text("/etc/shadow")], 1_795_299_136_256_366_934n);
  equal(
    createAlertFormatter(rules, { ...STYLE, isoTime: true })(at),
    "2026-11-21T22:12:16.256366934+0000: Warning opened /etc/shadow",
  );
  equal(
    /^\d\d:\d\d:16\.256366934: Warning opened \/etc\/shadow$/.test(createAlertFormatter(rules, STYLE)(at)),
    true,
  );
});
