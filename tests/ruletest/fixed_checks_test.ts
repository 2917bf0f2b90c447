// Which checks coverage leaves out, and why.

import assert from "node:assert/strict";
import { coverageOf } from "../../ruletest/coverage/coverage.ts";
import { testsOf } from "./test_folder.ts";

async function notCounted(condition: string): Promise<string[]> {
  const rules = `
- list: none
  items: []
- macro: contained
  condition: (container.id exists and container.id != host)
- macro: shell
  condition: (proc.name = sh and proc.tty != 0)
- rule: R
  desc: a test
  condition: ${condition}
  output: x
  priority: INFO
`;
  const tests = "cases: [{name: a, events: [openat /x read], expect: {not_fired: R}}]";
  const { run } = await testsOf(tests, rules, {}, { coverage: true });
  assert.deepEqual(run.diagnostics, []);
  return coverageOf(run.benches).rules.flatMap(({ checks }) => checks)
    .flatMap(({ leaf, fixed }) => fixed === undefined ? [] : [`${leaf.text}: ${fixed}`]);
}

Deno.test("a check with one possible answer is not counted, and the reason is given", async () => {
  assert.deepEqual(await notCounted("evt.type = open and not (proc.name in (none) and fd.name = /x)"), [
    "proc.name in (none): always false: the list is empty",
    "fd.name = /x: never evaluated: `proc.name in (none)` has decided before",
  ]);
  assert.deepEqual(await notCounted("evt.type = open and proc.name in (none)"), [
    "evt.type = open: not asked: `proc.name in (none)` keeps the rule from firing",
    "proc.name in (none): not asked: `proc.name in (none)` keeps the rule from firing",
  ]);
  assert.deepEqual(await notCounted("evt.type = open and contained and not container.id = host"), [
    "container.id exists: always true: every call is made by a thread, which is in a container or on the host",
    "container.id = host: always false: what comes before has decided it",
  ]);
  assert.deepEqual(
    await notCounted("evt.type = open and not contained and (container.id = host or proc.tty = 1)"),
    [
      "container.id exists: always true: every call is made by a thread, which is in a container or on the host",
      "container.id = host: always true: what comes before has decided it",
      "proc.tty = 1: never evaluated: `container.id = host` has decided before",
    ],
  );
  assert.deepEqual(await notCounted("evt.type = open and not shell and not (shell and fd.name = /x)"), [
    "proc.name = sh: no new answer: `shell` has been asked before",
    "proc.tty != 0: no new answer: `shell` has been asked before",
    "fd.name = /x: never evaluated: `shell` has decided before",
  ]);
});

Deno.test("a check that could have either answer is counted", async () => {
  // not every event has a thread, and a value that is missing is neither equal nor unequal
  assert.deepEqual(await notCounted("container.id exists and evt.num > 1"), []);
  assert.deepEqual(await notCounted("evt.type = open and not fd.name != /x and fd.name = /x"), []);
  assert.deepEqual(
    await notCounted("evt.type = open and (proc.name = a or fd.name = /x) and proc.name = a"),
    [],
  );
});
