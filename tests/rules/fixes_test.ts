// Fixes: each is offered for its mistake, and writing it takes the mistake away; safe ones change no rule's meaning.

import assert from "node:assert/strict";
import { applyFixes } from "../../rules/fixes/apply_fixes.ts";
import { fixesOf } from "../../rules/fixes/fixes_of.ts";
import { ignoreFix } from "../../rules/fixes/ignore_fix.ts";
import { loadRules } from "../../rules/load.ts";
import { type Diagnostic, makeSource } from "../../rules/mod.ts";

const BASE = `- macro: opened
  condition: evt.type in (open, openat, openat2)
- list: shells
  items: [sh, bash]
- rule: A
  desc: d
  condition: opened and proc.name in (shells)
  output: o
  priority: WARNING
`;

const rule = (condition: string) =>
  `- rule: B\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: WARNING\n`;

interface Case {
  readonly what: string;
  readonly code: string;
  readonly before: string;
  readonly after: string;
  readonly safe: boolean;
}

const CASES: readonly Case[] = [
  {
    what: "a list where one value should be",
    code: "condition-syntax",
    before: rule("opened and proc.name = shells"),
    after: rule("opened and proc.name in (shells)"),
    safe: true,
  },
  {
    what: "a misspelt list",
    code: "unknown-list",
    before: BASE.replace("shells", "my_shells").replace("(shells)", "(my_shell)"),
    after: BASE.replace("shells", "my_shells").replace("(shells)", "(my_shells)"),
    safe: false,
  },
  {
    what: "a field in quotes",
    code: "condition-syntax",
    before: rule("opened and 'proc.name' = x"),
    after: rule("opened and proc.name = x"),
    safe: true,
  },
  {
    what: "the field of another program",
    code: "unknown-field",
    before: rule("evt.type = connect and fd.dport = 22"),
    after: rule("evt.type = connect and fd.sport = 22"),
    safe: false,
  },
  {
    what: "a network for an address",
    code: "invalid-value",
    before: rule("evt.type = connect and fd.sip = 10.0.0.0/8"),
    after: rule("evt.type = connect and fd.snet = 10.0.0.0/8"),
    safe: false,
  },
  {
    what: "patterns where words are compared",
    code: "literal-glob",
    before: rule("opened and fd.name in (/etc/*, /usr/bin/*)"),
    after: rule("opened and fd.name startswith anyof (/etc/, /usr/bin/)"),
    safe: false,
  },
  {
    what: "a call that few programs use",
    code: "other-call",
    before: rule("evt.type = open and fd.name = /x"),
    after: rule("evt.type in (open, openat, openat2) and fd.name = /x"),
    safe: false,
  },
  {
    what: "a transformer of another language",
    code: "condition-syntax",
    before: rule("opened and lower(proc.name) = x"),
    after: rule("opened and tolower(proc.name) = x"),
    safe: true,
  },
  {
    what: "a field in braces",
    code: "output-syntax",
    before: rule("opened").replace("output: o", 'output: "by %{proc.name}"'),
    after: rule("opened").replace("output: o", 'output: "by %proc.name"'),
    safe: false,
  },
  {
    what: "a colon in a value",
    code: "yaml-syntax",
    before: rule("opened").replace("desc: d", "desc: shells: in containers # why"),
    after: rule("opened").replace("desc: d", 'desc: "shells: in containers" # why'),
    safe: false,
  },
  {
    what: "a list that says macro",
    code: "missing-key",
    before: "- macro: names\n  items: [a]\n",
    after: "- list: names\n  items: [a]\n",
    safe: false,
  },
  {
    what: "a misspelt field",
    code: "unknown-field",
    before: rule("opened and proc.nam = x"),
    after: rule("opened and proc.name = x"),
    safe: false,
  },
  {
    what: "a misspelt macro",
    code: "undefined-macro",
    before: rule("opend"),
    after: rule("opened"),
    safe: false,
  },
  {
    what: "a misspelt event type",
    code: "unknown-event-type",
    before: rule("evt.type = opnat"),
    after: rule("evt.type = openat"),
    safe: false,
  },
  {
    what: "a misspelt field of an output",
    code: "unknown-output-field",
    before: rule("opened").replace("output: o", "output: o %10proc.nme"),
    after: rule("opened").replace("output: o", "output: o %10proc.name"),
    safe: false,
  },
  {
    what: "a misspelt priority",
    code: "invalid-priority",
    before: rule("opened").replace("WARNING", "WARNIG"),
    after: rule("opened").replace("WARNING", "Warning"),
    safe: false,
  },
  {
    what: "a word of another language",
    code: "condition-syntax",
    before: rule("opened && proc.name = x"),
    after: rule("opened and proc.name = x"),
    safe: true,
  },
  {
    what: "a keyword in upper case",
    code: "condition-syntax",
    before: rule("opened AND proc.name = x"),
    after: rule("opened and proc.name = x"),
    safe: true,
  },
  {
    what: "a path with blanks",
    code: "condition-syntax",
    before: rule("opened and fd.name = /my path/of x and proc.name = x"),
    after: rule('opened and fd.name = "/my path/of x" and proc.name = x'),
    safe: false,
  },
  {
    what: "a path with blanks among others",
    code: "condition-syntax",
    before: rule("opened and fd.name in (/a, /my path/x, /b)"),
    after: rule('opened and fd.name in (/a, "/my path/x", /b)'),
    safe: false,
  },
  {
    what: "paths without a comma between them",
    code: "condition-syntax",
    before: rule("opened and fd.name in (/a /b)"),
    after: rule("opened and fd.name in (/a, /b)"),
    safe: false,
  },
  {
    what: "a command at the end of a condition that is in quotes",
    code: "condition-syntax",
    before: rule('"opened and proc.cmdline contains rm -rf /"'),
    after: rule("\"opened and proc.cmdline contains 'rm -rf /'\""),
    safe: false,
  },
  {
    what: "a path without its parentheses",
    code: "condition-syntax",
    before: rule("opened and fd.name in /etc/x"),
    after: rule("opened and fd.name in (/etc/x)"),
    safe: true,
  },
  {
    what: "a text in quotes without its parentheses",
    code: "condition-syntax",
    before: rule('opened and fd.name in "/etc/x y"'),
    after: rule('opened and fd.name in ("/etc/x y")'),
    safe: true,
  },
  {
    what: "a regular expression that is not needed",
    code: "simpler-operator",
    before: rule("opened and fd.name regex /etc/.*"),
    after: rule("opened and fd.name startswith /etc/"),
    safe: true,
  },
  {
    what: "append: true",
    code: "deprecated",
    before: "- rule: A\n  append: true\n  condition: and fd.name = x\n",
    after: "- rule: A\n  override: {condition: append}\n  condition: and fd.name = x\n",
    safe: true,
  },
  {
    what: "append: true of a list in braces",
    code: "deprecated",
    before: "- {list: shells, append: true, items: [zsh]}\n",
    after: "- {list: shells, override: {items: append}, items: [zsh]}\n",
    safe: true,
  },
  {
    what: "enabled alone",
    code: "deprecated",
    before: "- rule: A\n  enabled: false\n",
    after: "- rule: A\n  enabled: false\n  override: {enabled: replace}\n",
    safe: true,
  },
  {
    what: "a key that override does not name",
    code: "invalid-override",
    before:
      "- rule: A\n  priority: ERROR\n  condition: and fd.name = x\n  override:\n    condition: append\n",
    after:
      "- rule: A\n  priority: ERROR\n  condition: and fd.name = x\n  override:\n    priority: replace\n    condition: append\n",
    safe: false,
  },
  {
    what: "a text where a sequence belongs",
    code: "wrong-type",
    before: "- list: ports\n  items: 80\n" + rule("opened and fd.sport in (ports)"),
    after: "- list: ports\n  items: [80]\n" + rule("opened and fd.sport in (ports)"),
    safe: true,
  },
  {
    what: "an appended or without parentheses",
    code: "append-precedence",
    before:
      "- rule: A\n  condition: >\n    and fd.name = x\n    or fd.name = y\n  override: {condition: append}\n",
    after:
      "- rule: A\n  condition: >\n    and (fd.name = x\n    or fd.name = y)\n  override: {condition: append}\n",
    safe: false,
  },
  {
    what: "the name of a field as a value",
    code: "field-as-value",
    before: rule("opened and proc.name = proc.pname"),
    after: rule("opened and proc.name = val(proc.pname)"),
    safe: false,
  },
];

