// Results as TAP 13, which test harnesses of many languages read.

import { jsonText, sanitizeLine } from "../../base/mod.ts";
import { whereIs } from "../../rules/mod.ts";
import type { CaseResult, TestRun } from "../run/run_tests.ts";

export function forTap({ results }: TestRun): string {
  const lines = ["TAP version 13", `1..${results.length}`];
  results.forEach((result, at) => lines.push(...resultLines(result, at + 1)));
  return `${lines.join("\n")}\n`;
}

function resultLines({ test, status, reason, failures }: CaseResult, number: number): string[] {
  // a # begins a directive
  const name = sanitizeLine(test.name).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
  const directive = status === "skipped" ? ` # SKIP ${sanitizeLine(reason ?? "")}` : "";
  const head = `${status === "failed" ? "not ok" : "ok"} ${number} - ${name}${directive}`;
  if (failures.length === 0) return [head];
  return [
    head,
    "  ---",
    `  at: ${jsonText(whereIs(test.span))}`,
    "  failures:",
    ...failures.flatMap(({ message, span, expected, actual }) => [
      `    - message: ${jsonText(message)}`,
      `      at: ${jsonText(whereIs(span))}`,
      ...expected === undefined ? [] : [`      expected: ${jsonText(expected)}`],
      ...actual === undefined ? [] : [`      actual: ${jsonText(actual)}`],
    ]),
    "  ...",
  ];
}
