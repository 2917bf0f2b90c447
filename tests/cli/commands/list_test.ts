// `falco list`: what people see of the catalogue and of loaded rules.

import { deepEqual, doesNotMatch, equal, match, ok, throws } from "node:assert/strict";
import { listSubject } from "../../../cli/commands/list.ts";
import { columns, type Page } from "../../../cli/terminal/page.ts";
import { SETTINGS } from "../../../config/settings.ts";
import { type LoadResult, loadRules } from "../../../rules/load.ts";
import { makeSource } from "../../../rules/text/source.ts";
import { FIELDS } from "../../../schema/fields.ts";
import { falco, GOOD_RULE, STACK_TRACE, withRules } from "../falco_command.ts";
import { BUNDLED_RULES } from "../../../service/loading/rules_paths.ts";
import fc from "fast-check";

const PAGE: Page = { width: 80, colour: false };

const RULES = `
- list: shells
  items: [bash, sh]
- list: programs
  items: [shells, vi]
- macro: opened
  condition: evt.type in (open, openat)
- rule: Shadow
  desc: "Somebody read the \\e[31m\\a passwords."
  condition: opened and fd.name = /etc/shadow and proc.name in (programs)
  output: opened by %proc.name
  priority: WARNING
  tags: [files]
- rule: Off
  desc: d
  condition: evt.type = open and fd.num > 1
  output: o
  priority: DEBUG
  enabled: false
`;

const MORE = `
- macro: opened
  condition: or evt.type = openat2
  override: {condition: append}
- list: programs
  items: [nano]
`;

function load(): LoadResult {
  const loaded = loadRules([makeSource("a.yaml", RULES), makeSource("b.yaml", MORE)]);
  deepEqual(loaded.diagnostics.filter(({ severity }) => severity === "error"), []);
  return loaded;
}

function list(subject: string, patterns: readonly string[] = [], page = PAGE): string {
  return listSubject(subject, { patterns, json: false, page, loaded: load });
}

// deno-lint-ignore no-explicit-any
function json(subject: string, patterns: readonly string[] = []): any[] {
  return JSON.parse(listSubject(subject, { patterns, json: true, page: PAGE, loaded: load }));
}

for (const subject of ["fields", "events", "rules", "macros", "lists", "config"]) {
  Deno.test(`list ${subject} is the same each time and has no escape sequences without colours`, () => {
    const text = list(subject);
    ok(text.length > 0);
    equal(text, list(subject));
    doesNotMatch(text, /\p{Cc}(?<!\n)/u);
    doesNotMatch(text, / $/m);
  });
}

for (const width of [60, 80, 160]) {
  Deno.test(`listings fit ${width} columns`, () => {
    for (const subject of ["fields", "rules", "macros", "lists"]) {
      for (const line of list(subject, [], { width, colour: false }).split("\n")) {
        // a word that is longer than its column cannot be broken
        ok([...line].length <= width || /^\s*\S+$/.test(line.trimEnd()), `${subject}: ${line}`);
      }
    }
  });
}

Deno.test("colours are used where the page has them", () => {
  ok(list("fields", [], { width: 80, colour: true }).includes("\x1b[36mproc.name\x1b[0m"));
});

Deno.test("list fields names every field that is neither hidden nor deprecated", () => {
  const text = list("fields");
  for (const { name, hidden, deprecated } of FIELDS) {
    if (!hidden && !deprecated) {
      ok(new RegExp(`^  ${name.replaceAll(".", "\\.")}[. \\[\\n]`, "m").test(text), name);
    }
  }
});

Deno.test("a full name shows all about a field", () => {
  const text = list("fields", ["proc.aname"]);
  match(text, /^proc\.aname\[N\]\n {2}\S/);
  for (const word of ["type", "argument", "example", "has a value on", "operators", "startswith"]) {
    ok(text.includes(word), word);
  }
});

Deno.test("patterns choose by shape, by part, and without regard to case", () => {
  const names = (...patterns: string[]) => json("fields", patterns).map(({ name }) => name);
  deepEqual(names("FS.PATH.*"), FIELDS.filter(({ class: of }) => of === "fs.path").map(({ name }) => name));
  deepEqual(names("user.name"), ["user.name"]);
  ok(names("cmdline").includes("proc.acmdline"));
  deepEqual(names("group.gid", "user.uid"), ["user.uid", "group.gid"]);
});

Deno.test("a name that nothing has is a mistake with a hint, all of them at once", () => {
  throws(() => list("fields", ["proc.nam3", "zzzzzz"]), {
    message: "no field is called proc.nam3; did you mean `proc.name`?\nno field is called zzzzzz",
  });
  throws(() => list("feilds"), /did you mean `fields`\?/);
  throws(() => list("constructor"), /nothing of this name/);
});

