// Tests of rules run: what is written happens in the matcher, and expectations are compared with the alerts that it gives.

import assert from "node:assert/strict";
import { BlockWriter } from "../../scap/block_writer.ts";
import { writeSectionHeader } from "../../scap/section.ts";
import { RULES, testsOf } from "./test_folder.ts";

Deno.test("a case passes when the rules that it names fire, with process, user and container as given", async () => {
  const { text, statuses } = await testsOf(`
cases:
  - name: opened in a container
    process: {name: nginx, user: www-data, in: {container: {image: "nginx:1.27"}}}
    events:
      - openat /etc/shadow read
    expect:
      fired:
        - rule: Shadow read
          times: 1
          priority: warning
          output: read by nginx of containerd-shim (user=www-data container=nginx)
          fields: {evt.type: openat, container.image.tag: "1.27", fd.name: {startswith: /etc/}}
      nothing_else: true
`);
  assert.deepEqual(statuses, ["passed"], text);
});

Deno.test("a rule that does not fire, or fires and should not, fails its case", async () => {
  const { text, statuses } = await testsOf(`
cases:
  - name: only written
    events: [openat /etc/shadow write]
    expect: Shadow read
  - name: read
    events: [openat /etc/shadow read]
    expect: nothing
  - name: read twice
    events: [{openat: /etc/shadow read, times: 2}]
    expect: {rule: Shadow read, times: 1}
`);
  assert.deepEqual(statuses, ["failed", "failed", "failed"]);
  assert.match(text, /the rule `Shadow read` did not fire {2}\(r\.test\.yaml:5:13\)\n {2}no rule fired/);
  assert.match(text, /the rule `Shadow read` fired, and nothing should {2}\(r\.test\.yaml:8:13\)/);
  assert.match(text, /the rule `Shadow read` fired twice, not once/);
  assert.match(text, /0 passed, 3 failed in 1 file/);
});

Deno.test("a program that is started acts on its own, and the process that started it goes on as itself", async () => {
  const { text, statuses } = await testsOf(`
cases:
  - name: a shell in a container
    process: {name: nginx, in: {container: {image: nginx, name: web}}}
    events:
      - spawn: bash -c 'id; ls'
        do: [openat /etc/shadow read]
      - openat /etc/shadow read
    expect:
      fired:
        - {rule: Shell in container, output: "bash -c id; ls in web"}
        - {rule: Shadow read, times: 1, fields: {proc.name: bash, proc.pname: nginx}}
        - {rule: Shadow read, times: 1, fields: {proc.name: nginx}}
  - name: execve replaces the program
    events:
      - execve /usr/bin/cat /etc/shadow
      - openat /etc/shadow read
    expect: {rule: Shadow read, fields: {proc.name: cat, proc.exepath: /usr/bin/cat, proc.args: /etc/shadow}}
`);
  assert.deepEqual(statuses, ["passed", "passed"], text);
});

Deno.test("nothing of a case is left for the next one", async () => {
  const rules = `
- rule: Many
  desc: a test
  condition: evt.type = dup2 and fd.name = /etc/shadow
  output: o
  priority: INFO
`;
  const { text, statuses } = await testsOf(
    `
cases:
  - name: the file is open
    before: [openat /etc/shadow read]
    events: [dup2 3 7]
    expect: Many
  - name: the file is not open
    events: [dup2 3 7]
    expect: nothing
`,
    rules,
  );
  assert.deepEqual(statuses, ["passed", "passed"], text);
});

