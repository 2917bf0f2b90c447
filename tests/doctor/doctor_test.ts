// falco doctor as its user calls it: on this host with the self-test, without rights, and with wrong settings.

import assert from "node:assert/strict";
import { falco, STACK_TRACE } from "../cli/falco_command.ts";
import { liveRefusal } from "../live/falco_process.ts";
import { FALCO, PROJECT } from "../support/program.ts";

interface Report {
  readonly ready: boolean;
  readonly findings: readonly { subject: string; standing: string; found: string; remedy: string[] }[];
}

const refusal = await liveRefusal();
const FAMILIES = [
  ...["exec", "clone", "exit", "open", "enter", "io", "fd", "fd_kinds", "path", "owner", "mount", "identity"],
  ...["security", "signal", "memory", "stat", "wait", "keyctl", "quota", "socket", "connect", "message"],
  ...["generic", "canary"],
];

Deno.test({
  name: `an event of each family arrives, and the host is found fit${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  async fn() {
    const { code, stdout, stderr } = await falco("doctor", "--json");
    assert.equal(stderr, "");
    const report: Report = JSON.parse(stdout);
    assert.deepEqual(report.findings.filter(({ standing }) => standing === "fail"), []);
    assert.deepEqual([code, report.ready], [0, true]);
    const subjects = report.findings.map(({ subject }) => subject);
    for (const family of FAMILIES) assert.ok(subjects.includes(`self-test: ${family}`), family);
  },
});

Deno.test("every family of the probe's folder has its part in the self-test", () => {
  // leads to the others; is part of the others' events
  const parts = ["dispatch", "fd_facts"];
  const families = [...Deno.readDirSync(`${PROJECT}/probe/syscalls`)].map(({ name }) =>
    name.replace(".bpf.h", "")
  );
  assert.deepEqual(families.filter((name) => !FAMILIES.includes(name) && !parts.includes(name)), []);
});

Deno.test({
  name: "without any rights it says which are missing and what to do, and ends with 1",
  ignore: Deno.uid() !== 0,
  async fn() {
    const { code, stdout, stderr } = await new Deno.Command("setpriv", {
      args: [
        ...["--bounding-set=-all", "--inh-caps=-all", ...FALCO, "doctor"],
      ],
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.equal(code, 1);
    assert.match(text, /^FAIL +capabilities .*CAP_BPF.*\n.*→ Run falco as root/m);
    assert.match(text, /not tried: capabilities/);
    assert.doesNotMatch(text, STACK_TRACE);
  },
});

Deno.test("wrong settings are findings with their place, and keep nothing else from being told", async () => {
  const { code, stdout } = await falco("doctor", "--no-self-test", "-o", "priorty=debug");
  assert.equal(code, 1);
  assert.match(stdout, /^FAIL +settings .*priorty/m);
  assert.match(stdout, /^\w+ +kernel /m);
  assert.match(stdout, /not made, as --no-self-test wants it|not tried/);
});
