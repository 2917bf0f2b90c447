// Which rules name calls that move data: only these are captured for them.

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

function named(...conditions: string[]): Record<string, readonly string[]> {
  const items = conditions.map((condition, i) =>
    `- rule: ${i}\n  desc: a test\n  condition: ${JSON.stringify(condition)}\n  output: x\n  priority: INFO\n`
  );
  const macros =
    "- list: moves\n  items: [readv, writev]\n- macro: written\n  condition: (evt.type = write)\n";
  const { rules, diagnostics } = loadRules([makeSource("rules.yaml", macros + items.join(""))]);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  const rows = compileRules(rules, { matching: "all" }).namedIo;
  return Object.fromEntries(rows.map(({ event, rules }) => [event, rules]));
}

Deno.test("a rule names a call by its type, in a list, by a macro, and below alternatives", () => {
  assert.deepEqual(
    named("written and proc.name = a", "evt.type in (moves)", "evt.type = close or evt.type=sendfile"),
    {
      write: ["0"],
      readv: ["1"],
      writev: ["1"],
      sendfile: ["2"],
    },
  );
  assert.deepEqual(named("evt.type.is.pwrite = 1", "evt.type startswith pread"), {
    pwrite: ["0"],
    pread: ["1"],
    preadv: ["1"],
  });
});

Deno.test("a rule that asks for reads or writes as a kind names all of them", () => {
  const writes = Object.keys(named("evt.is_io_write = true and fd.name startswith /etc/"));
  assert.ok(writes.includes("write") && writes.includes("pwritev") && !writes.includes("read"));
  assert.deepEqual(Object.keys(named("evt.io_dir = read")).includes("read"), true);
});

Deno.test("a rule that matches a call without naming it, excludes it, or cannot match it does not ask for it", () => {
  assert.deepEqual(
    named(
      "fd.name startswith /etc/",
      "evt.type != execve and proc.name = a",
      "not evt.type in (read, execve)",
      "evt.type exists and proc.name = a",
      "evt.type = write and evt.type = close",
      "not (evt.type = close or not proc.name = a)",
    ),
    {},
  );
});
