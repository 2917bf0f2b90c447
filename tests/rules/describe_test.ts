// Descriptions of rules: the JSON of `falco -L`, and the condition as text.

import assert from "node:assert/strict";
import type { Expr } from "../../rules/syntax/ast.ts";
import { Describer, type Description } from "../../rules/describe/describe.ts";
import { detailsOf } from "../../rules/describe/details.ts";
import { eventNamesOf } from "../../rules/describe/event_names.ts";
import { outputFieldsOf } from "../../rules/describe/output_fields.ts";
import { additionsOf, placeText } from "../../rules/describe/places.ts";
import { usesOf } from "../../rules/describe/uses.ts";
import { type LoadResult, loadRules } from "../../rules/load.ts";
import { MappedText } from "../../rules/text/mapped_text.ts";
import { parseCondition } from "../../rules/syntax/parser.ts";
import { printCondition } from "../../rules/syntax/print_condition.ts";
import { makeSource } from "../../rules/text/source.ts";
import { eventsNamed } from "../../schema/events.ts";
import { fieldByName } from "../../schema/fields.ts";
import { syscallByName } from "../../schema/syscalls.ts";
import { UPSTREAM, upstreamSource } from "./upstream.ts";

function load(...texts: string[]): LoadResult {
  const loaded = loadRules(texts.map((text, at) => makeSource(`${at}.yaml`, text)));
  const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors.map(({ message }) => message), []);
  return loaded;
}

function parse(text: string): Expr {
  const parsed = parseCondition(exact(text));
  assert.deepEqual(parsed.problems, [], text);
  return parsed.expr;
}

function exact(text: string): MappedText {
  const source = makeSource("condition", text);
  return MappedText.synthetic(text, { source, start: 0, end: text.length });
}

const RULES = `
- required_engine_version: 0.50.0
- required_plugin_versions:
  - name: container
    version: 0.4.0
    alternatives: [{name: other, version: 1.2.3}]
- list: shells
  items: [bash, sh]
- list: programs
  items: [shells, "two words"]
- list: idle
  items: [nothing]
- macro: spawned
  condition: evt.type in (execve, execveat)
- macro: shell_spawned
  condition: spawned and proc.name in (programs)
- macro: unused
  condition: fd.num > 3
- rule: Shell
  desc: |
    A shell
    was started.
  condition: shell_spawned and not (container.id = host or proc.pname exists)
  output: "  started %proc.name %20proc.cmdline %toupper(proc.name) in %container.name "
  priority: info
  tags: [b, a]
  exceptions:
  - name: known
    fields: [proc.name, "proc.aname[2]"]
    comps: [=, in]
    values:
    - [bash, [systemd, cron]]
  - name: without
    fields: user.name
- rule: Off
  desc: off
  enabled: false
  condition: evt.type = open and fd.name startswith oneof (/etc, /root)
  output: opened
  priority: WARNING
  capture: true
  capture_duration: 500
`;

Deno.test("a rule is described as Falco does: what is written, and what it stands for", () => {
  assert.deepEqual(new Describer(load(RULES)).rule("Shell"), {
    details: {
      condition_compiled: '(((evt.type in (execve, execveat) and proc.name in (bash, sh, "two words")) and ' +
        "not (container.id = host or proc.pname exists)) and " +
        "not (proc.name = bash and proc.aname[2] in (systemd, cron)))",
      condition_fields: ["container.id", "evt.type", "proc.aname[2]", "proc.name", "proc.pname"],
      condition_operators: ["=", "exists", "in"],
      events: ["asyncevent", "execve", "execveat"],
      exception_fields: ["proc.aname[2]", "proc.name", "user.name"],
      exception_names: ["known", "without"],
      exception_operators: ["=", "in"],
      lists: [],
      macros: ["shell_spawned"],
      output_compiled: "started %proc.name %20proc.cmdline %toupper(proc.name) in %container.name",
      output_fields: ["proc.name", "proc.cmdline", "proc.name", "toupper(proc.name)", "container.name"],
      plugins: ["container"],
    },
    info: {
      capture: false,
      capture_duration: 0,
      condition: "shell_spawned and not (container.id = host or proc.pname exists)",
      description: "A shell\nwas started.\n",
      enabled: true,
      name: "Shell",
      output: "started %proc.name %20proc.cmdline %toupper(proc.name) in %container.name",
      priority: "Informational",
      source: "syscall",
      tags: ["a", "b"],
    },
  });
});

