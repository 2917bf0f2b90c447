import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { falco, GOOD_RULE, STACK_TRACE, withRules } from "./falco_command.ts";

Deno.test("--version and --help print to standard output and end with 0", async () => {
  const version = await falco("--version");
  deepEqual([version.code, version.stderr], [0, ""]);
  match(version.stdout, /^falco \d+\.\d+\.\d+\n/);
  const help = await falco("--help");
  deepEqual([help.code, help.stderr], [0, ""]);
  for (const word of ["-r <", "-o, --option", "--dry-run", "json_output", "replay"]) {
    match(help.stdout, new RegExp(word));
  }
});

const MISTAKES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["--dry-rn"], /^Error: unknown option '--dry-rn'\n\(Did you mean --dry-run\?\)/],
  [["-Z"], /^Error: unknown option '-Z'/],
  [["replya"], /^Error: unknown command replya; did you mean `replay`\?/],
  [["-r"], /^Error: option '-r <file\|folder>' argument missing/],
  [["-M", "soon"], /^Error: -M soon: expected a number of seconds/],
  [["-o", "jsn_output=true"], /^Error: .*unknown setting jsn_output; did you mean `json_output`\?/],
  [["-o", "json_output=perhaps"], /^Error: .*must be true or false/],
  [
    ["-c", "/nowhere/falco.yaml"],
    /^Error: cannot read the configuration \/nowhere\/falco\.yaml: there is no such file/,
  ],
  [["replay"], /^Error: missing required argument 'trace'/],
];

for (const [args, message] of MISTAKES) {
  Deno.test(`falco ${args.join(" ")}: a clear error, exit 1`, async () => {
    const { code, stdout, stderr } = await falco(...args);
    match(stderr, message);
    doesNotMatch(stderr, STACK_TRACE);
    deepEqual([code, stdout], [1, ""]);
  });
}

Deno.test("all mistakes of the settings are reported at once", async () => {
  const { code, stderr } = await falco("-o", "a=1", "-o", "priority=loud", "-c", "/nowhere.yaml");
  equal(code, 1);
  equal(stderr.match(/^Error: /gm)?.length, 3);
});

Deno.test("a rules file that is missing is a clear error, exit 1", async () => {
  const { code, stderr } = await falco("-r", "/nowhere/rules.yaml");
  equal(code, 1);
  match(stderr, /\/nowhere\/rules\.yaml/);
  match(stderr, /no such file/);
  doesNotMatch(stderr, STACK_TRACE);
});

Deno.test("a folder without rules is a clear error, exit 1", async () => {
  const folder = await Deno.makeTempDir();
  const { code, stderr } = await falco("-r", folder);
  await Deno.remove(folder);
  equal(code, 1);
  match(stderr, /^Error: no rules: there is no \.yml or \.yaml file in /);
});

Deno.test("mistakes in rules are shown with file, line and column, all at once, exit 1", async () => {
  const second = GOOD_RULE.replace("Shadow", "Second").replace("fd.name =", "fd.nam =");
  const third = GOOD_RULE.replace("Shadow", "Third").replace("WARNING", "LOUD");
  const text = GOOD_RULE + second + third;
  await withRules(text, async (path) => {
    const { code, stdout, stderr } = await falco("-r", path, "--dry-run");
    deepEqual([code, stdout], [1, ""]);
    match(stderr, new RegExp(`${path}:10:\\d+`));
    match(stderr, new RegExp(`${path}:18:\\d+`));
    match(stderr, /fd\.nam/);
    doesNotMatch(stderr, STACK_TRACE);
  });
});

Deno.test("--dry-run loads rules and stops", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { code, stdout, stderr } = await falco("-r", path, "--dry-run");
    deepEqual([code, stdout], [0, ""], stderr);
    match(stderr, /Informational .*1 rule/);
  });
});

Deno.test("the bundled rules load without an error", async () => {
  const { code, stderr } = await falco("--dry-run");
  equal(code, 0, stderr);
});

Deno.test("a rules file cannot send escape sequences to the terminal", async () => {
  await withRules('- rule: "\\e]0;title\\a"\n  "\x1b[2J": 1\n', async (path) => {
    const { code, stderr } = await falco("-r", path, "--dry-run");
    equal(code, 1);
    doesNotMatch(stderr, /\p{Cc}(?<!\n)/u);
  });
});

Deno.test("a trace that is missing is a clear error, exit 1", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { code, stderr } = await falco("replay", "/nowhere/trace.scap", "-r", path);
    equal(code, 1);
    match(stderr, /\/nowhere\/trace\.scap/);
    doesNotMatch(stderr, STACK_TRACE);
  });
});
