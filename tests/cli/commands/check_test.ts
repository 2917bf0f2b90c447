import assert from "node:assert/strict";
import { upstreamRules } from "../../support/upstream.ts";
import { join } from "node:path";
import { UPSTREAM } from "../../rules/upstream.ts";
import { falco, falcoReading, GOOD_RULE, STACK_TRACE, withRules } from "../falco_command.ts";
import { PROJECT } from "../../support/program.ts";

const BAD_RULES = `# for the tests

- list: shells
  items: [bash, zsh]
- macro: opened
  condition: evt.type in (open, openat)
- rule: First
  desc: a test
  condition: opened and fd.nam = /etc/shadow
  output: opened %proc.nam
  priority: LOUD
- rule: Second
  desc: a test
  condition: >
    opened and
    not proc.name in (bash) and
    fd.name startswit /etc
  output: opened
  priority: INFO
`;

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly diagnostics: readonly {
    readonly id: string;
    readonly falco_code: string;
    readonly severity: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly hint?: string;
  }[];
}

Deno.test("falco check --costs names every rule that has all opens reported, and what it asks", async () => {
  const rule = (name: string, condition: string) =>
    `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: INFO\n`;
  const asking = rule("Reads a name", "evt.type = close and fd.name startswith /srv") +
    rule("Knows its path", "evt.type in (open, openat) and fd.name = /etc/shadow") +
    rule("Prints it", "evt.type = fchmod and fd.directory = /etc");
  await withRules(asking, async (path) => {
    const { code, stdout } = await falco("check", "--costs", path);
    assert.equal(code, 0);
    const [title, ...lines] = stdout.split("\n\n").find((part) => part.includes("close of files"))!.split(
      "\n",
    );
    // closes are decided by the path with which the file was opened
    assert.equal(title, "1 rule has every open and close of files reported:");
    assert.deepEqual(lines, ["  Prints it: fd.directory of fchmod"]);
    assert.match(stdout, /\n1 rule has every fchmod reported:\n {2}Prints it: fd\.directory of fchmod\n/);
    const json = await falco("check", "--costs", "--format=json", path);
    assert.equal(json.code, 2);
    assert.match(json.stderr, /--costs is text only, not json; `falco list filters --json` is for programs/);
  });
  const ofCalls =
    rule("Renames", "evt.type in (rename, renameat2) and evt.failed = false and fs.path.target = /etc/x") +
    rule("Traces", "evt.type = ptrace and evt.arg.request = PTRACE_ATTACH and proc.name = x") +
    rule("Sends", "evt.type = sendto and fd.name_changed = true and fd.l4proto = udp");
  await withRules(ofCalls, async (path) => {
    const { stdout } = await falco("check", "--costs", path);
    assert.match(
      stdout,
      /\n1 rule has every rename, renameat2 that has not failed reported:\n {2}Renames: fs\.path\.target of /,
    );
    assert.match(
      stdout,
      /\n1 rule has all TCP sockets, UDP sockets reported:\n {2}Sends: fd.name.changed of sendto\n/,
    );
    // one argument says of most calls that they are not wanted
    assert.doesNotMatch(stdout, /ptrace/);
  });
  await withRules(
    rule("Knows its path", "evt.type in (open, openat) and fd.name = /etc/shadow"),
    async (path) => {
      const { stdout } = await falco("check", "--costs", path);
      assert.match(
        stdout,
        /\nno rule needs every open of a file: engine\.kernel_filter can leave them out\n$/,
      );
    },
  );
});

Deno.test("falco check shows every mistake of a file at its token, with a hint, and ends with 1", async () => {
  await withRules(BAD_RULES, async (path) => {
    const { code, stdout, stderr } = await falco("check", path);
    assert.deepEqual([code, stderr], [1, ""]);
    assert.doesNotMatch(stdout, STACK_TRACE);
    const at = (place: string) => assert.ok(stdout.includes(`--> ${path}:${place}\n`), `${place}\n${stdout}`);
    ["9:25", "10:18", "11:13", "17:13"].forEach(at);
    assert.match(stdout, /error\[unknown-field\]: there is no field `fd\.nam`/);
    assert.match(stdout, /9 \| {3}condition: opened and fd\.nam = .*\n {2}\| {25}\^{6}\n/);
    assert.match(stdout, /help: did you mean `startswith`\?/);
    assert.match(stdout, /= LOAD_ERR_COMPILE_CONDITION/);
    assert.match(stdout, /\n4 errors in 1 file \(2 rules, 1 macro, 1 list\)\n$/);
  });
});