Deno.test("disabled rules are described too; modifiers belong to operators", () => {
  const rule = new Describer(load(RULES)).rule("Off");
  assert.deepEqual([rule?.info.enabled, rule?.info.capture, rule?.info.capture_duration], [false, true, 500]);
  assert.deepEqual(rule?.details.condition_operators, ["=", "startswith oneof"]);
  assert.equal(
    rule?.details.condition_compiled,
    "(evt.type = open and fd.name startswith oneof (/etc, /root))",
  );
});

Deno.test("a rule that is not there has no description", () => {
  assert.equal(new Describer(load(RULES)).rule("Shel"), undefined);
});

Deno.test("macros and lists are described with what they name and whether anything uses them", () => {
  const { macros, lists, required_engine_version, required_plugin_versions } = new Describer(load(RULES))
    .all();
  assert.deepEqual(
    macros.map(({ info, details }) => [info.name, details.used, details.macros, details.lists]),
    [
      ["spawned", true, [], []],
      ["shell_spawned", true, ["spawned"], ["programs"]],
      ["unused", false, [], []],
    ],
  );
  assert.deepEqual(
    lists.map(({ info, details }) => [info, details.lists, details.items_compiled, details.used]),
    [
      [{ items: ["bash", "sh"], name: "shells" }, [], ["bash", "sh"], true],
      [{ items: ["two words"], name: "programs" }, ["shells"], ["bash", "sh", "two words"], true],
      [{ items: ["nothing"], name: "idle" }, [], ["nothing"], false],
    ],
  );
  assert.equal(required_engine_version, "0.50.0");
  assert.deepEqual(required_plugin_versions, [
    { alternatives: [{ name: "other", version: "1.2.3" }], name: "container", version: "0.4.0" },
  ]);
});

Deno.test("the newest engine version that any file asks for is told, and 0.0.0 where none does", () => {
  const version = (...texts: string[]) => new Describer(load(...texts)).all().required_engine_version;
  assert.equal(version("- required_engine_version: 0.41.0\n", "- required_engine_version: 15\n"), "0.41.0");
  assert.equal(version("- list: a\n  items: [b]\n"), "0.0.0");
});

Deno.test("append_output is part of the compiled output, its fields are among the output fields", () => {
  const appendOutput = [{
    extraOutput: "user=%user.name",
    extraFields: ["proc.pid", { key: "who", format: "%user.name/%proc.name" }],
  }];
  const rule = new Describer(loadRules([makeSource("x", RULES)], { appendOutput })).rule("Off");
  assert.equal(rule?.details.output_compiled, "opened user=%user.name");
  assert.deepEqual(rule?.details.extra_output_formatted_fields, { who: "%user.name/%proc.name" });
  assert.deepEqual(rule?.details.output_fields.slice(0, 2), ["proc.pid", "%user.name/%proc.name"]);
});

const PRINTED: readonly (readonly [written: string, printed: string])[] = [
  ["a.b=c", "a.b = c"],
  ["not not a.b = c", "a.b = c"],
  ["not not not (a.b = c or d)", "not (a.b = c or d)"],
  ["a.b = c or d and e", "(a.b = c or (d and e))"],
  ["(a and b) and c", "((a and b) and c)"],
  ['fd.name in (\'x y\', "q\\"q", z)', 'fd.name in ("x y", "q\\"q", z)'],
  ["proc.args[1] exists", "proc.args[1] exists"],
  ["fd.num>=0x10", "fd.num >= 0x10"],
  ["proc.name = val(proc.pname)", "proc.name = val(proc.pname)"],
  ["tolower(basename(proc.exe)) startswith x", "tolower(basename(proc.exe)) startswith x"],
  ["proc.name contains oneof", "proc.name contains oneof"],
  ["fd.name pmatch (/a,/b)", "fd.name pmatch (/a, /b)"],
  ["proc.name in ()", "proc.name in ()"],
];

