// Whatever the text: loading ends, throws nothing, every finding can be shown, and what is left compiles.

import assert from "node:assert/strict";
import fc from "fast-check";
import { compileRules } from "../../rules/compile.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { dumpRule } from "../../rules/dump.ts";
import { loadRules } from "../../rules/load.ts";
import { MappedText } from "../../rules/text/mapped_text.ts";
import { parseCondition } from "../../rules/syntax/parser.ts";
import { makeSource } from "../../rules/text/source.ts";
import { UPSTREAM, upstreamSource } from "./upstream.ts";

function load(...texts: string[]): void {
  const sources = texts.map((text, at) => makeSource(`${at}.yaml`, text));
  const { checked, diagnostics } = loadRules(sources, {
    show: ["field-without-value"],
    appendOutput: [{ suggestedOutput: true }],
  });
  for (const { span, labels } of diagnostics) {
    for (const { source, start, end } of [...(span ? [span] : []), ...labels.map((label) => label.span)]) {
      assert.ok(0 <= start && start <= end && end <= source.text.length, "a span lies in its source");
    }
  }
  renderDiagnostics(diagnostics, { colour: true });
  checked.forEach(dumpRule);
  compileRules(checked, { matching: "all" });
}

const TOKENS = [
  ..."( ) , = != == < <= > >= [ ] . ' \" \\ % 0 1 -1 0x1f 1.5".split(" "),
  ..."and or not in intersects pmatch exists contains startswith glob regex oneof anyof allof".split(" "),
  ..."proc.name proc.pid fd.name fd.sip fd.snet evt.type evt.arg.flags proc.aname[1] evt.rawarg.fd fd.types"
    .split(" "),
  ..."tolower( len( join( concat( getopt( val( b64( basename(".split(" "),
  ..."open execve /etc 10.0.0.0/8 ::1 macro_name \n \t é 😀 \0".split(" "),
];

const soup = fc.array(fc.oneof(fc.constantFrom(...TOKENS), fc.constant(" "), fc.string({ maxLength: 4 })), {
  maxLength: 40,
})
  .map((parts) => parts.join(""));

Deno.test("fuzz: the parser gives an expression or a problem for any text", () => {
  fc.assert(
    fc.property(soup, (text) => {
      const source = makeSource("x", text);
      const whole = { source, start: 0, end: source.text.length };
      const result = parseCondition(MappedText.synthetic(text, whole));
      assert.ok(result.problems.every(({ message }) => message !== ""));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("fuzz: any condition and any output load or are refused", () => {
  fc.assert(
    fc.property(soup, soup, (condition, output) => {
      const rule = { rule: "R", desc: "d", condition, output, priority: "info" };
      load(
        JSON.stringify([{ list: "open", items: ["a", output] }, { macro: "macro_name", condition }, rule]),
      );
    }),
    { numRuns: 1000 },
  );
});

const YAML_PARTS = [
  "- rule: R\n",
  "- macro: m\n",
  "- list: l\n",
  "  condition: ",
  "  condition: >\n    ",
  "  items: [",
  "]\n",
  "  override: {condition: append}\n",
  "  append: true\n",
  "  exceptions:\n    - name: e\n      fields: [proc.name]\n      values:\n        - [x]\n",
  "  output: ",
  "  priority: info\n",
  "  desc: d\n",
  "evt.num = 1\n",
  "&a ",
  "*a ",
  "<<: ",
  "---\n",
  "? ",
  ": ",
  "{",
  "}",
  "|\n",
  "!tag ",
  "#",
  "\t",
  "\n",
];

Deno.test("fuzz: any YAML loads or is refused", () => {
  const text = fc.array(fc.oneof(fc.constantFrom(...YAML_PARTS), fc.string({ maxLength: 3 })), {
    maxLength: 25,
  });
  fc.assert(fc.property(text, text, (a, b) => load(a.join(""), b.join(""))), { numRuns: 1500 });
});

Deno.test("fuzz: any structure loads or is refused", () => {
  const keys = fc.constantFrom(
    "rule",
    "macro",
    "list",
    "items",
    "condition",
    "output",
    "desc",
    "priority",
    "tags",
    "exceptions",
    "name",
    "fields",
    "comps",
    "values",
    "override",
    "append",
    "enabled",
    "source",
    "required_engine_version",
    "required_plugin_versions",
    "alternatives",
    "version",
    "capture_duration",
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(
        "x",
        "evt.num = 1",
        "append",
        "replace",
        "true",
        "info",
        "0.1.0",
        "",
        "proc.name",
        "in",
      ),
      fc.constant(null),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(keys, tie("node"), { maxKeys: 6 }),
    ),
  }));
  const items = fc.array(fc.dictionary(keys, node, { maxKeys: 8 }), { maxLength: 5 });
  fc.assert(fc.property(items, (value) => load(JSON.stringify(value))), { numRuns: 1000 });
});

Deno.test("fuzz: upstream rules with random damage load or are refused", { ignore: !UPSTREAM }, () => {
  const { text } = upstreamSource("falco_rules");
  const edit = fc.record({
    at: fc.nat(text.length),
    length: fc.nat(30),
    put: fc.oneof(fc.constantFrom(...TOKENS), fc.string({ maxLength: 4 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let changed = text;
      for (const { at, length, put } of edits) {
        changed = changed.slice(0, at) + put + changed.slice(at + length);
      }
      load(changed);
    }),
    { numRuns: 60 },
  );
});
