// Loading of whole files: the upstream rules, and files that are large or hostile.

import assert from "node:assert/strict";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { UPSTREAM, upstreamSource } from "./upstream.ts";

const COUNTS: readonly (readonly [files: readonly string[], checked: number, running: number])[] = [
  [["falco_rules"], 25, 25],
  [["falco-incubating_rules"], 31, 31],
  [["falco-sandbox_rules"], 37, 25],
  [["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"], 93, 81],
  [["k8s_audit_rules"], 48, 48],
  [["falco_rules", "falco-incubating_rules", "falco-sandbox_rules", "k8s_audit_rules"], 141, 129],
];

for (const [files, checked, running] of COUNTS) {
  Deno.test(`upstream: ${files.join(" + ")} load without errors`, { ignore: !UPSTREAM }, () => {
    const result = loadRules(files.map(upstreamSource));
    // the warnings, which are true, are in lint_test.ts
    assert.equal(renderDiagnostics(result.diagnostics.filter(({ severity }) => severity === "error")), "");
    assert.deepEqual([result.checked.length, result.rules.length], [checked, running]);
  });
}

Deno.test("upstream: carriage returns and a byte order mark change nothing", { ignore: !UPSTREAM }, () => {
  const source = upstreamSource("falco_rules");
  const other = makeSource(source.path, `\ufeff${source.text.replaceAll("\n", "\r\n")}`);
  assert.equal(other.text, source.text);
});

