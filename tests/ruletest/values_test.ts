// Values of a case that are made of each other, and the rows of its matrix.

import assert from "node:assert/strict";
import { testsOf } from "./test_folder.ts";

Deno.test("values of a case are made of each other, in any order", async () => {
  const { text, statuses, run } = await testsOf(`
cases:
  - name: "\${who.name} reads \${path}"
    with: {path: "\${folder}/shadow", event: {openat: "\${path} read"}, who: {name: "\${name}"}}
    matrix: [{folder: /etc, name: cat}]
    process: "\${who}"
    events: ["\${event}"]
    expect: {rule: Shadow read, fields: {proc.name: cat, fd.name: /etc/shadow}}
  - name: text of a shell
    events: ["spawn sh -c 'cat $\${x}'"]
    expect: {not_fired: Shadow read}
`);
  assert.deepEqual(statuses, ["passed", "passed"], text);
  assert.equal(run.results[0]!.test.name, "cat reads /etc/shadow");
});

Deno.test("values that need themselves, that nothing gives, or that grow without end are mistakes at their place", async () => {
  const doubled = Array.from({ length: 40 }, (_, at) => `v${at}: ["\${v${at + 1}}", "\${v${at + 1}}"]`).join(
    ", ",
  );
  const { text, run } = await testsOf(`
cases:
  - name: circle
    with: {a: "x \${b}", b: "\${a}"}
    events: ["openat \${a} read"]
    expect: nothing
  - name: typing
    with: {path: "\${folder.nme}"}
    matrix: [{folder: {name: /etc}}]
    events: ["openat \${path} read"]
    expect: nothing
  - name: growing
    with: {${doubled}, v40: x}
    process: {name: x, args: "\${v0}"}
    events: ["openat /x read"]
    expect: nothing
`);
  assert.deepEqual(run.results, []);
  assert.match(text, /the value of `\$\{a\}` needs itself\n *--> r\.test\.yaml:4:28/);
  assert.match(text, /nothing gives `\$\{folder\.nme\}` a value\n *--> r\.test\.yaml:8:18/);
  assert.match(text, /the values of this case are too large together\n *--> r\.test\.yaml:13:/);
});

Deno.test("a matrix without rows, and a file without cases, are mistakes: nothing of them would run", async () => {
  const { text } = await testsOf(`
cases:
  - {name: a, matrix: [], events: [fork], expect: nothing}
  - {name: b, matrix: {x: [1], y: []}, events: [fork], expect: nothing}
`);
  assert.match(
    text,
    /the matrix has no row[^]*r\.test\.yaml:3:[^]*the matrix has no row[^]*r\.test\.yaml:4:/,
  );
  assert.match((await testsOf("cases: []\n")).text, /a test file has no `cases`\n *--> r\.test\.yaml:1:8/);
});

Deno.test("rows of a matrix that their case's name does not tell apart are named", async () => {
  const { run } = await testsOf(`
cases:
  - name: open \${path}
    matrix: {path: [/a, /b], how: [read, write]}
    events: ["openat \${path} \${how}"]
    expect: nothing
`);
  assert.equal(run.results[1]!.test.name, "open /a [path=/a, how=write]");
});
