// docs/testing-rules.md: every example of it runs, and every key of a test file is described.

import assert from "node:assert/strict";
import { join } from "node:path";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { forPeople } from "../../ruletest/report/people.ts";
import { runTests } from "../../ruletest/run/run_tests.ts";
import { DESCRIPTIONS } from "../../ruletest/schema/descriptions.ts";
import { ALL_KEYS } from "../../ruletest/schema/test_schema.ts";
import { WORDS } from "../../ruletest/scenario/words/words.ts";
import { PROJECT } from "../support/program.ts";

const page = Deno.readTextFileSync(`${PROJECT}/docs/testing-rules.md`);

Deno.test("every example of docs/testing-rules.md passes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const paths: string[] = [];
    for (const [, name, text] of page.matchAll(/^```yaml\n# (\S+\.yaml)\n([^]*?)^```$/gm)) {
      await Deno.writeTextFile(join(folder, name!), text!);
      if (name!.includes(".test.")) paths.push(join(folder, name!));
    }
    assert.ok(paths.length >= 6, "the page has lost its examples");
    const run = await runTests(paths);
    assert.equal(renderDiagnostics(run.diagnostics), "");
    const failed = run.results.filter(({ status }) => status === "failed");
    assert.equal(failed.length, 0, forPeople(run));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every key of a test file is described for editors and documentation", () => {
  assert.deepEqual(
    ALL_KEYS.filter((key) => !Object.keys(DESCRIPTIONS).some((name) => name.endsWith(key))),
    [],
  );
});

Deno.test("the example of every word of a scenario can be read and played", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const events = Object.values(WORDS).map(({ example }) => `      - ${JSON.stringify(example)}\n`).join("");
    await Deno.writeTextFile(
      join(folder, "w.test.yaml"),
      `rules: bundled\ncases:\n  - name: words\n    events:\n${events}    expect: {not_fired: []}\n`,
    );
    const run = await runTests([join(folder, "w.test.yaml")]);
    assert.equal(renderDiagnostics(run.diagnostics), "");
    assert.deepEqual(run.results.map(({ status }) => status), ["passed"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
