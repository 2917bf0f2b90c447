// The bundled rules, tested by rules/bundled/tests.

import assert from "node:assert/strict";
import { coverageOf, percentOf, shareOf } from "../../ruletest/coverage/coverage.ts";
import { forPeople } from "../../ruletest/report/people.ts";
import { runTests } from "../../ruletest/run/run_tests.ts";
import { findTestFiles } from "../../ruletest/suite/find_files.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { PROJECT } from "../support/program.ts";

/** Raise it with the tests. */
const LEAST_PERCENT = 95;

/** Exclusions that no event can be kept by alone. */
const NEVER_ALONE = [
  // package managers of the rule have other names
  "Launch Package Management Process in Container: pkg_mgmt_in_kube_proxy",
  // the address that the rule asks for is neither
  ...["Contact EC2 Instance Metadata Service From Container", "Contact cloud metadata service from container"]
    .flatMap(
      (rule) => [`${rule}: fd.snet in ("::1/128", "::/128")`, `${rule}: fd.snet in (rfc_1918_addresses)`],
    ),
  // the names of the cluster's parts begin with `system:`, which the rule excludes, too
  ...["K8s Namespace Deleted", "K8s Secret Created", "K8s Secret Deleted"].map((rule) =>
    `${rule}: asked_by_cluster`
  ),
];

Deno.test("tests of the bundled rules pass, show each rule firing, and each exclusion at work, and nearly all that their checks can answer", async () => {
  const { paths } = findTestFiles([`${PROJECT}/rules/bundled`]);
  const run = await runTests(paths, { coverage: true });
  assert.equal(renderDiagnostics(run.diagnostics), "");
  assert.ok(run.results.length > 800);
  assert.ok(run.results.every(({ status }) => status === "passed"), forPeople(run));
  const coverage = coverageOf(run.benches);
  const percent = percentOf(coverage);
  assert.ok(percent >= LEAST_PERCENT, `${percent} %`);
  for (const file of ["falco_rules.yaml", "k8s_audit_rules.yaml"]) {
    const own = coverage.rules.filter(({ path }) => path.endsWith(file));
    const share = percentOf(shareOf(own.flatMap(({ checks }) => checks)));
    assert.ok(share >= LEAST_PERCENT, `${file}: ${share} %`);
  }
  // what coverage leaves out as fixed has indeed had no other answer
  for (const { rule, checks } of coverage.rules) {
    for (const { leaf, fixed, whenTrue, whenFalse } of checks) {
      const text = `${rule}: ${leaf.text}: ${fixed}`;
      if (fixed?.startsWith("always true")) assert.equal(whenFalse, 0, text);
      if (fixed?.startsWith("always false")) assert.equal(whenTrue, 0, text);
      if (fixed?.startsWith("never evaluated")) assert.equal(whenTrue + whenFalse, 0, text);
    }
  }
  const exclusions = coverage.rules.flatMap(({ rule, exclusions }) =>
    exclusions.filter(({ isFixed }) => !isFixed).map(({ text, alone }) => ({
      name: `${rule}: ${text}`,
      alone,
    }))
  );
  assert.ok(exclusions.length > 200, `${exclusions.length}`);
  assert.deepEqual(
    exclusions.filter(({ alone }) => alone === 0).map(({ name }) => name).sort(),
    [...NEVER_ALONE].sort(),
  );

  const fired = new Set(run.results.flatMap(({ test }) => test.expect.fired.map(({ rule }) => rule.name)));
  const rules = new Set(run.benches.flatMap(({ rules }) => rules.map(({ name }) => name)));
  assert.deepEqual([...rules].filter((name) => !fired.has(name)), []);
});
