// Compares what the back half of the rule compiler makes with a golden file.
// `deno test -A tests/rules -- --update` writes the file instead; then read the difference.

import assert from "node:assert/strict";
import { loadRules } from "../../rules/load.ts";
import type { CheckedRule } from "../../rules/check/checked.ts";
import { makeSource } from "../../rules/text/source.ts";

const ROOT = new URL("../golden/rules/", import.meta.url);

export function assertGolden(name: string, actual: string): void {
  const file = new URL(name, ROOT);
  if (Deno.args.includes("--update")) {
    Deno.writeTextFileSync(file, actual);
    return;
  }
  assert.equal(actual, Deno.readTextFileSync(file), `${name} differs; --update writes it again`);
}

/** The rules of a file next to the golden files; it must be without errors. */
export function goldenRules(name: string): readonly CheckedRule[] {
  const text = Deno.readTextFileSync(new URL(name, ROOT));
  const { rules, diagnostics } = loadRules([makeSource(name, text)]);
  const errors = diagnostics.filter((finding) => finding.severity === "error");
  assert.deepEqual(errors.map((error) => error.message), []);
  return rules;
}
