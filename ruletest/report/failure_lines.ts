// What a report for programs says of a failed case: each failure with its place, then what fired.

import { sanitizeLine } from "../../base/mod.ts";
import { whereIs } from "../../rules/mod.ts";
import type { CaseResult } from "../run/run_tests.ts";

const MAX_ALERTS = 8;

export function failureLines({ failures, alerts }: CaseResult): string[] {
  const lines = failures.flatMap(({ message, span, expected, actual }) => [
    `${message} (${whereIs(span)})`,
    ...expected === undefined ? [] : [`expected: ${expected}`],
    ...actual === undefined ? [] : [`actual:   ${actual}`],
  ]);
  const fired = alerts.slice(0, MAX_ALERTS).map(({ rule, output }) => `fired: ${rule}: ${output}`);
  return [...lines, ...fired.length === 0 ? ["no rule fired"] : fired].map((line) => sanitizeLine(line));
}