Deno.test("names of hosts have the addresses that a case gives them, and none where it gives none", async () => {
  const rules = `
- rule: Named
  desc: a test
  condition: evt.type = connect and fd.sip.name in (a.example, b.example)
  output: o
  priority: INFO
- rule: Other
  desc: a test
  condition: evt.type = connect and fd.sip.name != a.example
  output: o
  priority: INFO
`;
  const { text, statuses } = await testsOf(
    `
cases:
  - name: told
    hosts: {a.example: [192.0.2.1, "2001:db8::1"]}
    events: ["connect [2001:db8::1]:443", "connect 192.0.2.1:443"]
    expect: {rule: Named, times: 2}
  - name: not told
    events: ["connect 192.0.2.1:443"]
    expect: {fired: Other, not_fired: Named}
`,
    rules,
  );
  assert.deepEqual(statuses, ["passed", "passed"], text);
  const wrong = await testsOf(
    `
cases:
  - {name: typing, hosts: {a.exmple: 192.0.2.1}, events: ["connect 192.0.2.1:443"], expect: nothing}
`,
    rules,
  );
  assert.match(
    wrong.text,
    /no rule asks for a host named `a\.exmple`\n *--> r\.test\.yaml:3:28[^]*`a\.example`/,
  );
  const port = await testsOf(
    `
cases:
  - {name: a port, hosts: {a.example: "192.0.2.1:443"}, events: ["connect 192.0.2.1:443"], expect: nothing}
`,
    rules,
  );
  assert.match(port.text, /`192\.0\.2\.1:443` is no address of a host\n *--> r\.test\.yaml:3:39/);
});

Deno.test("mistakes in a test file are shown with their place and a hint, all at once, and nothing runs", async () => {
  const { text, run } = await testsOf(`
cases:
  - name: wrong
    proces: nginx
    events:
      - opent /etc/shadow
      - connect nowhere
      - openat: {name: /etc/shadow, flags: O_RDNLY}
    expect: Shadow read
  - name: no expectation
    events: []
`);
  assert.deepEqual(run.results, []);
  assert.match(
    text,
    /the key `proces` means nothing in a case\n *--> r\.test\.yaml:4:5[^]*did you mean `process`/,
  );
  assert.match(text, /there is no event `opent`\n *--> r\.test\.yaml:6:9/);
  assert.match(text, /`nowhere` is no address\n *--> r\.test\.yaml:7:17/);
  assert.match(text, /`O_RDNLY` is no value of the parameter `flags`[^]*did you mean `O_RDONLY`/);
  assert.match(text, /the case has no `expect`/);
});

Deno.test("rules, lists and fields that expectations misspell are mistakes", async () => {
  const { text } = await testsOf(`
cases:
  - name: wrong
    events: []
    expect:
      fired: [{rule: Shadow reed, fields: {proc.name: x}}, {rule: Shadow read, fields: {proc.nam: x}}]
`);
  assert.match(text, /there is no field `proc\.nam`\n *--> r\.test\.yaml:6:\d+/);
});

Deno.test("a damaged recording fails its own case, and the next one is evaluated as ever", async () => {
  const { text, statuses } = await testsOf(
    `
cases:
  - name: cut off
    events: [scap: cut.scap]
    expect: nothing
  - name: read
    events: [openat /etc/shadow read]
    expect: Shadow read
`,
    RULES,
    { "cut.scap": cutRecording() },
  );
  assert.deepEqual(statuses, ["failed", "passed"], text);
  assert.match(text, /the case cannot be run: the file ends within the block that begins at byte 28/);
});

Deno.test("events without end are refused", async () => {
  const { text, statuses } = await testsOf(`
cases:
  - name: a storm
    events: [{fork: null, times: 1000, do: [{fork: null, times: 1000}]}]
    expect: nothing
`);
  assert.deepEqual(statuses, ["failed"]);
  assert.match(text, /the case cannot be run: there are more than 100000 events/);
});

/** A section header, and the head of a block whose rest is missing. */
function cutRecording(): Uint8Array {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  writer.u32(0x201);
  writer.u32(1000);
  return writer.take();
}

Deno.test("who a process has become is who starts programs, and capabilities go with it", async () => {
  const rules = `
- rule: Started
  desc: a test
  condition: evt.type = execve
  output: "%proc.name %user.name %group.gid %proc.pname [%thread.cap_effective]"
  priority: INFO
`;
  const { text, statuses } = await testsOf(
    `
users: {alice: 1001}
cases:
  - name: down, by each call
    matrix: {call: [setuid alice, setresuid -1 alice -1, setreuid -1 alice]}
    process: {name: sshd}
    events: [setgid 33, "\${call}", spawn sh]
    expect: {rule: Started, output: "sh alice 33 sshd []"}
  - name: up
    process: {name: su, user: alice}
    events: [setuid root, execve bash]
    expect: {rule: Started, fields: {user.name: root, thread.cap_effective: {contains: CAP_SYS_ADMIN}}}
  - name: what fails changes nothing
    process: {name: app, user: alice}
    events: [setuid root = EPERM, execve bash]
    expect: {rule: Started, fields: {user.name: alice}}
`,
    rules,
  );
  assert.deepEqual(statuses, ["passed", "passed", "passed", "passed", "passed"], text);
});