Deno.test("falco check of a good file says so and ends with 0; warnings alone do so too", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { code, stdout } = await falco("check", path);
    assert.deepEqual([code, stdout], [0, "no errors, no warnings in 1 file (1 rule, 0 macros, 0 lists)\n"]);
  });
  await withRules(`${GOOD_RULE}- list: unused\n  items: [a]\n`, async (path) => {
    const { code, stdout } = await falco("check", path);
    assert.equal(code, 0);
    assert.match(stdout, /warning\[unused-list\][^]*no errors, 1 warning in 1 file/);
    const strict = await falco("check", "--strict", path);
    assert.equal(strict.code, 1);
    assert.match(strict.stdout, /error\[unused-list\][^]*1 error in 1 file/);
    for (const id of ["unused-list", "LOAD_UNUSED_LIST"]) {
      const ignored = await falco("check", "--strict", "--ignore", id, path);
      assert.deepEqual(
        [ignored.code, ignored.stdout],
        [0, "no errors, no warnings in 1 file (1 rule, 0 macros, 1 list); 1 ignored\n"],
      );
    }
  });
});

Deno.test("a comment in the file switches a warning off", async () => {
  const text = `# falco: ignore unused-list\n\n${GOOD_RULE}- list: unused\n  items: [a]\n`;
  await withRules(text, async (path) => {
    const { code, stdout } = await falco("check", "--strict", path);
    assert.deepEqual(
      [code, stdout],
      [0, "no errors, no warnings in 1 file (1 rule, 0 macros, 1 list); 1 ignored\n"],
    );
  });
});

Deno.test("--format json holds the same findings", async () => {
  await withRules(BAD_RULES, async (path) => {
    const { code, stdout } = await falco("check", "--format", "json", path);
    assert.equal(code, 1);
    const { summary, diagnostics } = JSON.parse(stdout) as Report;
    assert.equal(summary.errors, 4);
    assert.equal(diagnostics.filter(({ severity }) => severity === "error").length, 4);
    const field = diagnostics.find(({ id }) => id === "unknown-field");
    assert.deepEqual(
      [field?.file, field?.line, field?.column, field?.falco_code, field?.hint],
      [path, 9, 25, "LOAD_ERR_COMPILE_CONDITION", "did you mean `fd.name`?"],
    );
  });
});

Deno.test("--format sarif is a SARIF 2.1.0 log whose references fit", async () => {
  await withRules(BAD_RULES, async (path) => {
    const { code, stdout } = await falco("check", "--format", "sarif", path, "/nowhere/other rules.yaml");
    assert.equal(code, 1);
    const { version, runs } = JSON.parse(stdout);
    assert.deepEqual([version, runs.length], ["2.1.0", 1]);
    const [{ tool, results }] = runs;
    assert.equal(tool.driver.name, "falco");
    for (const result of results) {
      assert.equal(tool.driver.rules[result.ruleIndex].id, result.ruleId);
      assert.ok(["error", "warning", "note"].includes(result.level));
      assert.ok(result.message.text.length > 0);
      const [{ physicalLocation }] = result.locations;
      assert.match(physicalLocation.artifactLocation.uri, /^file:\/\/\/[^ ]*$/);
      const { region } = physicalLocation;
      if (region === undefined) continue;
      assert.ok(region.startLine >= 1 && region.startColumn >= 1);
      assert.ok(region.endLine > region.startLine || region.endColumn >= region.startColumn);
    }
    assert.ok(results.some(({ ruleId }: { ruleId: string }) => ruleId === "file-unreadable"));
  });
});