const load = (text: string) => loadRules([makeSource("base", BASE), makeSource("rules", text)]);

function found(text: string, code: string): Diagnostic {
  const { diagnostics } = load(text);
  const diagnostic = diagnostics.find((each) => each.code === code && each.span?.source.path === "rules");
  assert.ok(
    diagnostic,
    `${code} in ${diagnostics.map((each) => `${each.code}: ${each.message}`).join("; ")}`,
  );
  return diagnostic;
}

for (const { what, code, before, after, safe } of CASES) {
  Deno.test(`fix: ${what}`, () => {
    const diagnostic = found(before, code);
    const [fix] = fixesOf(diagnostic);
    assert.ok(fix, `a fix for: ${diagnostic.message}; ${diagnostic.hint}`);
    assert.equal(fix.safe, safe);
    const { text, applied } = applyFixes(diagnostic.span!.source, [fix]);
    assert.deepEqual([text, applied], [after, 1]);
    assert.deepEqual(load(after).diagnostics.filter((each) => each.code === code), []);
  });
}

Deno.test("fix: a safe one of a rule that loads changes nothing of what the rule means", () => {
  const meaning = (text: string) =>
    JSON.stringify(load(text).rules, (key, value) => {
      if (key === "span" || key === "operatorSpan") return undefined;
      return typeof value === "bigint" ? String(value) : value;
    });
  for (const { before, after, safe } of CASES) {
    const { diagnostics, faulty } = load(before);
    if (
      !safe || faulty.length > 0 ||
      diagnostics.some(({ severity, code }) => severity === "error" || code === "simpler-operator")
    ) continue;
    assert.equal(meaning(after), meaning(before), before);
  }
});

