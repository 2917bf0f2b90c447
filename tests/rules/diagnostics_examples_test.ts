// Every example of a diagnostic gives that diagnostic, and as little else as it can.

import assert from "node:assert/strict";
import { type DiagnosticCode, FINDINGS } from "../../rules/findings/registry.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

/** What is besides the diagnostic that an example is for. */
const ALONG_WITH: readonly DiagnosticCode[] = ["unused-list", "unused-macro", "no-event-type", "deprecated"];

for (const finding of FINDINGS) {
  const { code, severity } = finding;
  const example = "example" in finding ? finding.example : undefined;
  if (example === undefined) continue;
  Deno.test(`the example of ${code} gives it`, () => {
    const { diagnostics } = loadRules([makeSource("example.yaml", example)], { show: [code] });
    const codes = new Set(diagnostics.map((found) => found.code));
    const shown = `${example}\n${renderDiagnostics(diagnostics)}`;
    assert.ok(codes.has(code), shown);
    const others = [...codes].filter((other) => other !== code && !ALONG_WITH.includes(other));
    assert.deepEqual(others, [], shown);
    for (const found of diagnostics) {
      if (found.code === code) assert.equal(found.severity, severity);
    }
  });
}
