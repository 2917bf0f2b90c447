// The forms of findings for programs, and the comments that switch warnings off.

import assert from "node:assert/strict";
import fc from "fast-check";
import { findingOf, FINDINGS } from "../../rules/findings/registry.ts";
import { falcoJson, falcoResults, falcoText } from "../../rules/report/falco_form.ts";
import { snippetOf } from "../../rules/report/falco_context.ts";
import { toJson } from "../../rules/report/json.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { toSarif } from "../../rules/report/sarif.ts";
import { summarize, summaryLine } from "../../rules/report/summary.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { UPSTREAM, UPSTREAM_FILES, upstreamSource } from "./upstream.ts";

const COUNTS = { files: 1, rules: 0, macros: 0, lists: 0, ignored: 0 };
const EXAMPLES = FINDINGS.flatMap((finding) => "example" in finding ? finding.example : []).filter((text) =>
  text.length < 1000
);

/** Chunks of the examples, put together and cut anywhere. */
const MANGLED = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...EXAMPLES) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('"', "[", "{", "\t", "- ", ": ", "# falco: ignore x", "\n", "🐧", "\ud800"),
    },
  ),
  { minLength: 1, maxLength: 4 },
).chain((parts) => {
  const text = parts.join("");
  return fc.tuple(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 3 })).map(([at, cut, added]) =>
    text.slice(0, at) + added + text.slice(at + cut)
  );
});

