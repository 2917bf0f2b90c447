// The bundled rules, tested by the files next to them.

import assert from "node:assert/strict";
import { ROOT } from "../cli/falco_command.ts";
import { coverageOf, percentOf } from "../../ruletest/coverage/coverage.ts";
import { forPeople } from "../../ruletest/report/people.ts";
import { runTests } from "../../ruletest/run/run_tests.ts";
import { findTestFiles } from "../../ruletest/suite/find_files.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";

/** Raise it with the tests. */
const LEAST_PERCENT = 85;

Deno.test("tests next to the bundled rules pass, and show most of what their checks can answer", async () => {
  const { paths } = findTestFiles([`${ROOT}/rules/bundled`]);
  const run = await runTests(paths, { coverage: true });
  assert.equal(renderDiagnostics(run.diagnostics), "");
  assert.ok(run.results.length > 100);
  assert.ok(run.results.every(({ status }) => status === "passed"), forPeople(run));
  const percent = percentOf(coverageOf(run.benches));
  assert.ok(percent >= LEAST_PERCENT, `${percent} %`);
});

Deno.test("the tests next to falco_rules.yaml show each of its rules firing", async () => {
  const { paths } = findTestFiles([`${ROOT}/rules/bundled/falco_rules.test.yaml`]);
  const run = await runTests(paths);
  const fired = new Set(run.results.flatMap(({ test }) => test.expect.fired.map(({ rule }) => rule.name)));
  const silent = run.benches[0]!.rules.map(({ name }) => name).filter((name) => !fired.has(name));
  assert.deepEqual(silent, NEVER_SHOWN);
});

/** What a case cannot make happen: names of hosts come from a resolver, and the other has no namespaces until somebody names some. */
const NEVER_SHOWN = ["Contact K8S API Server From Container", "Network Connection outside Local Subnet"];