Deno.test("a pipe has two ends, a session its leader's number, and loopback talks to itself", async () => {
  const rules = `
- rule: All
  desc: a test
  condition: evt.type in (pipe2, dup2, connect)
  output: "%evt.type %evt.args %proc.sid"
  priority: INFO
`;
  const { text, statuses } = await testsOf(
    `
cases:
  - name: all
    process: {name: app, pid: 77}
    events: [setsid, pipe2, dup2 4 stdin, "connect 127.0.0.1:80", "connect [::1]:80"]
    expect:
      fired:
        - {rule: All, output: "pipe2 res=0 fd1=3(<p>) fd2=4(<p>) ino=0 flags=0(O_NONE) 77"}
        - {rule: All, output: "dup2 res=0(<p>) oldfd=4(<p>) newfd=0(<p>) 77"}
        - {rule: All, output: {contains: "127.0.0.1:40000->127.0.0.1:80"}}
        - {rule: All, output: {contains: "::1:40001->::1:80"}}
`,
    rules,
  );
  assert.deepEqual(statuses, ["passed"], text);
});

Deno.test("a pid belongs to one process, and those that are made up leave it alone", async () => {
  const { text } = await testsOf(`
cases:
  - name: taken
    processes: {a: {pid: 50}, b: {pid: 50}}
    events: [openat /x]
    expect: nothing
`);
  assert.match(text, /another process has the pid 50\n --> r\.test\.yaml:4:40/);
  const made = await testsOf(`
cases:
  - name: given after one that is made up
    processes: {a: {name: a}, b: {name: b, pid: 1000}}
    events: [{by: a, openat: /etc/shadow read}]
    expect: {rule: Shadow read, fields: {proc.name: a, proc.pid: "1001"}}
`);
  assert.deepEqual(made.statuses, ["passed"], made.text);
});

Deno.test("a case that cannot fail, or whose recording is not there, is a mistake", async () => {
  const { text } = await testsOf(`
cases:
  - {name: a, events: [openat /x], expect: []}
  - {name: b, expect: nothing}
  - {name: c, events: [scap: no.scap], expect: nothing}
`);
  assert.match(text, /this expects nothing that could fail\n --> r\.test\.yaml:3:44/);
  assert.match(text, /the case has no `events`\n --> r\.test\.yaml:4:12/);
  assert.match(text, /there is no capture file no\.scap\n --> r\.test\.yaml:5:30/);
});

Deno.test("events of a source that no rule is about fail their case; fields that Falco has given up may be asked about", async () => {
  const { text, statuses } = await testsOf(`
cases:
  - {name: a, events: [json: {source: typo, event: {x: 1}}], expect: nothing}
  - {name: b, events: [openat /etc/shadow read], expect: {rule: Shadow read, fields: {evt.dir: <}}}
`);
  assert.deepEqual(statuses, ["failed", "passed"], text);
  assert.match(text, /no rule is about the source typo/);
});

Deno.test("a file of JSON holds an event on each line, or one that takes several lines", async () => {
  const rules = `
- rule: Login failed
  desc: a test
  source: app
  condition: json.value[/event] = failed
  output: "%json.value[/user]"
  priority: NOTICE
`;
  const { text, statuses } = await testsOf(
    `
cases:
  - {name: lines, events: [json: {source: app, file: a.log}], expect: {rule: Login failed, times: 2}}
  - {name: one, events: [json: {source: app, file: one.json}], expect: {rule: Login failed, output: c}}
`,
    rules,
    {
      "a.log": '{"event":"failed","user":"a"}\n{"event":"failed","user":"b"}\n{"event":"ok"}\n',
      "one.json": '{\n  "event": "failed",\n  "user": "c"\n}\n',
    },
  );
  assert.deepEqual(statuses, ["passed", "passed"], text);
});