for (const [written, printed] of PRINTED) {
  Deno.test(`a condition in Falco's form: ${written}`, () => {
    assert.equal(printCondition(parse(written)), printed);
    assert.equal(printCondition(parse(printed)), printed, "read back");
  });
}

const EVENT_NAMES: readonly (readonly [condition: string, names: readonly string[]])[] = [
  ["evt.type = open", ["asyncevent", "open"]],
  ["evt.type in (open, getppid) and fd.num > 1", ["asyncevent", "getppid", "open"]],
  ["evt.type = open and evt.type = close", ["asyncevent"]],
  ["evt.type = open or syscall.type == close", ["asyncevent", "close", "open"]],
  ["not (evt.type != open or evt.type = close)", ["asyncevent", "open"]],
  ["not evt.type exists", ["asyncevent"]],
  ["evt.num = 0", ["asyncevent"]],
  ["evt.type = open or evt.num in (0)", ["asyncevent", "open"]],
  ["evt.type = open and not evt.num < 1", ["asyncevent", "open"]],
  ["evt.type = open and not evt.num >= 1", ["asyncevent"]],
  ["evt.type = accept", ["accept", "accept4", "asyncevent"]],
  ["evt.type in (accept4, sendto)", ["accept", "accept4", "asyncevent", "sendto"]],
  ["evt.type = NA", ["NA", "asyncevent"]],
];

for (const [condition, names] of EVENT_NAMES) {
  Deno.test(`events of a condition: ${condition}`, () => {
    assert.deepEqual(eventNamesOf(parse(condition), "syscall"), names);
  });
}

Deno.test("a check that is not about the event's type leaves all events", () => {
  const all = eventNamesOf(parse("fd.num > 1"), "syscall");
  assert.ok(all.includes("openat") && all.includes("getppid") && all.includes("NA"));
  assert.ok(!all.some((name) => name.includes(" ")));
  assert.ok(eventNamesOf(parse("evt.type != accept4"), "syscall").includes("accept"));
  assert.ok(!eventNamesOf(parse("not evt.type in (accept, accept4)"), "syscall").includes("accept4"));
  assert.deepEqual(eventNamesOf(parse("not fd.num > 1"), "syscall"), all);
  assert.deepEqual(eventNamesOf(parse("evt.type startswith o"), "syscall"), all);
  assert.equal(eventNamesOf(parse("evt.type != open"), "syscall").length, all.length - 1);
  assert.deepEqual(eventNamesOf(parse("fd.num > 1"), "k8s_audit"), ["asyncevent", "pluginevent"]);
});

Deno.test("fields within transformers are output fields; of transformers within each other only the outermost is", () => {
  assert.deepEqual(outputFieldsOf("proc.aname[2]"), ["proc.aname[2]"]);
  assert.deepEqual(outputFieldsOf("tolower(basename(proc.exe))"), [
    "proc.exe",
    "tolower(basename(proc.exe))",
  ]);
  const joined = 'join(",", (proc.name, concat(proc.pname, fd.name)))';
  assert.deepEqual(outputFieldsOf(joined), ["proc.name", "proc.pname", "fd.name", joined]);
});

Deno.test("who uses a macro or a list is told, exceptions included", () => {
  const text = RULES.replace("[systemd, cron]", "[idle]");
  const uses = usesOf(load(text));
  assert.deepEqual(uses.macro("spawned"), { rules: [], macros: ["shell_spawned"], lists: [] });
  assert.deepEqual(uses.macro("shell_spawned"), { rules: ["Shell"], macros: [], lists: [] });
  assert.deepEqual(uses.list("shells"), { rules: [], macros: [], lists: ["programs"] });
  assert.deepEqual(uses.list("idle"), { rules: ["Shell"], macros: [], lists: [] });
  assert.deepEqual(uses.macro("unused"), { rules: [], macros: [], lists: [] });
});