Deno.test("fix: words that may be a macro or several values are not put into quotes", () => {
  for (const condition of ["proc.name = bash opened", "fd.name = /a /b", "proc.name in (sh bash)"]) {
    const { diagnostics } = loadRules([makeSource("a.yaml", BASE + rule(condition))], {});
    const [syntax] = diagnostics.filter(({ code }) => code === "condition-syntax");
    assert.deepEqual(fixesOf(syntax!), [], condition);
  }
});

Deno.test("fix: what overlaps is left for another round", () => {
  const source = makeSource("x", "abcdef");
  const edit = (start: number, end: number, text: string) => ({
    title: "",
    safe: true,
    edits: [{ span: { source, start, end }, text }],
  });
  const { text, applied } = applyFixes(source, [edit(0, 2, "X"), edit(1, 3, "Y"), edit(4, 5, "")]);
  assert.deepEqual([text, applied], ["Xcdf", 2]);
});

Deno.test("fix: a comment switches a warning off for its item", () => {
  const text = rule("opened and fd.name regex /etc/.*");
  const diagnostic = found(text, "simpler-operator");
  const fix = ignoreFix(diagnostic, text.indexOf("rule:"))!;
  const fixed = applyFixes(diagnostic.span!.source, [fix]).text;
  assert.deepEqual(load(fixed).diagnostics, []);
  assert.equal(ignoreFix(found(rule("opend"), "undefined-macro"), 0), undefined);
});
