// `falco test [PATH…]`: tests of rules.
// In: paths and flags. Out: results on standard output; exit code 0 all passed, 1 a case failed, 2 test files or rules are wrong.
// Elsewhere: all of it (ruletest/), cases made of what happens on this host (test_record.ts).

import { jsonText, messageOf, UsageError } from "../../base/mod.ts";
import { hasErrors, renderDiagnostics } from "../../rules/mod.ts";
import {
  type Coverage,
  coverageHtml,
  coverageLcov,
  coverageOf,
  coverageText,
  findTestFiles,
  forGithub,
  forJson,
  forJunit,
  forPeople,
  forTap,
  mistakesFor,
  percentOf,
  runTests,
  type TestRun,
  testSchema,
  updateFiles,
  watchFiles,
} from "../../ruletest/mod.ts";
import { rulesPaths } from "../../service/loading/mod.ts";
import { reportFailure, USAGE_ERROR } from "../failure.ts";
import { printText } from "../terminal/print_text.ts";

export interface TestOptions {
  readonly r?: readonly string[];
  readonly filter?: string;
  readonly format: "people" | "tap" | "junit" | "github" | "json";
  readonly verbose?: true;
  readonly watch?: true;
  readonly update?: true;
  readonly coverage?: "text" | "lcov" | "html";
  readonly coverageFile?: string;
  readonly minCoverage?: number;
  readonly schema?: true;
  readonly record?: string;
}

export async function test(given: readonly string[], options: TestOptions): Promise<number> {
  try {
    if (options.schema === true) {
      await printText(`${JSON.stringify(testSchema(), null, 2)}\n`);
      return 0;
    }
    if (options.record !== undefined) {
      const { recordTest } = await import("./test_record.ts");
      return await recordTest(options.record, given, options.r ?? []);
    }
    if (options.watch !== true) return (await runOnce(given, options)).code;
    let read: readonly string[] = [];
    return await watchFiles(async () => {
      try {
        ({ read } = await runOnce(given, options));
      } catch (error) {
        // an editor may save by taking the file away and putting another one there
        if (!(error instanceof UsageError) || read.length === 0) throw error;
        reportFailure(error);
      }
      return read;
    }, () => console.error("watching for changes; Ctrl-C ends"));
  } catch (error) {
    reportFailure(error);
    return USAGE_ERROR;
  }
}

interface Once {
  readonly code: number;
  /** files whose change is worth another run */
  readonly read: readonly string[];
}

async function runOnce(given: readonly string[], options: TestOptions): Promise<Once> {
  const { paths, problems } = findTestFiles(given.length > 0 ? given : ["."]);
  if (problems.length > 0) throw new UsageError(problems);
  if (paths.length === 0) {
    throw new UsageError([`there is no *.test.yaml file in ${given.join(", ") || "this folder"}`]);
  }
  const wantsCoverage = options.coverage !== undefined || options.minCoverage !== undefined;
  const run = await runTests(paths, {
    coverage: wantsCoverage,
    ...(options.r === undefined ? {} : { rules: rulesPaths(options.r) }),
    ...(options.filter === undefined ? {} : { filter: options.filter }),
  });
  const read = [...paths, ...run.rulesPaths];
  const colour = Deno.stdout.isTerminal() && !Deno.noColor;
  if (run.diagnostics.length > 0) {
    const text = renderDiagnostics(run.diagnostics, { colour });
    if (hasErrors(run.diagnostics)) {
      const { format } = options;
      if (format === "people") await printText(text);
      else {
        console.error(text);
        await printText(mistakesFor(format, run.diagnostics));
      }
      return { code: USAGE_ERROR, read };
    }
    console.error(text);
  }
  if (run.results.length === 0) {
    const { filter } = options;
    console.error(
      filter === undefined
        ? "Error: there are no cases"
        : `Error: no case has ${jsonText(filter)} in its name`,
    );
    return { code: USAGE_ERROR, read };
  }
  if (options.update === true) tellUpdates(run);
  const coverage = wantsCoverage ? coverageOf(run.benches) : undefined;
  await printText(formOf(run, coverage, options, colour));
  const failed = run.results.some(({ status }) => status === "failed");
  const enough = coverage === undefined || await showCoverage(coverage, options);
  return { code: failed || !enough ? 1 : 0, read };
}

function formOf(run: TestRun, coverage: Coverage | undefined, options: TestOptions, colour: boolean): string {
  switch (options.format) {
    case "people":
      return forPeople(run, { colour, verbose: options.verbose === true });
    case "tap":
      return forTap(run);
    case "junit":
      return forJunit(run);
    case "github":
      return forGithub(run);
    case "json":
      return forJson(run, coverage);
  }
}

function tellUpdates(run: TestRun): void {
  const updated = updateFiles(run.results);
  for (const { path, changes } of updated) {
    console.error(`${path}: ${changes} ${changes === 1 ? "text" : "texts"} updated; run the tests again`);
  }
  if (updated.length === 0) console.error("nothing to update");
}

/** @returns whether it is as much as is wanted */
async function showCoverage(coverage: Coverage, options: TestOptions): Promise<boolean> {
  const { coverage: form, coverageFile, minCoverage } = options;
  if (form !== undefined) {
    const text = { text: coverageText, lcov: coverageLcov, html: coverageHtml }[form](coverage);
    const path = coverageFile ??
      { text: undefined, lcov: "rules-coverage.lcov", html: "rules-coverage.html" }[form];
    if (path === undefined) {
      // what programs read stays what they can read
      if (options.format === "people") await printText(text);
      else console.error(text);
    } else {
      await Deno.writeTextFile(path, text).catch((error) => {
        throw new UsageError([`cannot write the coverage to ${path}: ${messageOf(error)}`]);
      });
      console.error(`coverage: ${path}`);
    }
  }
  if (minCoverage === undefined || percentOf(coverage) >= minCoverage) return true;
  console.error(
    `Error: coverage is ${percentOf(coverage).toFixed(2)} %, less than --min-coverage ${minCoverage}`,
  );
  return false;
}
