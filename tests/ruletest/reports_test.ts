// What `falco test` prints and writes: reports for programs, coverage, updated files, exit codes.

import assert from "node:assert/strict";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { falco, ROOT } from "../cli/falco_command.ts";
import { RULES } from "./test_folder.ts";

const TESTS = `
cases:
  - name: "opened <here> & there"
    process: nginx
    events: [openat /etc/shadow read]
    expect: {rule: Shadow read, output: something else, fields: {proc.name: apache}}
  - name: passes
    events: [openat /etc/shadow write, openat /tmp/x read, mkdir /x]
    expect: nothing
  - name: later
    skip: not yet
    expect: nothing
`;

async function inFolder(body: (path: string) => Promise<void>, tests = TESTS): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "r.yaml"), RULES);
    await Deno.writeTextFile(join(folder, "r.test.yaml"), tests);
    await body(join(folder, "r.test.yaml"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("TAP, JUnit, GitHub and JSON say the same results, with texts escaped, exit code 1", async () => {
  await inFolder(async (path) => {
    const print = async (format: string) => {
      const { code, stdout } = await falco("test", "--format", format, path);
      assert.equal(code, 1);
      return stdout;
    };
    const tap = await print("tap");
    assert.match(tap, /^TAP version 13\n1\.\.3\nnot ok 1 - opened <here> & there\n {2}---/);
    assert.match(tap, /\nok 2 - passes\nok 3 - later # SKIP not yet\n$/);
    const junit = await print("junit");
    assert.match(junit, /<testsuites name="falco test" tests="3" failures="1" errors="0" skipped="1"/);
    assert.match(junit, /name="opened &#60;here&#62; &#38; there"/);
    assert.match(
      await print("github"),
      /^::error file=.*r\.test\.yaml,line=6,col=\d+,title=opened <here> & there::/,
    );
    const json = JSON.parse(await print("json"));
    assert.deepEqual([json.passed, json.failed, json.skipped], [1, 1, 1]);
    assert.equal(json.cases[0].failures[1].actual, "nginx");
    assert.equal(json.cases[0].alerts[0].event, "openat /etc/shadow read");
  });
});

Deno.test("--update puts what came in place of what was expected, and changes nothing else", async () => {
  await inFolder(async (path) => {
    await falco("test", "--update", path);
    const text = await Deno.readTextFile(path);
    const output = '"read by nginx of systemd (user=root container=)"';
    assert.equal(text, TESTS.replace("something else", output).replace("apache", '"nginx"'));
    assert.equal((await falco("test", path)).code, 0);
  });
});

Deno.test("coverage: checks that no case has shown true and false, with their place; --min-coverage fails", async () => {
  await inFolder(async (path) => {
    const text = await falco("test", "--coverage", "text", "--min-coverage", "100", path);
    assert.match(text.stdout, /Shadow read +100\.0 %\n/);
    assert.match(text.stdout, /never true: evt\.type = execve {2}\(.*r\.yaml:11:14\)/);
    assert.match(text.stdout, /never evaluated: container\.id != host/);
    assert.match(text.stderr, /less than --min-coverage 100/);
    const file = `${path}.info`;
    await falco("test", "--coverage", "lcov", "--coverage-file", file, path);
    const lcov = await Deno.readTextFile(file);
    assert.match(lcov, /^TN:\nSF:.*r\.yaml\nBRDA:6,0,0,[1-9]/);
    assert.match(lcov, /\nBRF:12\nBRH:7\n/);
    await falco("test", "--coverage", "html", "--coverage-file", file, path);
    assert.match(await Deno.readTextFile(file), /<b>Shadow read<\/b> 100\.0 %/);
  });
});

Deno.test("exit code 2 for mistakes in tests or rules, and for paths without tests", async () => {
  await inFolder(async (path) => {
    const wrong = await falco("test", path);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stdout, /there is no event `nonsense`/);
    assert.equal((await falco("test", "/nowhere")).code, 2);
    assert.equal((await falco("test", path.replace("r.test.yaml", "r.yaml"))).code, 2);
  }, "cases: [{name: x, events: [nonsense], expect: nothing}]\n");
});

Deno.test("the schema accepts every example of the documentation and refuses unknown keys", async () => {
  const { stdout } = await falco("test", "--schema");
  const validate = new Ajv({ strict: false }).compile(JSON.parse(stdout));
  const page = await Deno.readTextFile(`${ROOT}/docs/testing-rules.md`);
  for (const [, name, text] of page.matchAll(/^```yaml\n# (\S+\.test\.yaml)\n([^]*?)^```$/gm)) {
    assert.ok(validate(parse(text!)), `${name}: ${JSON.stringify(validate.errors)}`);
  }
  assert.equal(validate({ cases: [{ name: "x", expct: "nothing" }] }), false);
});
