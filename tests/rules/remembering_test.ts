// A set with a memory says after any row of edits what a set says that has just been read, word for word and place for place.

import assert from "node:assert/strict";
import fc from "fast-check";
import { environmentOf } from "../../rules/check/environment.ts";
import { Memory } from "../../rules/memory.ts";
import { diagnosticJson } from "../../rules/report/json.ts";
import { RuleSet } from "../../rules/rule_set.ts";
import { makeSource } from "../../rules/text/source.ts";
import type { Source } from "../../rules/text/span.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

const ENVIRONMENT = environmentOf();

/** Places that are equal and not the same would be told apart by who asks for the file. */
function findings(set: RuleSet): unknown[] {
  return set.check().diagnostics.map((diagnostic) => {
    const of = ({ source }: { source: Source }) => set.files.indexOf(source);
    const { span, labels, fixes = [] } = diagnostic;
    return {
      ...diagnosticJson(diagnostic),
      files: [...span === undefined ? [] : [span], ...labels.map((label) => label.span)].map(of),
      fixes: fixes.map(({ title, safe, edits }) => ({
        title,
        safe,
        edits: edits.map(({ span, text }) => [of(span), span.start, span.end, text]),
      })),
    };
  });
}

interface Typed {
  readonly file: number;
  readonly at: number;
  readonly deleted: number;
  readonly inserted: string;
}

/** The text after an edit at a place that is given as a fraction: near the places where things are written. */
function edited(text: string, { at, deleted, inserted }: Typed): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + inserted + text.slice(start + deleted);
}

const PIECES = [
  ...[
    "\n",
    " ",
    "#",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ",",
    ":",
    "- ",
    "\n- ",
    "&a ",
    "*a",
    "|",
    ">",
    "\t",
    "%",
  ],
  ...[
    "and",
    " or ",
    "not ",
    "=",
    "in",
    "exists",
    "proc.name",
    "evt.type",
    "fd.nam",
    "!",
    "x",
    "shell_procs",
    "spawned_process",
  ],
  "\n# a comment\n",
  "\n---\n",
  "\n# falco: ignore unused-macro -- why\n",
  "\n- list: shell_binaries\n  items: [a, 'b c']\n  override: {items: append}\n",
  "\n- macro: spawned_process\n  condition: or evt.type = clone\n  override: {condition: append}\n",
  "\n- macro: container\n  condition: container.id != x\n",
  "\n- macro: mine\n  condition: spawned_process and proc.name in (shell_binaries, 'a*') and fd.name = /b*\n",
  "\n- rule: Mine\n  desc: d\n  condition: mine and not mine or proc.nmae exists\n  output: a %proc.nmae\n  priority: info\n",
  "\n- rule: Mine\n  exceptions: [{name: e, fields: [proc.name], values: [[a], [a]]}]\n  override: {exceptions: append}\n",
  "\n- rule: Terminal shell in container\n  condition: and proc.name = x or a\n  append: true\n",
];

const edits = (files: number) =>
  fc.array(
    fc.record({
      file: fc.nat(files - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      deleted: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(5), fc.nat(3000)),
      inserted: fc.oneof(fc.constantFrom(...PIECES), fc.constant(""), fc.string({ maxLength: 3 })),
    }),
    { minLength: 1, maxLength: 6 },
  );

function compare(files: readonly Source[], typed: readonly Typed[]): void {
  let set = RuleSet.of(files, ENVIRONMENT, new Memory(true));
  set.check();
  for (const each of typed) {
    const { path, text } = set.files[each.file]!;
    set = set.with(makeSource(path, edited(text, each)));
    assert.deepEqual(findings(set), findings(RuleSet.of(set.files, ENVIRONMENT)), JSON.stringify(each));
  }
}

const SMALL = [
  makeSource(
    "a.yaml",
    `# Lists and macros.
- list: shell_binaries
  items: [bash, sh]
- macro: spawned_process
  condition: evt.type in (execve, execveat)
- macro: shell_procs
  condition: proc.name in (shell_binaries)
- list: shell_binaries
  items: [zsh]
  override: {items: append}
- macro: container
  condition: container.id != host
- macro: unused
  condition: fd.name = /etc/*
`,
  ),
  makeSource(
    "b.yaml",
    `- rule: Terminal shell in container
  desc: A shell.
  condition: >
    spawned_process and container
    and shell_procs and proc.tty != 0
  output: Shell (user=%user.name %container.info)
  priority: NOTICE
  tags: [container]
  exceptions:
    - name: known
      fields: [proc.pname, proc.name]
      comps: [=, in]
      values:
        - [sshd, [bash, shell_binaries]]
- rule: Another
  desc: The same, and more.
  condition: spawned_process and container and shell_procs and proc.tty != 0 and proc.name != a
  output: x %evt.arg.flags
  priority: NOTICE
`,
  ),
];

Deno.test("after any edits of small files the findings are those of a full check", () => {
  fc.assert(fc.property(edits(SMALL.length), (typed) => compare(SMALL, typed)), { numRuns: 300 });
});

Deno.test({
  name: "after any edits of Falco's own files the findings are those of a full check",
  ignore: upstreamMissing !== undefined,
  fn() {
    const names = ["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"];
    const files = names.map((name) => makeSource(name, Deno.readTextFileSync(upstreamRules(name))));
    fc.assert(fc.property(edits(files.length), (typed) => compare(files, typed)), { numRuns: 12 });
  },
});