Deno.test("every form takes whatever is found in mangled files", () => {
  fc.assert(
    fc.property(MANGLED, (text) => {
      const source = makeSource("a b/ü.yaml", text);
      const { diagnostics } = loadRules([source], { show: ["field-without-value"] });
      JSON.stringify(toJson(diagnostics, summarize(diagnostics, COUNTS)));
      renderDiagnostics(diagnostics, { colour: true });
      const [run] = (toSarif(diagnostics, "1.0.0") as { runs: Run[] }).runs;
      for (const { locations } of run!.results) {
        const region = locations[0]?.physicalLocation.region;
        if (region === undefined) continue;
        assert.ok(region.startLine >= 1 && region.startColumn >= 1 && region.endColumn >= 1);
        assert.ok(region.endLine > region.startLine || region.endColumn >= region.startColumn);
      }
      for (const result of falcoResults([source], diagnostics)) {
        assert.ok(falcoText(result).startsWith("a b/ü.yaml: "));
        JSON.stringify(falcoJson(result));
        for (const { context } of [...result.errors, ...result.warnings]) {
          assert.match(context.snippet, /\n$/);
          for (const { position } of context.locations) assert.ok(position.line >= 0 && position.column >= 0);
        }
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("what Falco has no word for makes no file invalid and is not in the form of its validation", () => {
  const examples = FINDINGS.flatMap((finding) =>
    "example" in finding ? makeSource(`${finding.code}.yaml`, finding.example) : []
  );
  const upstream = UPSTREAM ? UPSTREAM_FILES.map(upstreamSource) : [];
  for (const source of [...examples, ...upstream]) {
    const { diagnostics } = loadRules([source], { lint: true });
    const beyond = diagnostics.filter(({ code }) => findingOf(code).beyondFalco === true);
    assert.deepEqual(beyond.filter(({ severity }) => severity === "error"), [], source.path);
    const others = diagnostics.filter((found) => !beyond.includes(found));
    const [all] = falcoResults([source], diagnostics);
    const [known] = falcoResults([source], others);
    assert.deepEqual(falcoJson(all!), falcoJson(known!), source.path);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    assert.equal(falcoJson(all!).successful, errors.length === 0, source.path);
    // neither does looking for them: what Falco calls an error is found without it
    const unlinted = loadRules([source], { lint: false }).diagnostics;
    assert.deepEqual(unlinted.filter(({ severity }) => severity === "error"), errors, source.path);
  }
});

Deno.test("the forms for programs bring the fixes that editors offer", () => {
  const formsOf = (condition: string) => {
    const text = `- rule: A\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: INFO\n`;
    const { diagnostics } = loadRules([makeSource("a b.yaml", text)], {});
    const json = toJson(diagnostics, summarize(diagnostics, COUNTS)) as { diagnostics: { fixes: unknown }[] };
    const [run] = (toSarif(diagnostics, "1.0.0") as { runs: { results: { fixes?: unknown }[] }[] }).runs;
    return { json: json.diagnostics[0]!.fixes, sarif: run!.results[0]!.fixes };
  };
  const place = { file: "a b.yaml", line: 3, end_line: 3 };
  assert.deepEqual(formsOf("evt.type = open and proc.nam = x").json, [{
    title: "Replace `proc.nam` by `proc.name`",
    safe: false,
    edits: [{ ...place, column: 34, end_column: 42, text: "proc.name" }],
  }]);
  const { json, sarif } = formsOf("evt.type = open && proc.name = x");
  assert.deepEqual(json, [
    { title: "Write `and`", safe: true, edits: [{ ...place, column: 30, end_column: 32, text: "and" }] },
  ]);
  assert.deepEqual(sarif, [{
    description: { text: "Write `and`" },
    artifactChanges: [{
      artifactLocation: { uri: "a%20b.yaml" },
      replacements: [{
        deletedRegion: { startLine: 3, startColumn: 30, endLine: 3, endColumn: 32 },
        insertedContent: { text: "and" },
      }],
    }],
  }]);
  const { json: none, sarif: absent } = formsOf("evt.type = open and (proc.name = x");
  assert.deepEqual([none, absent], [[], undefined]);
});

interface Run {
  readonly results: readonly {
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly region?: { startLine: number; startColumn: number; endLine: number; endColumn: number };
      };
    }[];
  }[];
}

Deno.test("a snippet is at most 161 characters around its position, with a caret below it", () => {
  const line = `first\n${"a".repeat(100)}X${"b".repeat(100)}\nlast`;
  const [shown = "", caret = ""] = snippetOf(line, line.indexOf("X")).split("\n");
  assert.equal(shown, `...${"a".repeat(77)}X${"b".repeat(77)}...`);
  assert.equal(caret, `${" ".repeat(80)}^`);
  assert.equal(snippetOf("", 0), "<No context available>\n");
  assert.equal(snippetOf("tags:\n", 99), "tags:\n    ^\n");
});

Deno.test("the summary counts in words", () => {
  const of = (errors: number, warnings: number, ignored: number) =>
    summaryLine({ files: 2, rules: 1, macros: 0, lists: 3, errors, warnings, ignored });
  assert.equal(of(0, 0, 0), "no errors, no warnings in 2 files (1 rule, 0 macros, 3 lists)");
  assert.equal(of(1, 2, 0), "1 error and 2 warnings in 2 files (1 rule, 0 macros, 3 lists)");
  assert.equal(of(2, 0, 4), "2 errors in 2 files (1 rule, 0 macros, 3 lists); 4 ignored");
});

const LIST = (name: string) => `- list: ${name}\n  items: [x]\n`;
const COMMENT = "# falco: ignore unused-list\n";

const SCOPES: readonly (readonly [what: string, yaml: string, left: readonly string[]])[] = [
  ["above an item: that item", LIST("a") + COMMENT + LIST("b") + LIST("c"), ["a", "c"]],
  ["above the first item: that item", COMMENT + LIST("a") + LIST("b"), ["b"]],
  ["at the head: the file", `${COMMENT}\n${LIST("a")}${LIST("b")}`, []],
  ["at the head among others: the file", `# SPDX\n${COMMENT}# more\n\n${LIST("a")}${LIST("b")}`, []],
  ["above the first document: the file", `${COMMENT}---\n${LIST("a")}${LIST("b")}`, []],
  ["within an item: that item", `- list: a\n  # falco: ignore unused-list\n  items: [x]\n${LIST("b")}`, [
    "b",
  ]],
  [
    "at the end of a line: the item of the line",
    `- list: a # falco: ignore unused-list\n  items: [x]\n${LIST("b")}`,
    ["b"],
  ],
  ["after the last item: nothing", LIST("a") + COMMENT, ["a"]],
  ["in indented sequences", `  - list: a\n    items: [x]\n  ${COMMENT}  - list: b\n    items: [x]\n`, ["a"]],
  ["several ids, Falco's among them", `# falco: ignore no-event-type, LOAD_UNUSED_LIST\n${LIST("a")}`, []],
  ["with a reason", `# falco: ignore unused-list -- the next file uses it\n${LIST("a")}`, []],
  ["in a text: it is no comment", `- list: a\n  items: ["# falco: ignore unused-list"]\n`, ["a"]],
  ["in a block: it is no comment", `- list: a\n  items:\n    - |\n      # falco: ignore unused-list\n`, [
    "a",
  ]],
  ["another warning", `# falco: ignore unused-macro\n${LIST("a")}`, ["a"]],
];

for (const [what, yaml, left] of SCOPES) {
  Deno.test(`a comment that ignores, ${what}`, () => {
    const { diagnostics, ignored, definitions } = loadRules([makeSource("x.yaml", yaml)]);
    const named = diagnostics.map(({ span }) => span!.source.text.slice(span!.start, span!.end));
    assert.deepEqual(named, left);
    assert.equal(ignored, definitions.lists.size - left.length);
  });
}

Deno.test("what a comment ignores in one file is reported in another", () => {
  const { diagnostics } = loadRules([
    makeSource("a.yaml", `${COMMENT}\n${LIST("a")}`),
    makeSource("b.yaml", LIST("b")),
  ]);
  assert.deepEqual(diagnostics.map(({ span }) => span?.source.path), ["b.yaml"]);
});

Deno.test("every code has an explanation in sentences", () => {
  for (const { code, why } of FINDINGS) {
    assert.match(why, /^[A-Z`\d][^]*[.?]$/, code);
  }
});
