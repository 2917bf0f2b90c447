// The editor's reading of conditions against the parser's: on whole conditions both find the same names.

import assert from "node:assert/strict";
import fc from "fast-check";
import { conditionTokens } from "../../lsp/model/condition_tokens.ts";
import { outputTokens } from "../../lsp/model/output_tokens.ts";
import { cursorAt } from "../../lsp/text/cursor.ts";
import { assetBytes } from "../../assets/mod.ts";
import { loadRules } from "../../rules/load.ts";
import { decodeSource, makeSource, MappedText } from "../../rules/mod.ts";
import type { Expr, Operand, OperandList } from "../../rules/syntax/ast.ts";
import { parseCondition } from "../../rules/syntax/parser.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

function namesIn(expr: Expr): string[] {
  switch (expr.kind) {
    case "and":
    case "or":
      return expr.operands.flatMap(namesIn);
    case "not":
      return namesIn(expr.operand);
    case "macro":
      return [`macro ${expr.name}`];
    case "unread":
      return [];
    case "check": {
      const right = expr.right?.kind === "field" || expr.right?.kind === "transformer"
        ? operand(expr.right)
        : [];
      return [...operand(expr.left), `operator ${expr.operator}`, ...right];
    }
  }
}

function operand(use: Operand | OperandList): string[] {
  switch (use.kind) {
    case "field":
      return [`field ${use.name}${use.arg === undefined ? "" : `[${use.arg}]`}`];
    case "transformer":
      return use.operands.flatMap(operand);
    case "operands":
      return use.items.flatMap(operand);
    case "value":
      return [];
  }
}

function compare(text: string, expr: Expr): void {
  const found = conditionTokens(text).tokens
    .filter(({ kind }) => kind === "macro" || kind === "field" || kind === "operator")
    .map(({ kind, text }) => `${kind} ${text}`);
  assert.deepEqual(found, namesIn(expr), text);
}

function compareAll(sources: Parameters<typeof loadRules>[0]): number {
  const { definitions } = loadRules(sources, { lint: false });
  let conditions = 0;
  for (
    const { condition } of [
      ...definitions.macros.values(),
      ...[...definitions.rules.values()].map(({ keys }) => keys),
    ]
  ) {
    const { expr, problems } = parseCondition(condition);
    assert.deepEqual(problems, []);
    compare(condition.text, expr);
    conditions++;
  }
  return conditions;
}

Deno.test("tokens are the parser's on the bundled rules", () => {
  const sources = ["falco_rules.yaml", "k8s_audit_rules.yaml"].map((name) => {
    const read = decodeSource(name, assetBytes(name as "falco_rules.yaml"));
    assert.ok("source" in read);
    return read.source;
  });
  assert.ok(compareAll(sources) > 50);
});

Deno.test({
  name: "tokens are the parser's on Falco's own rules",
  ignore: upstreamMissing !== undefined,
  fn() {
    const files = ["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"];
    const sources = files.map((file) => makeSource(file, Deno.readTextFileSync(upstreamRules(file))));
    assert.ok(compareAll(sources) > 300);
  },
});

Deno.test("tokens are the parser's with transformers, val and modifiers", () => {
  for (
    const text of [
      `tolower(basename(proc.exe)) = val(proc.name) and not (a or proc.aname[2] startswith oneof (x, "y z"))`,
      `evt.arg.flags exists or join(",", (proc.name, "-", proc.exe)) in (a, 'b') and fd.sport <= 0x1f`,
      `getopt(proc.args, "x")[x] = 1`,
    ]
  ) {
    const source = { path: "x", text };
    const { expr, problems } = parseCondition(decodeCondition(source));
    assert.deepEqual(problems, [], text);
    compare(text, expr);
  }
});

function decodeCondition(source: { path: string; text: string }) {
  return MappedText.synthetic(source.text, { source, start: 0, end: source.text.length });
}

Deno.test("any text has tokens that are in order and within it", () => {
  const words = fc.constantFrom(
    ..."( ) , and or not = != in proc.name [ ] \" ' \\ val( tolower( % \n a 0x1".split(" "),
    " ",
  );
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(words).map((all) => all.join(" "))), (text) => {
    for (const tokens of [conditionTokens(text).tokens, outputTokens(text)]) {
      let end = 0;
      for (const token of tokens) {
        assert.ok(token.start >= end && token.end > token.start && token.end <= text.length);
        end = token.end;
      }
    }
  }));
});

Deno.test("any text and offset has a cursor", () => {
  const lines = fc.constantFrom(
    "- rule: x",
    "  condition: >",
    "    a and",
    "- ",
    "  {a: b",
    "\t",
    ":",
    "  - - x",
    "",
  );
  fc.assert(fc.property(fc.array(fc.oneof(lines, fc.string())), fc.nat(200), (all, offset) => {
    const text = all.join("\n");
    const cursor = cursorAt(text, Math.min(offset, text.length));
    assert.ok(cursor.where === "key" || cursor.where === "value");
  }));
});
