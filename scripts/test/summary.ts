// Reads how many tests ran from the report of `deno test`, and writes our own last line.
// In: the report's text. Out: counts of tests; steps inside a test are parts of it and not counted.
// Elsewhere: running the tests (scripts/test.ts).

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: 0 };

const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed\b.*$/;

/** The last summary counts: a test may print one of its own. Undefined when the run broke off before it. */
export function countsOf(report: string): Counts | undefined {
  for (const line of report.split("\n").reverse()) {
    const match = SUMMARY.exec(withoutColours(line).trimEnd());
    if (match === null) continue;
    const number = (word: string) =>
      Number(new RegExp(`\\| (\\d+) ${word}\\b`).exec(withoutColours(line))?.[1] ?? 0);
    return { passed: Number(match[1]), failed: number("failed"), skipped: number("ignored") };
  }
  return undefined;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function summaryLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function withoutColours(line: string): string {
  return line.replace(/\p{Cc}\[[0-9;]*m/gu, "");
}
