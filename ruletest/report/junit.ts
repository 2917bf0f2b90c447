// Results as JUnit XML, which CI servers read: a suite for each file.

import { sanitizeLine } from "../../base/mod.ts";
import { positionAt } from "../../rules/mod.ts";
import type { CaseResult, TestRun } from "../run/run_tests.ts";
import { countsOf } from "./counts.ts";
import { failureLines } from "./failure_lines.ts";

export function forJunit({ files, results, ms }: TestRun): string {
  const suites = files.map((file) => {
    const own = results.filter((result) => result.file === file);
    const { failed, skipped } = countsOf(own);
    const seconds = own.reduce((sum, result) => sum + result.ms, 0) / 1000;
    return `  <testsuite name="${
      xml(file.path)
    }" tests="${own.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${
      seconds.toFixed(3)
    }">\n` +
      own.map((result) => caseXml(result, file.path)).join("") + "  </testsuite>\n";
  });
  const { failed, skipped } = countsOf(results);
  return `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<testsuites name="falco test" tests="${results.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${
      (ms / 1000).toFixed(3)
    }">\n` +
    `${suites.join("")}</testsuites>\n`;
}

function caseXml(result: CaseResult, path: string): string {
  const { test, status, reason, failures, ms } = result;
  const { line } = positionAt(test.span.source, test.span.start);
  const open = `    <testcase classname="${xml(path)}" name="${xml(test.name)}" file="${
    xml(path)
  }" line="${line}" time="${(ms / 1000).toFixed(4)}"`;
  if (status === "passed") return `${open}/>\n`;
  const inner = status === "skipped"
    ? `<skipped message="${xml(reason ?? "")}"/>`
    : `<failure message="${xml(failures.map(({ message }) => message).join("; "))}">${
      xmlText(failureLines(result).join("\n"))
    }</failure>`;
  return `${open}>${inner}</testcase>\n`;
}

/** In attributes a line break would be a blank for every reader. */
function xml(text: string): string {
  return xmlText(text.replace(/\r?\n/g, " "));
}

/** XML 1.0 has no way to write most control characters. */
export function xmlText(text: string): string {
  return text.split("\n").map((line) => sanitizeLine(line)).join("\n").replace(
    /[&<>"']/g,
    (c) => `&#${c.charCodeAt(0)};`,
  );
}
