// What the log says about rules that name calls of high volume, and what is captured of these.

import { deepEqual, equal, match } from "node:assert/strict";
import { defaultSettings, type Settings } from "../../../config/settings.ts";
import { compileRules } from "../../../rules/compile.ts";
import { loadRules } from "../../../rules/load.ts";
import { makeSource } from "../../../rules/text/source.ts";
import { ioCalls, tellIoCalls } from "../../../service/loading/io_calls.ts";

const rule = (name: string, condition: string) =>
  `- rule: ${name}\n  desc: a test\n  condition: ${condition}\n  output: x\n  priority: INFO\n`;

function told(text: string, changed: Partial<Settings> = {}): string[] {
  const compiled = compileRules(loadRules([makeSource("rules.yaml", text)]).rules, { matching: "all" });
  const lines: string[] = [];
  tellIoCalls(
    compiled,
    { ...defaultSettings(), ...changed },
    (level, line) => lines.push(`${level}: ${line}`),
  );
  return lines;
}

Deno.test("base_syscalls.named_io: rules that name calls of high volume cost time, or do not fire as in Falco", () => {
  const settings = defaultSettings();
  equal(ioCalls(settings), "named");
  equal(ioCalls({ ...settings, "base_syscalls.named_io": false }), "none");
  equal(ioCalls({ ...settings, "base_syscalls.named_io": false, "base_syscalls.all": true }), "all");

  const rules = ["a", "b", "c", "d"].map((name) => rule(name, "evt.type in (write, read)")).join("");
  const [cost, ...others] = told(rules);
  match(cost!, /^notice: rules name calls of high volume: read, write \("a", "b", "c" and 1 more\)\. /);
  deepEqual(others, []);
  match(
    cost!,
    /call on this host that the kernel's filter cannot leave out \(falco list filters\) is reported/,
  );
  match(told(rules, { "engine.kernel_filter": "off" })[0]!, /call on this host is reported/);
  const [warning] = told(rules, { "base_syscalls.named_io": false });
  match(warning!, /^warning: rules name calls that are not reported: read, write \("a", .* as in Falco/);
  const custom = told(rules, { "base_syscalls.custom_set": ["!read"] });
  match(custom[0]!, /high volume: write \(/);
  match(custom[1]!, /not reported: read \(/);
});

Deno.test("rules that name send or recv hear that no program makes these calls", () => {
  const [line, ...others] = told(rule("a", "evt.type = send and fd.sport = 25"));
  match(line!, /^warning: .*does not have: send \("a"\)\..*sendto/);
  deepEqual(others, []);
});

Deno.test("nothing is said about other rules", () => {
  deepEqual(told(rule("a", "evt.type in (sendto, openat)") + rule("b", "proc.name = x")), []);
});