Deno.test("several files are read in the order given, folders sorted, and findings name their file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const rule = (macro: string) => GOOD_RULE.replace("evt.type in", `${macro} and evt.type in`);
    await Deno.writeTextFile(join(folder, "b.yml"), rule("from_a").replace("Shadow", "B"));
    await Deno.writeTextFile(join(folder, "a.yaml"), "- macro: from_a\n  condition: proc.name = a\n");
    await Deno.writeTextFile(join(folder, "notes.txt"), "no rules");
    const good = await falco("check", folder);
    assert.equal(good.code, 0, good.stdout);
    assert.match(good.stdout, /in 2 files \(1 rule, 1 macro, 0 lists\)/);
    const bad = await falco("check", join(folder, "b.yml"), join(folder, "a.yaml"));
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /error\[undefined-macro\]: the macro `from_a` is not defined yet here/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("- is standard input", async () => {
  const { code, stdout } = await falcoReading(GOOD_RULE.replace("fd.name", "fd.nam"), "check", "-");
  assert.equal(code, 1);
  assert.match(stdout, /--> -:4:\d+/);
});

Deno.test("a file that cannot be read is a finding; what may be in it is not missed elsewhere", async () => {
  await withRules(GOOD_RULE.replace("evt.type in", "elsewhere and evt.type in"), async (path) => {
    const { code, stdout } = await falco("check", "/nowhere/base.yaml", path);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /error\[file-unreadable\]: cannot read \/nowhere\/base\.yaml: there is no such file/,
    );
    assert.doesNotMatch(stdout, /undefined-macro/);
    assert.match(stdout, /1 error in 2 files/);
  });
});

const WRONG_USE: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /^Error: missing required argument 'path'/],
  [["--format", "xml", "x.yaml"], /^Error: option '--format <format>' argument 'xml' is invalid/],
  [["--strikt", "x.yaml"], /^Error: unknown option '--strikt'/],
  [["--ignore", "unused-lists", "x.yaml"], /^Error: --ignore unused-lists: .*did you mean `unused-list`\?/],
  [
    ["--ignore", "unknown-field", "x.yaml"],
    /^Error: --ignore unknown-field: .*is an error and cannot be ignored/,
  ],
];

for (const [args, message] of WRONG_USE) {
  Deno.test(`falco check ${args.join(" ")}: a usage error ends with 2`, async () => {
    const { code, stdout, stderr } = await falco("check", ...args);
    assert.match(stderr, message);
    assert.deepEqual([code, stdout], [2, ""]);
  });
}

Deno.test("a folder without rules is a usage error", async () => {
  const folder = await Deno.makeTempDir();
  const { code, stderr } = await falco("check", folder);
  await Deno.remove(folder);
  assert.equal(code, 2);
  assert.match(stderr, /^Error: there is no \.yml or \.yaml file in /);
});

Deno.test("a rules file cannot send escape sequences to the terminal", async () => {
  await withRules('- rule: "\\e]0;title\\a"\n  "\x1b[2J": 1\n  desc: \x1b[31m\n', async (path) => {
    const { code, stdout } = await falco("check", path);
    assert.equal(code, 1);
    assert.doesNotMatch(stdout, /\p{Cc}(?<!\n)/u);
  });
});

Deno.test("the bundled rules are clean, with --strict too", async () => {
  const { code, stdout } = await falco("check", "--strict", "rules/bundled");
  assert.equal(code, 0, stdout);
});

Deno.test("the upstream rules have no errors, singly and together", { ignore: !UPSTREAM }, async () => {
  const names = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules", "k8s_audit_rules"];
  const files = names.map((name) => upstreamRules(`${name}.yaml`));
  for (const paths of [...files.map((file) => [file]), files]) {
    const { code, stdout } = await falco("check", ...paths);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /(?:^|\n)no errors, /);
  }
});

/** Names of calls and what sources share. */
const LIGHT = /\/sources\/(?:mod|base_calls|ingest_blocks|matcher_port|waker)\.ts$/;

Deno.test("checking loads neither the engine, nor event sources, nor the bindings to libbpf", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "cli/program.ts"],
    cwd: PROJECT,
    stderr: "null",
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const load = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code, isDynamic } of byName.get(specifier)?.dependencies ?? []) {
      if (code?.specifier !== undefined && isDynamic !== true) load(code.specifier);
    }
  };
  for (const entry of ["/cli/program.ts", "/cli/commands/check.ts"]) {
    load(modules.find(({ specifier }) => specifier.endsWith(entry))!.specifier);
  }
  assert.ok([...loaded].some((specifier) => specifier.endsWith("/rules/load.ts")));
  const heavy = [...loaded].filter((specifier) =>
    /\/(?:engine|ffi\/bpf|sources|metadata)\//.test(specifier) && !LIGHT.test(specifier)
  );
  assert.deepEqual(heavy, []);
});

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}
