// Runs tests: reads the files, prepares the rules, plays each case and compares.
// In: paths of test files. Out: a result for each case, and every mistake in test files and rules.
// Elsewhere: finding files (suite/find_files.ts), showing results (report/).

import { messageOf } from "../../base/mod.ts";
import { type Diagnostic, hasErrors, makeDiagnostic, readSource, Report } from "../../rules/mod.ts";
import { readTestFile } from "../suite/read_file.ts";
import type { TestCase, TestFile } from "../suite/suite.ts";
import type { Bench } from "./bench.ts";
import { makeBenches } from "./benches.ts";
import { compareAlerts, type Failure } from "./compare.ts";
import { compareLists } from "./compare_lists.ts";
import { RulesFiles } from "./rules_files.ts";
import type { SeenAlert } from "./seen_alert.ts";

export interface CaseResult {
  readonly test: TestCase;
  readonly file: TestFile;
  readonly status: "passed" | "failed" | "skipped";
  /** why it was skipped */
  readonly reason?: string;
  readonly failures: readonly Failure[];
  readonly alerts: readonly SeenAlert[];
  readonly ms: number;
}

export interface TestRun {
  readonly files: readonly TestFile[];
  readonly results: readonly CaseResult[];
  /** mistakes in test files and rules; with one of them nothing has been run */
  readonly diagnostics: readonly Diagnostic[];
  /** rules sets with what they have evaluated, for coverage */
  readonly benches: readonly Bench[];
  readonly rulesPaths: readonly string[];
  readonly ms: number;
}

export interface RunOptions {
  /** rules files for test files that name none */
  readonly rules?: readonly string[];
  /** only cases whose name holds this */
  readonly filter?: string;
  /** count what checks answer */
  readonly coverage?: boolean;
}

export async function runTests(paths: readonly string[], options: RunOptions = {}): Promise<TestRun> {
  const start = performance.now();
  const report = new Report();
  const files = paths.flatMap((path) => readFile(path, report, options.rules));
  const cases = files.flatMap(({ cases }) => cases);
  const benches = makeBenches(cases, new RulesFiles(report), options.coverage === true);
  const rulesPaths = [...new Set(cases.flatMap(({ rules }) => rules.map(({ path }) => path)))];
  const run = {
    files,
    rulesPaths,
    diagnostics: report.sorted(paths),
    benches: [...new Set(benches.values())],
  };
  if (hasErrors(run.diagnostics)) return { ...run, results: [], ms: performance.now() - start };
  const hasOnly = cases.some(({ only }) => only);
  const results: CaseResult[] = [];
  for (const file of files) {
    for (const test of file.cases) {
      const reason = test.skip ?? (hasOnly && !test.only ? "another case says `only`" : undefined);
      if (options.filter !== undefined && !test.name.includes(options.filter)) continue;
      results.push(
        reason === undefined
          ? await runCase(test, file, benches.get(test)!)
          : { test, file, status: "skipped", reason, failures: [], alerts: [], ms: 0 },
      );
    }
  }
  return { ...run, results, ms: performance.now() - start };
}

function readFile(path: string, report: Report, rules: readonly string[] | undefined): TestFile[] {
  const read = readSource(path);
  if ("source" in read) return [readTestFile(read.source, report, rules)];
  report.take(
    makeDiagnostic("file-unreadable", path, `cannot read ${path}: ${read.reason}`, { hint: read.hint }),
  );
  return [];
}

async function runCase(test: TestCase, file: TestFile, bench: Bench): Promise<CaseResult> {
  const start = performance.now();
  const { expect } = test;
  try {
    const alerts = await bench.run(test);
    const failures = [
      ...compareAlerts(expect, alerts, ({ rule }) => bench.isEnabled(rule)),
      ...compareLists(expect.lists, bench.loaded),
    ];
    const status = failures.length === 0 ? "passed" : "failed";
    return { test, file, status, failures, alerts, ms: performance.now() - start };
  } catch (error) {
    const failures = [{ span: test.span, message: `the case cannot be run: ${messageOf(error)}` }];
    return { test, file, status: "failed", failures, alerts: [], ms: performance.now() - start };
  }
}
