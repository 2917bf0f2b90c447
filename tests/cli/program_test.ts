import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { plainVersion } from "../../cli/plain_version.ts";
import { falco, GOOD_RULE, STACK_TRACE, withRules } from "./falco_command.ts";

Deno.test("--version and --help print to standard output and end with 0", async () => {
  const version = await falco("--version");
  deepEqual([version.code, version.stderr], [0, ""]);
  match(
    version.stdout,
    /^Falco version: \d+\.\d+\.\d+\nLibs version: {2}\S+\nPlugin API: {4}\S+\nEngine: {8}\S+\nDriver:\n {2}API version: {4}\S+\n {2}Schema version: \S+\n {2}Default driver: \S+\nThis program: {2}falco \d+\.\d+\.\d+\n/,
  );
  const json = JSON.parse((await falco("--version", "-o", "json_output=true")).stdout);
  match(json.falco_version, /^\d+\.\d+\.\d+$/);
  match(json.engine_version_semver, /^\d+\.\d+\.\d+$/);
  const help = await falco("--help");
  deepEqual([help.code, help.stderr], [0, ""]);
  for (const word of ["-r <", "-o, --option", "--dry-run", "json_output", "replay"]) {
    match(help.stdout, new RegExp(word));
  }
});

Deno.test("--version is answered without the whole program only where no settings can ask for JSON", () => {
  const FOLDER = "config_files: [/etc/falco/config.d]\n";
  const LONG_FOLDER = "config_files:\n  - /etc/falco/config.d\n";
  const answers = (settings: string | undefined, drop = "") =>
    plainVersion((path) => path.endsWith("/falco.yaml") ? settings : drop, () => ["a.yaml"]) !== undefined;
  for (const plain of ["", "json_output: false\n# json_output: true\n", "config_files: []\n"]) {
    equal(answers(plain, "json_output: true"), true, plain);
  }
  equal(answers(`${FOLDER}json_output: false\n`, "rules_files: []\n"), true);
  equal(answers(LONG_FOLDER, "json_output: false\n"), true);
  for (const doubtful of ["json_output: true\n", "json_output: ${X}\n", "{json_output: yes}\n", undefined]) {
    equal(answers(doubtful), false, String(doubtful));
  }
  equal(answers("config_files: [/srv/more.yaml]\n"), false);
  for (const folder of [FOLDER, LONG_FOLDER]) {
    equal(answers(folder, "json_output: true\n"), false);
    equal(answers(folder, "config_files: [/srv/more.yaml]\n"), false);
  }
});

const MISTAKES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["--dry-rn"], /^Error: unknown option '--dry-rn'\n\(Did you mean --dry-run\?\)/],
  [["-Z"], /^Error: unknown option '-Z'/],
  [["replya"], /^Error: unknown command replya; did you mean `replay`\?/],
  [["-r"], /^Error: option '-r <file\|folder>' argument missing/],
  [["-M", "soon"], /^Error: -M soon: expected a number of seconds/],
  [
    ["--strict-start", "-o", "jsn_output=true"],
    /^Error: .*unknown setting jsn_output; did you mean `json_output`\?/,
  ],
  [["--dry-run", "-o", "json_output=perhaps"], /^Error: .*must be true or false/],
  [
    ["--strict-start", "-c", "/nowhere/falco.yaml"],
    /^Error: cannot read the configuration \/nowhere\/falco\.yaml: there is no such file/,
  ],
  [["replay"], /^Error: missing required argument 'trace'/],
  // before a command they mean what they mean after it
  [["-c", "/nowhere/falco.yaml", "replay", "x.scap"], /^Error: cannot read the configuration \/nowhere/],
  [["-o", "nonsense=1", "replay", "x.scap"], /^Error: .*unknown setting nonsense/],
  [["-o", "a=1", "replay", "-o", "b=1", "x.scap"], /unknown setting a\nError: .*unknown setting b/],
  [["-r", "/nowhere/a.yaml", "replay", "x.scap"], /cannot read \/nowhere\/a\.yaml/],
  [["-M", "5", "list", "fields"], /^Error: falco list has no flag -M\n/],
  [
    ["replay", "x.scap", "y.scap"],
    /^Error: too many arguments for 'replay'\. Expected 1 argument but got 2: x\.scap, y\.scap\./,
  ],
  [["--dry-run", "replay", "x.scap"], /^Error: falco replay has no flag --dry-run\n/],
  // the same word, and not the same flag
  [["--format", "json", "check", "x.yaml"], /^Error: falco check has no flag --format\n/],
  // flags of older Falcos say what to use instead
  [["-A"], /^Error: unknown option '-A': Falco has dropped it; say -o base_syscalls\.all=true\n/],
  [["-Tnetwork"], /^Error: unknown option '-Tnetwork': Falco has dropped it; say -o 'rules\[\]=/],
  [["--cri", "/run/x.sock"], /Falco has dropped it; say engines\.cri\.sockets/],
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
  const { code, stderr } = await falco(
    "--dry-run",
    "-o",
    "a=1",
    "-o",
    "priority=loud",
    "-c",
    "/nowhere.yaml",
  );
  equal(code, 1);
  equal(stderr.match(/^Error: /gm)?.length, 3);
});