Deno.test("places where a condition was added to are told", () => {
  const more = "\n- macro: unused\n  condition: or fd.num = 1\n  override: {condition: append}\n";
  const folded = more.replace("or fd.num = 1", ">\n    or\n    fd.num\n    = 1");
  const { definitions } = load(RULES, more, folded);
  const { condition } = definitions.macros.get("unused")!;
  assert.deepEqual(additionsOf(condition).map(placeText), ["1.yaml:3", "2.yaml:4"]);
  assert.deepEqual(additionsOf(definitions.macros.get("spawned")!.condition), []);
});

const FILES = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules", "k8s_audit_rules"];

function describeUpstream(): Description {
  return new Describer(loadRules(FILES.map(upstreamSource))).all();
}

Deno.test(
  "upstream: every rule that loads is described with known fields and events",
  { ignore: !UPSTREAM },
  () => {
    const { rules, macros, lists } = describeUpstream();
    assert.ok(rules.length >= 93, `${rules.length} rules`);
    const macroNames = new Set(macros.map(({ info }) => info.name));
    const listNames = new Set(lists.map(({ info }) => info.name));
    for (const { info, details } of rules) {
      for (const field of details.condition_fields) {
        const name = field.replace(/\[.*$/, "").replace(/^(evt\.(?:raw)?arg|evt\.type\.is)\..*$/, "$1");
        assert.ok(fieldByName(name), `${info.name}: ${field}`);
      }
      for (const event of details.events) {
        assert.ok(
          event === "NA" || eventsNamed(event).length > 0 || syscallByName(event),
          `${info.name}: ${event}`,
        );
      }
      for (const macro of details.macros) assert.ok(macroNames.has(macro), `${info.name}: ${macro}`);
      for (const list of details.lists) assert.ok(listNames.has(list), `${info.name}: ${list}`);
      assert.ok(details.condition_compiled.length > 0 && details.output_fields.length > 0, info.name);
    }
  },
);

/** Falco quotes neither parentheses nor commas nor empty values: the text of these is for people alone. */
const UNREADABLE: readonly string[] = [
  "Read sensitive file untrusted",
  "System procs network activity",
  "Non sudo setuid",
  "User mgmt binaries",
  "Mount Launched in Privileged Container",
  "Sudo Potential Privilege Escalation",
  "Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)",
];

Deno.test("upstream: expanded conditions are read back, and hold no macros", { ignore: !UPSTREAM }, () => {
  const anyName = { has: () => true };
  const unreadable: string[] = [];
  for (const { info, details: { condition_compiled: text } } of describeUpstream().rules) {
    const parsed = parseCondition(exact(text));
    if (parsed.problems.length > 0) unreadable.push(info.name);
    else {
      assert.equal(printCondition(parsed.expr), text, info.name);
      assert.deepEqual(detailsOf(parsed.expr, { macros: anyName, lists: anyName }).macros, [], info.name);
    }
  }
  assert.deepEqual(unreadable, UNREADABLE);
});

Deno.test("a condition that lists and macros blow up is cut, not printed in full", () => {
  const items = Array.from({ length: 50_000 }, (_, at) => `item${at}`).join(", ");
  const uses = Array.from({ length: 900 }, () => "big").join(" or ");
  const loaded = load(`
- {list: words, items: [${items}]}
- macro: big
  condition: proc.name in (words)
- {rule: Big, desc: d, output: o, priority: info, condition: evt.type = open and (${uses})}
`);
  const text = new Describer(loaded).rule("Big")!.details.condition_compiled;
  assert.ok(text.length < 70 << 20, `${text.length} characters`);
  assert.ok(text.length > 1 << 20);
});
