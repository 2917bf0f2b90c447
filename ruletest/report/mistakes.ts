// Mistakes in test files and rules, for which nothing has been run, in the form that a program waits for.
// In: diagnostics. Out: text for standard output. Elsewhere: the same for people (rules/report/render.ts).

import { sanitizeLine } from "../../base/mod.ts";
import { type Diagnostic, diagnosticJson, whereIs } from "../../rules/mod.ts";
import { annotation } from "./github.ts";
import { xmlText } from "./junit.ts";
import { prettyJson } from "./pretty_json.ts";

export function mistakesFor(
  format: "tap" | "junit" | "github" | "json",
  diagnostics: readonly Diagnostic[],
): string {
  switch (format) {
    case "github":
      return diagnostics.map(({ severity, span, path, code, ...one }) =>
        `${annotation(severity === "info" ? "notice" : severity, span ?? path ?? "", code, wordsOf(one))}\n`
      ).join("");
    case "json": {
      const mistakes = diagnostics.map(diagnosticJson);
      return prettyJson({ passed: 0, failed: 0, skipped: 0, mistakes, cases: [] });
    }
    case "tap":
      // of a plan without cases, so that no harness takes it for a success
      return [
        "TAP version 13",
        ...diagnostics.map((one) => `# ${lineOf(one)}`),
        `Bail out! ${count(diagnostics)}`,
        "",
      ]
        .join("\n");
    case "junit":
      return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="falco test" tests="${diagnostics.length}" failures="0" errors="${diagnostics.length}">
  <testsuite name="mistakes" tests="${diagnostics.length}" failures="0" errors="${diagnostics.length}">
${
        diagnostics.map((one) =>
          `    <testcase name="${xmlText(lineOf(one))}"><error message="${xmlText(one.message)}">${
            xmlText(wordsOf(one))
          }</error></testcase>\n`
        ).join("")
      }  </testsuite>
</testsuites>
`;
  }
}

function wordsOf({ message, notes, hint }: Pick<Diagnostic, "message" | "notes" | "hint">): string {
  return [message, ...notes, ...hint === undefined ? [] : [`help: ${hint}`]].join("\n");
}

function lineOf({ span, path, message }: Diagnostic): string {
  return sanitizeLine(`${span === undefined ? path : whereIs(span)}: ${message}`);
}

function count(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.length === 1 ? "1 mistake" : `${diagnostics.length} mistakes`;
}
