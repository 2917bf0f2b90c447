// How many cases came out how: the same numbers in every report.

import type { CaseResult } from "../run/run_tests.ts";

export function countsOf(results: readonly CaseResult[]): Record<CaseResult["status"], number> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status } of results) counts[status]++;
  return counts;
}
