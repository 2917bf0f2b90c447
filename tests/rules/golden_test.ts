// Golden tests of the stages from text to checked rules.

import assert from "node:assert/strict";
import { Collector } from "../../rules/items/collect.ts";
import { CODES } from "../../rules/findings/registry.ts";
import { Report } from "../../rules/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { dumpExpr, dumpRule } from "../../rules/dump.ts";
import { withExceptions } from "../../rules/items/exceptions.ts";
import { readItems } from "../../rules/items/items.ts";
import { Memory } from "../../rules/memory.ts";
import { ListTable } from "../../rules/expand/lists.ts";
import { loadRules } from "../../rules/load.ts";
import type { MappedText } from "../../rules/text/mapped_text.ts";
import { parseCondition } from "../../rules/syntax/parser.ts";
import { positionAt } from "../../rules/text/source.ts";
import type { Span } from "../../rules/text/span.ts";
import { Budget } from "../../rules/yaml/budget.ts";
import type { YamlNode } from "../../rules/yaml/nodes.ts";
import { readYaml } from "../../rules/yaml/read.ts";
import { type Case, goldenOutcomes, goldenTests } from "./golden.ts";

function place(span: Span): string {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}

function dumpNode(node: YamlNode, indent: string): string {
  switch (node.kind) {
    case "null":
      return `${indent}null ${place(node.span)}\n`;
    case "scalar": {
      const chunks = node.text.chunks.map((chunk) => {
        const text = JSON.stringify(node.value.slice(chunk.at, chunk.at + chunk.length));
        const span = { source: chunk.source, start: chunk.from, end: chunk.from + chunk.extent };
        return `${indent}  ${chunk.exact ? "=" : "~"} ${text} ${place(span)}\n`;
      });
      return `${indent}${JSON.stringify(node.value)} ${place(node.span)}\n${
        chunks.length > 1 ? chunks.join("") : ""
      }`;
    }
    case "sequence":
      return `${indent}sequence\n${node.items.map((item) => dumpNode(item, indent + "  ")).join("")}`;
    case "map": {
      const entries = [...node.entries.values()].map(({ key, value }) =>
        dumpNode(key, indent + "  ") + dumpNode(value, indent + "    ")
      );
      return `${indent}map\n${entries.join("")}`;
    }
  }
}

goldenTests("yaml", ({ sources }) => {
  const report = new Report();
  const nodes = sources.flatMap((source) => readYaml(source, report, new Budget()).documents);
  return nodes.map((node) => dumpNode(node, "")).join("---\n") + renderDiagnostics(report.sorted([]));
});

/** The conditions of macros and rules after lists are substituted. */
function conditions({ sources }: Case): { what: string; text: MappedText }[] {
  const report = new Report();
  const collector = new Collector(report, new Memory());
  for (const source of sources) {
    for (const item of readItems(readYaml(source, report, new Budget()).documents, report, new Budget())) {
      collector.add(item);
    }
  }
  const lists = new ListTable(collector.lists, new Memory());
  const texts: { what: string; text: MappedText }[] = [];
  for (const { name, condition } of collector.macros.values()) {
    texts.push({ what: `macro ${name}`, text: lists.substitute(condition)! });
  }
  for (const { name, keys, exceptions } of collector.rules.values()) {
    const text = withExceptions(keys.condition, exceptions, report);
    if (text !== undefined) texts.push({ what: `rule ${name}`, text: lists.substitute(text)! });
  }
  const findings = report.sorted([]).filter((finding) => finding.severity === "error");
  assert.equal(renderDiagnostics(findings), "");
  return texts;
}

goldenTests(
  "lists",
  (input) => conditions(input).map(({ what, text }) => `${what}\n  ${text.text}\n`).join(""),
);

goldenTests("parse", (input) =>
  conditions(input).map(({ what, text }) => {
    const parsed = parseCondition(text);
    return `${what}\n${
      parsed.problems.length === 0 ? dumpExpr(parsed.expr, true, "  ") : renderDiagnostics(parsed.problems)
    }`;
  }).join(""));

goldenTests("load", ({ sources, options }) => {
  const { checked, rules, diagnostics } = loadRules(sources, options);
  const order = rules.map((rule) => `  ${rule.name}\n`).join("");
  return `${checked.map(dumpRule).join("")}in this order\n${order}${renderDiagnostics(diagnostics)}`;
});

goldenTests(
  "diagnostics",
  ({ sources, options }) => renderDiagnostics(loadRules(sources, options).diagnostics),
);

Deno.test("golden diagnostics: every code is shown once at least", () => {
  const shown = goldenOutcomes("diagnostics") + goldenOutcomes("load") + goldenOutcomes("lint");
  // Given elsewhere: reading of files (text/source_test.ts), floods (load_test.ts), test files (tests/ruletest).
  const elsewhere = ["file-unreadable", "too-many-findings", "invalid-test"];
  const missing = CODES.filter((code) => !shown.includes(`[${code}]`) && !elsewhere.includes(code));
  assert.deepEqual(missing, []);
});
