// `falco test --record`: what a command does on this host becomes a case that passes.

import assert from "node:assert/strict";
import { join } from "node:path";
import { caseInWords } from "../../ruletest/record/record_case.ts";
import { runRecorded } from "../../ruletest/record/run_recorded.ts";
import { Scene } from "../../ruletest/scenario/scene.ts";
import { readTestFile } from "../../ruletest/suite/read_file.ts";
import { Report } from "../../rules/diagnostics/diagnostic.ts";
import { makeSource } from "../../rules/text/source.ts";
import { falcoCommand } from "../support/program.ts";

const RULES = `
- rule: Shadow read
  desc: a test
  condition: evt.type in (open, openat) and fd.name = /etc/shadow
  output: "%proc.cmdline below %proc.pname in %proc.cwd"
  priority: WARNING
- rule: Written
  desc: a test
  condition: evt.type = write
  output: "%evt.arg.data"
  priority: WARNING
- rule: Connected
  desc: a test
  condition: evt.type = connect and fd.sport = 443
  output: "%fd.name"
  priority: WARNING
`;

/** What the events of a case become as a capture, and that in words again. */
async function inWordsAgain(events: readonly unknown[]) {
  const folder = await Deno.makeTempDir();
  const path = (name: string) => join(folder, name);
  try {
    await Deno.writeTextFile(path("r.yaml"), RULES);
    const text = JSON.stringify({
      rules: "r.yaml",
      cases: [{ name: "x", process: "starter", events, expect: "nothing" }],
    });
    const [test] = readTestFile(makeSource(path("r.test.yaml"), text), new Report()).cases;
    const chunks: Uint8Array[] = [];
    const none = () => {
      throw new Error("no such thing in this test");
    };
    const audience = {
      feed: (blocks: Uint8Array) => void chunks.push(blocks.slice()),
      setEvaluating() {},
      replay: none,
      json: none,
    };
    await new Scene(test!.world, audience).play(test!.events, true);
    await Deno.writeFile(path("x.scap"), Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));
    const { alerts, codes } = await runRecorded(path("x.scap"), [path("r.yaml")]);
    return { alerts, found: await caseInWords(path("x.scap"), [path("r.yaml")], codes, alerts) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("words of a recording are what fired and the programs that led there", async () => {
  const { alerts, found } = await inWordsAgain([
    { spawn: "/usr/bin/sh -c 'x y'", as: "sh" },
    { by: "sh", openat: "/lib/libc.so.6 read" },
    { by: "sh", spawn: "id", as: "id" },
    { by: "sh", fork: null, as: "child" },
    { by: "child", spawn: { path: "/bin/cat", argv0: "cat", args: ["/etc/shadow", "a b"] }, as: "cat" },
    { by: "cat", openat: "/etc/shadow read" },
    { by: "sh", connect: "[2001:db8::1]:443" },
  ]);
  assert.equal(alerts.length, 2);
  assert.ok("words" in found, JSON.stringify(found));
  assert.deepEqual(found.words.events, [
    { spawn: { path: "/usr/bin/sh", args: ["-c", "x y"] }, as: "sh" },
    { by: "sh", fork: null, as: "sh 2" },
    { by: "sh 2", spawn: { path: "/bin/cat", argv0: "cat", args: ["/etc/shadow", "a b"] }, as: "cat" },
    { by: "cat", openat: "/etc/shadow read" },
    { by: "sh", connect: "[2001:db8::1]:443" },
  ]);
});

Deno.test("where words do not say the same, the difference is told", async () => {
  const { found } = await inWordsAgain([
    { spawn: "x", as: "x" },
    { by: "x", openat: "/tmp/y write" },
    { by: "x", write: "last secret" },
  ]);
  assert.deepEqual(found, {
    problem: "`Written`: evt.arg.data is `secret` in the recording, `NULL` in words",
  });
});

Deno.test({
  name: "a command that is recorded becomes a case in words that expects what fired, and passes",
  ignore: Deno.uid() !== 0,
  async fn() {
    const folder = await Deno.makeTempDir();
    const falco = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await falcoCommand(args, { cwd: folder }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    };
    try {
      const recorded = await falco(
        "test",
        "--record",
        "password file",
        "--",
        "sh",
        "-c",
        "cat /etc/shadow; id",
      );
      assert.equal(recorded.code, 0, recorded.stderr);
      const tests = await Deno.readTextFile(join(folder, "password_file.test.yaml"));
      assert.match(tests, /\{spawn: \{.*args: \["-c", "cat \/etc\/shadow; id"\]\}, as: sh\}/);
      assert.match(tests, /- \{by: sh, spawn: .*\}\n {6}- \{by: cat, openat: \/etc\/shadow read\}/);
      assert.match(tests, /rule: "Read sensitive file untrusted", times: 1, priority: Warning/);
      // words say it all
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["password_file.test.yaml"]);
      const run = await falco("test");
      assert.equal(run.code, 0, run.stdout);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