Deno.test("--strict-start: a rules file that is missing is a clear error, exit 1", async () => {
  const { code, stderr } = await falco("--strict-start", "-r", "/nowhere/rules.yaml");
  equal(code, 1);
  match(stderr, /\/nowhere\/rules\.yaml/);
  match(stderr, /no such file/);
  doesNotMatch(stderr, STACK_TRACE);
});

Deno.test("--strict-start: a folder without rules is a clear error, exit 1", async () => {
  const folder = await Deno.makeTempDir();
  const { code, stderr } = await falco("--strict-start", "-r", folder);
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

Deno.test("--strict-start: a rule with an error ends the start, exit 1", async () => {
  await withRules(GOOD_RULE.replace("fd.name =", "fd.nam ="), async (path) => {
    const { code, stdout, stderr } = await falco("-r", path, "--strict-start");
    deepEqual([code, stdout], [1, ""]);
    match(stderr, /there is no field `fd\.nam`/);
  });
});

Deno.test("--strict-start and --dry-run: without any enabled rule there is nothing to run, exit 1", async () => {
  for (const flag of ["--strict-start", "--dry-run"]) {
    const { code, stderr } = await falco(flag, "-o", "rules[].disable.rule=*");
    equal(code, 1, stderr);
    match(stderr, /^Error: no rule is left to run: /m);
  }
});

Deno.test("a recording is replayed without any enabled rule, as in Falco, and falco says so", async () => {
  const trace = new URL("../recordings/build.scap", import.meta.url).pathname;
  const { code, stdout, stderr } = await falco("replay", trace, "-o", "rules[].disable.rule=*");
  deepEqual([code, stdout], [0, ""], stderr);
  match(stderr, /Warning no rule is enabled: falco runs and reports nothing/);
});

Deno.test("switches and additions for rules that do not exist are told", async () => {
  const { code, stderr } = await falco(
    ...["--dry-run", "-o", "rules[].disable.rule=Nothing"],
    ...["-o", "append_output[0]={match: {rule: Neither}, extra_output: x}"],
  );
  equal(code, 0, stderr);
  match(stderr, /Warning rules\[0\]\.disable\.rule: no rule has the name `Nothing`/);
  match(stderr, /Warning append_output\[0\]\.match\.rule: no rule has the name `Neither`/);
});

Deno.test("--disable-source that leaves no source is a mistake of the command line, exit 1", async () => {
  const { code, stderr } = await falco("--disable-source", "syscall");
  deepEqual([code, stderr], [1, "Error: all event sources are disabled\n"]);
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

Deno.test("-M 0 sets no limit, --page-size prints and ends", async () => {
  const run = await falco("-M", "0", "--dry-run");
  equal(run.code, 0, run.stderr);
  const { code, stdout } = await falco("--page-size");
  deepEqual([code, /^Your system page size is: (4096|16384|65536) bytes\n$/.test(stdout)], [0, true]);
});

const CONTAINER = "tests/recordings/container.scap";

Deno.test("-p adds a text to every output, -pk and -pc the container and the pod", async () => {
  const plain = await falco("replay", CONTAINER);
  const first = (text: string) => text.split("\n")[0]!;
  const added = await falco("-p", "by %proc.name", "replay", CONTAINER);
  match(added.stderr, /Warning -p is deprecated: say append_output: \[\{extra_output: "by %proc\.name"\}\]/);
  match(first(added.stdout).slice(first(plain.stdout).length), /^ by \S+$/);
  for (const flag of ["-pk", "-pcontainer"]) {
    const { stdout } = await falco("replay", CONTAINER, flag);
    match(
      first(stdout).slice(first(plain.stdout).length),
      /^ container_id=\S+ container_name=\S+ .* k8s_pod_name=\S+ k8s_ns_name=\S+$/,
    );
  }
  const wrong = await falco("replay", CONTAINER, "-p", "by %proc.nam");
  match(wrong.stderr, /there is no field `proc\.nam`\n --> -p:1:4\n/);
  const twice = await falco("replay", CONTAINER, "-pk", "-o", "append_output[].suggested_output=true");
  equal(twice.stdout, (await falco("replay", CONTAINER, "-pk")).stdout);
});

Deno.test("rules before a command come before its own", async () => {
  const other = GOOD_RULE.replace("Shadow file", "Second file");
  await withRules(GOOD_RULE, async (one) =>
    await withRules(other, async (two) => {
      const { stdout } = await falco("-r", one, "list", "rules", "-r", two);
      match(stdout, /Shadow file opened[^]*Second file opened/);
    }));
});
