// What is made of the console of a kernel that was booted: deno task kernels itself takes minutes and is run by hand.

import assert from "node:assert/strict";
import { RULES, verdictOn } from "../../scripts/kernels/boot.ts";

const CONSOLE = [
  "SeaBIOS\x1b[2J@@kernel 6.1.0-50-amd64",
  "ok       kernel                6.1.0-50-amd64, x86_64",
  "ok       self-test: exec       execve",
  "@@doctor 0",
  ...["off", "auto"].flatMap((
    mode,
  ) => [`@@monitor.${mode} 0`, ...RULES.map((rule) => `@@alert.${mode} ${rule}`)]),
  ...RULES.map((_, i) => `@@resident ${700 + i}`),
  "Sun Nov 22 03:21:38 2026: Informational drops 0",
  "@@integrity wrong 0, opens made 81805, seen 81805, execs 213, lost and counted 0, missing and not counted 0",
  "@@end",
];
const problems = (lines: readonly string[]) => verdictOn(lines.join("\n"), 60).problems;

Deno.test("a boot in which everything happened has no problems", () => {
  assert.deepEqual(problems(CONSOLE), []);
  assert.match(verdictOn(CONSOLE.join("\n"), 60).summary, /^doctor ok \(1 families, 0 warnings\), 12 of 12/);
});

Deno.test("a missing alert, a finding, drops and an early end are problems", () => {
  assert.deepEqual(problems(CONSOLE.filter((line) => !line.includes("Reverse"))), [
    'no alert of "Reverse shell" (kernel filter off)',
    'no alert of "Reverse shell" (kernel filter auto)',
  ]);
  assert.deepEqual(problems(CONSOLE.filter((line) => !line.includes("auto Reverse"))), [
    'no alert of "Reverse shell" (kernel filter auto)',
  ]);
  const failed = CONSOLE.map((line) => line.replace(/^ok {7}self/, "FAIL     self"));
  assert.deepEqual(problems(failed), ["doctor: self-test: exec       execve"]);
  assert.equal(problems(CONSOLE.map((line) => line.replace("drops 0", "drops 10"))).length, 1);
  assert.ok(problems(CONSOLE.slice(0, 3)).includes("the guest ended in the middle"));
  assert.ok(problems(["SeaBIOS"]).includes("the guest did not start"));
  assert.deepEqual(problems(CONSOLE.map((line) => line.replace(/@@resident .*/, "@@resident 0"))), [
    "no memory of processes",
  ]);
  assert.deepEqual(problems(CONSOLE.map((line) => line.replace("@@monitor.auto 0", "@@monitor.auto 1"))), [
    "falco ended with 1",
  ]);
  const stressed = (from: string, to: string) => problems(CONSOLE.map((line) => line.replace(from, to)));
  assert.deepEqual(stressed("wrong 0", "wrong 3"), ["3 events under stress mix two processes"]);
  assert.deepEqual(stressed("not counted 0", "not counted 7"), [
    "7 calls under stress are missing without a count",
  ]);
  assert.deepEqual(stressed("seen 81805", "seen 0"), ["the stress was not seen"]);
});
