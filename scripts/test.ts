// Runs every test and ends with one true line: `N passed, N failed, N skipped`.
// In: paths of tests to run instead of all. Out: the tests' own report, the line, exit code 1 when a test failed or
// none ran.
// Elsewhere: what is tested (tests/), reading deno's summary (scripts/test/summary.ts).

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listFiles } from "./compile/stamps.ts";
import { installTestTools } from "./test/tools.ts";
import { addCounts, type Counts, countsOf, NO_COUNTS, summaryLine } from "./test/summary.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Rooms whose tests touch nothing but their own temporary files. All others load the probe, start processes or
 * count what the whole host does: one after the other.
 */
const PARALLEL_ROOMS = ["assembly", "config", "outputs", "parity", "rules", "scap", "schema"];

/** A run that hangs is a failure that says where, not a job that is killed from outside. */
const TIME_LIMIT_MS = 9 * 60_000;

interface Group {
  readonly name: string;
  readonly files: readonly string[];
  readonly flags: readonly string[];
}

async function main(selected: readonly string[]): Promise<number> {
  for (const line of await installTestTools()) console.log(line);
  const startMs = performance.now();
  let counts = NO_COUNTS;
  let failed = false;
  for (const group of groupsOf(testFiles(selected))) {
    if (group.files.length === 0) continue;
    console.log(`\n== tests ${group.name} (${group.files.length} files)`);
    const result = await runGroup(group, TIME_LIMIT_MS - (performance.now() - startMs));
    counts = addCounts(counts, result.counts);
    failed ||= !result.success;
  }
  // a group can fail without a failed test: a file that does not load
  if (failed && counts.failed === 0) counts = addCounts(counts, { passed: 0, failed: 1, skipped: 0 });
  console.log(summaryLine(counts));
  return failed || counts.passed === 0 ? 1 : 0;
}

function testFiles(selected: readonly string[]): string[] {
  const all = listFiles(join(ROOT, "tests"), ["_test.ts"]);
  if (selected.length === 0) return all;
  return all.filter((file) =>
    selected.some((part) => file.slice(ROOT.length).startsWith(part.replace(/^\.\//, "")))
  );
}

function groupsOf(files: readonly string[]): Group[] {
  const isParallel = (file: string) =>
    PARALLEL_ROOMS.includes(file.slice(join(ROOT, "tests").length + 1).split("/")[0] ?? "");
  return [
    { name: "in parallel", files: files.filter(isParallel), flags: ["--parallel"] },
    { name: "one after the other", files: files.filter((file) => !isParallel(file)), flags: [] },
  ];
}

async function runGroup(group: Group, timeLeftMs: number): Promise<{ counts: Counts; success: boolean }> {
  const child = new Deno.Command(Deno.execPath(), {
    // types are checked by `deno task check`
    args: ["test", "-A", "--no-check", ...group.flags, ...group.files],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, Math.max(timeLeftMs, 0));
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    await Deno.stdout.write(new TextEncoder().encode(chunk));
    text = (text + chunk).slice(-(1 << 20)); // the summary stands at the end
  }
  const { success } = await child.status;
  clearTimeout(timer);
  if (timedOut) {
    console.log(`\ntests ${group.name}: stopped, the whole run may take ${TIME_LIMIT_MS / 60_000} minutes`);
  }
  const counts = countsOf(text);
  if (counts === undefined) return { counts: { passed: 0, failed: 1, skipped: 0 }, success: false };
  return { counts, success: success && counts.failed === 0 };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
