// What authors of tests mistake: one diagnostic for one cause, with what to write instead.

import assert from "node:assert/strict";
import { testsOf } from "./test_folder.ts";

/** The messages and hints of a file. */
async function said(file: string): Promise<string[]> {
  const { text, run } = await testsOf(file);
  assert.deepEqual(run.results, [], "nothing runs");
  return text.split("\n").filter((line) => /^error|= help:/.test(line)).map((line) => line.trim());
}

const caseOf = (lines: string) => `cases:\n  - name: a\n${lines.replace(/^/gm, "    ")}\n`;

Deno.test("a key that is misspelt is told once, and not missed as well", async () => {
  assert.deepEqual(await said(caseOf("events: [openat /x]\nexpects: nothing")), [
    "error[unknown-key]: the key `expects` means nothing in a case",
    "= help: did you mean `expect`?",
  ]);
  assert.deepEqual(await said("tests:\n  - name: a\n    events: []\n    expect: nothing\n"), [
    "error[unknown-key]: the key `tests` means nothing in a test file",
    "= help: did you mean `cases`?",
  ]);
});

Deno.test("keys in the wrong place are sent to where they belong", async () => {
  for (
    const [lines, hint] of [
      ["in: host\nevents: [openat /x]\nexpect: nothing", "`in` belongs to the process: `process: {in: …}`"],
      ["events: [openat /x]\nexpect: nothing\nfields: {}", "`fields` belongs under `expect`"],
      [
        "process: {name: a, container: {image: b}}\nevents: [openat /x]\nexpect: nothing",
        "write `in: {container: …}`",
      ],
    ] as const
  ) assert.deepEqual((await said(caseOf(lines))).slice(1), [`= help: ${hint}`]);
});

Deno.test("a rules file, and cases without their key, are told from tests", async () => {
  assert.match(
    (await said("- rule: A\n  desc: d\n")).join(),
    /this is a rules file: name the file of its tests/,
  );
  assert.match((await said("- name: a\n  events: []\n")).join(), /write `cases:` before the list/);
});

Deno.test("values that are none of their parameter: what to write", async () => {
  for (
    const [event, message, hint] of [
      ["connect 10.0.0.1", "`10.0.0.1` is no address", "add the port: 10.0.0.1:443"],
      ["connect fd00::1", "`fd00::1` is no address", "add the port: [fd00::1]:443"],
      [
        "connect db.example.com:5432",
        "`db.example.com:5432` is no address",
        "write the address of the host; `hosts` gives it its name",
      ],
      [
        "write /x hello",
        "`/x` is no file descriptor",
        "write a number, stdin, stdout, stderr, or `last` for what the process has opened last, by `openat` for instance",
      ],
      [
        "ptrace ATTACH 5",
        "`ATTACH` is no value of the parameter `request`",
        "did you mean `PTRACE_ATTACH`?",
      ],
      ["chmod /x u+s", "`u+s` is no value of the parameter `mode`", "write it in octal digits: 04755"],
    ] as const
  ) {
    assert.deepEqual(await said(caseOf(`events: ["${event}"]\nexpect: nothing`)), [
      `error[invalid-test]: ${message}`,
      `= help: ${hint}`,
    ]);
  }
});
