// Runs every test and ends with one true line: `N passed, N failed, N skipped`.
// In: paths of tests to run instead of all. Out: a line per file, the report of each that failed, the last line; exit
// code 1 when a test failed or none ran.
// Elsewhere: what is tested (tests/), one file (scripts/test/run_file.ts).

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listFiles } from "./compile/stamps.ts";
import { type FileResult, runFile } from "./test/run_file.ts";
import { addCounts, type Counts, NO_COUNTS, summaryLine } from "./test/summary.ts";
import { buildTestedProgram } from "./test/tested_program.ts";
import { installTestTools } from "./test/tools.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Of the files that run at once, those that take longest begin first. */
const LONGEST = [
  "tests/executable/",
  "tests/attacks/",
  "tests/live/",
  "tests/cli/",
  "tests/lsp/",
  "tests/service/",
  "tests/ruletest/",
  "tests/parity/",
];

/** What a file says that disturbs others, or that others disturb. All others only look at what they have done themselves. */
const ALONE = /^\/\/ Alone: /m;

async function main(selected: readonly string[]): Promise<number> {
  for (const line of await installTestTools()) console.log(line);
  await fetchPackages();
  const files = testFiles(selected);
  // a part of the suite is run while the source tree changes
  if (selected.length === 0) await useExecutable();
  const isAlone = (file: string) => ALONE.test(Deno.readTextFileSync(join(ROOT, file)));
  const rank = (file: string) =>
    LONGEST.findIndex((folder) => file.startsWith(folder)) + 1 || LONGEST.length + 1;
  const startMs = performance.now();
  const results = [
    // one more than there are CPUs, since many wait for something
    ...await runGroup(
      files.filter((file) => !isAlone(file)).sort((a, b) => rank(a) - rank(b)),
      navigator.hardwareConcurrency + 1,
    ),
    ...await runGroup(files.filter(isAlone), 1),
  ];
  const counts = results.reduce<Counts>((sum, result) => addCounts(sum, result.counts), NO_COUNTS);
  const failures = results.filter(({ success }) => !success);
  if (failures.length > 0) console.log(`\nfailed: ${failures.map(({ file }) => file).join(", ")}`);
  console.log(`${files.length} files in ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
  console.log(summaryLine(counts));
  return failures.length > 0 || counts.passed === 0 ? 1 : 0;
}

/** Tests start what FALCO_TEST_PROGRAM names (tests/support/program.ts). */
async function useExecutable(): Promise<void> {
  const { path, lines } = await buildTestedProgram(ROOT);
  for (const line of lines) console.log(line);
  if (path !== undefined) Deno.env.set("FALCO_TEST_PROGRAM", path);
}

/** The program that fetches a package prints warnings about it, which no test expects of falco. */
async function fetchPackages(): Promise<void> {
  const args = ["cache", "--quiet", "main.ts"];
  await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdout: "null", stderr: "null" }).output();
}

/** Relative to the project, in the order of their names. */
function testFiles(selected: readonly string[]): string[] {
  const all = listFiles(join(ROOT, "tests"), ["_test.ts"]).map((file) => file.slice(ROOT.length)).sort();
  if (selected.length === 0) return all;
  return all.filter((file) => selected.some((part) => file.startsWith(part.replace(/^\.\//, ""))));
}

async function runGroup(files: readonly string[], jobs: number): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const left = [...files];
  const work = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      const result = await runFile(ROOT, file);
      print(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

function print({ file, counts, success, hung, seconds, report }: FileResult): void {
  const verdict = hung ? "HUNG" : success ? "ok" : "FAILED";
  console.log(`${verdict.padEnd(6)} ${file}: ${summaryLine(counts)} (${seconds.toFixed(1)} s)`);
  const skips = report.split("\n").filter((line) => / \.\.\. ignored/.test(line));
  if (!success) console.log(report);
  else if (skips.length > 0) console.log(skips.join("\n"));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
