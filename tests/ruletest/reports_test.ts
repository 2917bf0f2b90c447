// What `falco test` prints and writes: reports for programs, coverage, updated files, exit codes.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { falco } from "../cli/falco_command.ts";
import { RULES } from "./test_folder.ts";
import { PROJECT } from "../support/program.ts";

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
  const page = await Deno.readTextFile(`${PROJECT}/docs/testing-rules.md`);
  for (const [, name, text] of page.matchAll(/^```yaml\n# (\S+\.test\.yaml)\n([^]*?)^```$/gm)) {
    assert.ok(validate(parse(text!)), `${name}: ${JSON.stringify(validate.errors)}`);
  }
  assert.equal(validate({ cases: [{ name: "x", expct: "nothing" }] }), false);
});

/** What a terminal, a CI server or an XML reader would obey, and a file of that name. */
const HOSTILE = "a\x1b[31m\x07\u009b31m\u202e\u2028 ]]> <&\"' %0A # SKIP \r\n::error::x";

Deno.test("what rules, events and file names say steers no terminal and no CI server, in any format", async () => {
  const tests = `
cases:
  - name: ${JSON.stringify(HOSTILE)}
    events: [{openat: {name: ${JSON.stringify(HOSTILE)}, flags: O_RDONLY}}]
    expect: {rule: All, output: ${JSON.stringify(HOSTILE)}}
  - name: later
    skip: ${JSON.stringify(HOSTILE)}
    events: [openat /x]
    expect: nothing
`;
  const rules =
    "- {rule: All, desc: a, condition: evt.type = openat, output: 'of %fd.name ::error::x', priority: INFO}";
  await inFolder(async (plain) => {
    const path = join(dirname(plain), "x\x1b[31m\n::error::y,z.test.yaml");
    await Deno.writeTextFile(path.replace(".test.yaml", ".yaml"), rules);
    await Deno.rename(plain, path);
    for (const format of ["people", "tap", "junit", "github", "json"]) {
      const { stdout, code } = await falco(
        "test",
        "--format",
        format,
        "--coverage",
        "text",
        "--verbose",
        path,
      );
      assert.equal(code, 1, format);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]/, format);
      if (format !== "github") assert.doesNotMatch(stdout, /^::/m, format);
      else assert.deepEqual(stdout.match(/^::\w+ [^:]*::/gm)?.length, 2, stdout);
      if (format === "json") assert.equal(JSON.parse(stdout).cases[0].name, HOSTILE);
    }
  }, tests);
});

Deno.test("mistakes come in the form that was asked for, too, and for people on standard error; exit code 2", async () => {
  await inFolder(
    async (path) => {
      const print = async (format: string) => {
        const { code, stdout, stderr } = await falco("test", "--format", format, path);
        assert.equal(code, 2);
        assert.match(stderr, /error\[unknown-key\]: the key `evnts` means nothing/);
        return stdout;
      };
      assert.match(
        await print("github"),
        /^::error file=.*r\.test\.yaml,line=3,col=5,title=unknown-key::the key `evnts`/,
      );
      const json = JSON.parse(await print("json"));
      assert.deepEqual([json.mistakes[0].id, json.mistakes[0].line], ["unknown-key", 3]);
      assert.match(await print("tap"), /^TAP version 13\n# .*\nBail out! 1 mistake\n$/);
      assert.match(await print("junit"), /<testsuites name="falco test" tests="1" failures="0" errors="1">/);
    },
    "cases:\n  - name: a\n    evnts: []\n    expect: nothing\n",
  );
});

Deno.test("a run without a case is no success: a filter that fits none, a file without cases", async () => {
  await inFolder(async (path) => {
    const filtered = await falco("test", "--filter", "nowhere", path);
    assert.deepEqual([filtered.code, filtered.stderr], [2, 'Error: no case has "nowhere" in its name\n']);
    await Deno.writeTextFile(path, "");
    const empty = await falco("test", path);
    assert.equal(empty.code, 2);
    assert.match(empty.stdout, /a test file has no `cases`/);
    await Deno.writeTextFile(path, "cases: []\n");
    assert.equal((await falco("test", path)).code, 2);
  });
});

Deno.test("--update leaves line ends and the mark at the beginning of a file as they are", async () => {
  const tests = "\ufeff" + TESTS.replaceAll("\n", "\r\n");
  await inFolder(async (path) => {
    await falco("test", "--update", path);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await Deno.readFile(path));
    const output = '"read by nginx of systemd (user=root container=)"';
    assert.equal(text, tests.replace("something else", output).replace("apache", '"nginx"'));
  }, tests);
});

Deno.test("coverage tells a rule from the same rule after another file has changed its macro", async () => {
  const base = `
- macro: files
  condition: fd.name = /a
- rule: R
  desc: d
  condition: evt.type = openat and files
  output: x
  priority: INFO
`;
  const local = `
- macro: files
  condition: or fd.name = /b
  override: {condition: append}
`;
  const tests = `
rules: base.yaml
cases:
  - {name: alone, events: [openat /a, openat /c], expect: R}
  - {name: changed, rules: [base.yaml, local.yaml], events: [openat /b, openat /c], expect: R}
`;
  await inFolder(async (path) => {
    await Deno.writeTextFile(join(dirname(path), "base.yaml"), base);
    await Deno.writeTextFile(join(dirname(path), "local.yaml"), local);
    const { code, stdout } = await falco("test", "--coverage", "text", path);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /R {3}75\.0 %\n.*never false: evt\.type = openat/);
    assert.match(stdout, /never true: fd\.name = \/a {2}\(.*base\.yaml:3:14, in macro files\)/);
  }, tests);
});