Deno.test("list events gives parameters, and for one name their types and flags", () => {
  match(list("events"), /^ {2}< openat +file +fd dirfd name flags mode dev ino/m);
  const text = list("events", ["openat2"]);
  match(text, /^> openat2 .*at entry/m);
  match(text, /^< openat2 .*at return/m);
  match(text, /flags +flags32 .*O_CREAT/s);
  deepEqual(json("events", ["getppid"]).map(({ name, code, params }) => [name, code, params.length]), [
    ["getppid", 1, 2],
  ]);
});

Deno.test("reads and writes are marked as not captured by default", () => {
  match(list("events", ["read"]), /Captured where a rule names it/);
  deepEqual(json("events", ["write"]).map((event) => event.captured_by_default), [false]);
});

Deno.test("list rules tells place, state and what a rule uses", () => {
  match(list("rules"), /^Shadow {2}WARNING|^Shadow {2}Warning\n {2}a\.yaml:8\n/m);
  match(list("rules"), /^Off {2}Debug, disabled$/m);
  const text = list("rules", ["shadow"]);
  for (
    const line of [/defined +a\.yaml:8/, /state +runs/, /macros +opened/, /lists +programs/, /tags +files/]
  ) {
    match(text, line);
  }
  match(text, /fd\.name =\s+\/etc\/shadow and proc\.name in \(nano\)\)/);
});

Deno.test("macros and lists tell where they are defined, changed and used", () => {
  const [macro] = json("macros", ["opened"]);
  deepEqual([macro.defined, macro.condition_added], [
    { file: "a.yaml", line: 6 },
    [{ file: "b.yaml", line: 3 }],
  ]);
  deepEqual(macro.used_by, { rules: ["Shadow"], macros: [], lists: [] });
  const [programs] = json("lists", ["programs"]);
  deepEqual([programs.defined, programs.first_defined], [
    { file: "b.yaml", line: 5 },
    { file: "a.yaml", line: 4 },
  ]);
  match(list("lists"), /^shells +2 items +not used +a\.yaml:2$/m);
});

Deno.test("list config shows the settings that are asked for, as a falco.yaml with comments or as JSON", () => {
  equal(
    list("config", ["json_output", "engine.kind"]),
    "engine:\n  # Where events come from: this host, a recording, or no system calls at all. One of modern_ebpf,\n" +
      "  # replay, nodriver.\n  kind: modern_ebpf\n\n" +
      "# Alerts as JSON objects, one a line; also what -L, -V and --version print.\njson_output: false",
  );
  const all = json("config");
  deepEqual(all.map(({ name }: { name: string }) => name), Object.keys(SETTINGS));
  const [interval] = json("config", ["metrics.interval"]);
  deepEqual([interval.type, interval.default, interval.help], [
    "duration",
    "1h",
    "time between two snapshots",
  ]);
});

Deno.test("columns: a cell that is too long for its column does not push the others away", () => {
  const rows = [["short", "text"], ["x".repeat(50), "more text"]].map((row) => row.map((text) => ({ text })));
  equal(columns(PAGE, rows, 0), `short  text\n${"x".repeat(50)}\n       more text`);
});

Deno.test("listings of damaged rules neither fail nor hold control characters", () => {
  const text = Deno.readTextFileSync(BUNDLED_RULES);
  const insert = fc.constantFrom(
    "(",
    '"',
    "\x9b",
    "\x07",
    "\n- rule: x\n",
    " or ",
    ",",
    "\u2028",
    "[",
    "override:",
  );
  const edit = fc.tuple(fc.nat(text.length), fc.nat(20), insert);
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
      let damaged = text;
      for (const [at, cut, word] of edits) damaged = damaged.slice(0, at) + word + damaged.slice(at + cut);
      const loaded = loadRules([makeSource("x.yaml", damaged)]);
      for (const subject of ["rules", "macros", "lists"]) {
        for (const json of [false, true]) {
          const listed = listSubject(subject, { patterns: [], json, page: PAGE, loaded: () => loaded });
          doesNotMatch(listed, /[\p{Cc}\u2028](?<!\n)/u);
        }
      }
    }),
    { numRuns: 15 },
  );
});

Deno.test("falco list rules reads the rules it is given, and prints nothing else", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { code, stdout, stderr } = await falco("list", "rules", "-r", path);
    deepEqual([code, stderr], [0, ""]);
    match(stdout, /^Shadow file opened {2}Warning\n/);
  });
});

Deno.test("falco list on broken rules is a diagnostic, exit 1", async () => {
  await withRules("- rule: a\n", async (path) => {
    const { code, stdout, stderr } = await falco("list", "macros", "-r", path);
    deepEqual([code, stdout], [1, ""]);
    match(stderr, /^error\[/);
    doesNotMatch(stderr, STACK_TRACE);
  });
});