const RULE = (name: string, condition: string) =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: info\n  warn_evttypes: false\n`;

function codes(...texts: string[]): string[] {
  const result = loadRules(texts.map((text, at) => makeSource(`${at}.yaml`, text)));
  renderDiagnostics(result.diagnostics, { colour: true });
  return [...new Set(result.diagnostics.map((diagnostic) => diagnostic.code))];
}

Deno.test("required_engine_version: that of Falco 0.45 is met, a later one is not", () => {
  const codes = (version: string) =>
    loadRules([makeSource("x", `- required_engine_version: ${version}\n`)]).diagnostics.map(({ code }) =>
      code
    );
  assert.deepEqual(["0.62.0", "0.63.0", "63", "0.64.0"].map(codes), [[], [], [], ["engine-version"]]);
});

Deno.test("hostile: a list of 100,000 items loads", () => {
  const items = Array.from({ length: 100_000 }, (_, at) => `item_${at}`).join(", ");
  const result = loadRules([
    makeSource("x", `- list: l\n  items: [${items}]\n${RULE("R", "proc.name in (l)")}`),
  ]);
  assert.deepEqual(result.diagnostics, []);
  assert.ok(result.rules[0]?.condition.kind === "check");
  assert.equal(result.rules[0].condition.right.length, 100_000);
});

Deno.test("hostile: lists that multiply are refused", () => {
  const items = Array.from({ length: 1000 }, (_, at) => `item_${at}`).join(", ");
  const uses = Array.from({ length: 4000 }, () => "l").join(", ");
  assert.deepEqual(codes(`- list: l\n  items: [${items}]\n${RULE("R", `proc.name in (${uses})`)}`), [
    "too-complex",
  ]);
});

Deno.test("hostile: aliases that multiply are refused", () => {
  const big = `- list: a\n  items: &big [${Array.from({ length: 3000 }, (_, at) => at).join(", ")}]\n`;
  const many = Array.from({ length: 1000 }, (_, at) => `- list: l${at}\n  items: *big\n`).join("");
  assert.ok(codes(big + many).includes("yaml-too-large"));
  const laughs = [
    "&a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefghi".split("").map((name, at) => {
      const before = "abcdefghi"[at]!;
      return `&${name} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`;
    }),
  ];
  assert.ok(codes(`- list: l\n  items: [${laughs.join(", ")}]\n`).includes("wrong-type"));
});

Deno.test("hostile: macros that multiply or nest are refused, long chains too", () => {
  const chain = (length: number, use: (name: string) => string) =>
    `- macro: m0\n  condition: evt.num = 1\n` +
    Array.from({ length }, (_, at) => `- macro: m${at + 1}\n  condition: ${use(`m${at}`)}\n`).join("");
  assert.ok(codes(chain(60, (m) => `${m} and ${m} or ${m}`)).includes("too-complex"));
  assert.ok(codes(chain(5000, (m) => `not ${m}`)).includes("too-complex"));
  assert.deepEqual(codes(chain(600, (m) => `not ${m}`) + RULE("R", "m600")), []);
  assert.ok(codes(chain(20_000, (m) => m) + RULE("R", "m20000")).length === 0);
});

Deno.test("hostile: too many lines, items or findings are cut short with a word", () => {
  assert.deepEqual(codes(`- list: l\n  items: [${"a,".repeat(500_000)}]\n`), ["yaml-too-large"]);
  assert.deepEqual(codes("#\n".repeat(300_000), "#\n".repeat(300_000)), ["yaml-too-large"]);
  const { diagnostics } = loadRules([makeSource("x", "- [a]\n".repeat(20_000))]);
  assert.equal(diagnostics.length, 5001);
  assert.match(diagnostics.at(-1)!.message, /15000 more findings/);
});

Deno.test("hostile: mutual recursion of macros ends", () => {
  const cycle = `- macro: a\n  condition: evt.num = 1\n- macro: b\n  condition: a\n` +
    `- macro: a\n  override: {condition: append}\n  condition: or b\n` + RULE("R", "a and b");
  assert.deepEqual(codes(cycle), ["macro-loop"]);
});

Deno.test("hostile: deep or broken YAML gets a diagnostic", () => {
  for (
    const text of ["[".repeat(100_000), "{a: ".repeat(50_000), "- ".repeat(50_000), "a:\n ".repeat(3000)]
  ) {
    assert.ok(codes(text).length > 0);
  }
  for (const text of ["", "\n", "# only a comment\n", "---\n...\n", "null", "~"]) {
    assert.deepEqual(codes(text), []);
  }
  for (const text of ["text", "42", "a: b", "- - x", "- text"]) assert.equal(codes(text).length, 1);
  assert.deepEqual(codes("- macro: a\n\tcondition: b\n"), ["yaml-syntax"]);
});

Deno.test("order: a rule keeps its place when it is redefined, a macro sees only what is older than its last change", () => {
  const rules = RULE("A", "evt.num = 1") + RULE("B", "evt.num = 2") + RULE("A", "evt.num = 3");
  const result = loadRules([makeSource("x", rules)]);
  assert.deepEqual(result.rules.map((rule) => rule.name), ["A", "B"]);

  const early = "- macro: early\n  condition: late\n";
  const late = "- macro: late\n  condition: evt.num = 1\n";
  const use = RULE("R", "early");
  assert.deepEqual(codes(early + late + use), ["undefined-macro"]);
  assert.deepEqual(codes("- macro: early\n  condition: evt.num = 0\n" + late + early + use), [
    "defined-twice",
  ]);
});

Deno.test("order: a rule sees no macro of a file that is loaded later", () => {
  const macro = "- macro: m\n  condition: evt.num = 1\n";
  assert.deepEqual(codes(RULE("R", "m"), macro), ["undefined-macro"]);
  assert.deepEqual(codes(macro, RULE("R", "m")), []);
  assert.deepEqual(codes(macro + RULE("R", "m"), "- macro: m\n  condition: evt.num = 2\n"), []);
});

Deno.test("damage: a broken definition is not blamed on its users", () => {
  assert.deepEqual(codes(`- macro: m\n  condition: [x]\n${RULE("R", "m")}`), ["wrong-type"]);
  assert.deepEqual(codes(`- macro: m\n  condition: proc.nam = x\n${RULE("R", "m")}${RULE("S", "m")}`), [
    "unknown-field",
  ]);
  assert.deepEqual(codes(`- list: l\n  items: [a`, RULE("R", "m")), ["yaml-syntax"]);
});
