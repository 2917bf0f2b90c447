// Whether what happened was expected.
// In: expectations of a case, its alerts. Out: failures, each with its place in the test file.
// Elsewhere: how they are shown (report/).

import type { Span } from "../../rules/mod.ts";
import type { Expectation, FiredExpectation } from "../suite/suite.ts";
import type { TextMatch } from "../suite/text_match.ts";
import type { SeenAlert } from "./seen_alert.ts";

export interface Failure {
  readonly span: Span;
  readonly message: string;
  /** what differs, where that is a text */
  readonly expected?: string;
  readonly actual?: string;
  /** of an expected text that is written as it is: `--update` puts the actual one there */
  readonly exactSpan?: Span;
}

/** @param isCounted whether an alert that nobody expects is one too many: those of disabled rules are not */
export function compareAlerts(
  expect: Expectation,
  alerts: readonly SeenAlert[],
  isCounted: (alert: SeenAlert) => boolean,
): Failure[] {
  const failures = expect.fired.flatMap((fired) => compareFired(fired, alerts));
  for (const { name, span } of expect.notFired) {
    const count = alerts.filter(({ rule }) => rule === name).length;
    if (count > 0) {
      failures.push({ span, message: `the rule \`${name}\` fired ${times(count)} and should not` });
    }
  }
  if (expect.nothingElse) {
    const expected = new Set([
      ...expect.fired.map(({ rule }) => rule.name),
      ...expect.notFired.map(({ name }) => name),
    ]);
    const others = new Set(
      alerts.filter((alert) => !expected.has(alert.rule) && isCounted(alert)).map(({ rule }) => rule),
    );
    for (const rule of others) {
      failures.push({
        span: expect.span,
        message: `the rule \`${rule}\` fired, and nothing ${expected.size > 0 ? "else " : ""}should`,
      });
    }
  }
  return failures;
}

function compareFired(expected: FiredExpectation, alerts: readonly SeenAlert[]): Failure[] {
  const { rule: { name, span }, times: { min, max } } = expected;
  const own = alerts.filter(({ rule }) => rule === name);
  if (own.length === 0 && min > 0) return [{ span, message: `the rule \`${name}\` did not fire` }];
  const fitting = own.map((alert) => compareAlert(expected, alert));
  const good = fitting.filter((failures) => failures.length === 0).length;
  if (good >= min && good <= max) return [];
  // nothing but its number is wrong with the alerts
  if (good === own.length || good > max) {
    const wanted = max === Infinity
      ? `at least ${times(min)}`
      : min === max
      ? times(min)
      : `${min} to ${max} times`;
    return [{ span, message: `the rule \`${name}\` fired ${times(good)}, not ${wanted}` }];
  }
  // the alert that comes nearest tells most
  return fitting.filter((failures) => failures.length > 0).sort((a, b) => a.length - b.length)[0]!;
}

function compareAlert(
  { rule: { name }, priority, output, fields }: FiredExpectation,
  alert: SeenAlert,
): Failure[] {
  const failures: Failure[] = [];
  if (priority !== undefined && priority.value !== alert.priority) {
    const { span, value } = priority;
    failures.push({
      span,
      message: `the priority of \`${name}\` differs`,
      expected: value,
      actual: alert.priority,
    });
  }
  if (output !== undefined && !output.fits(alert.output)) {
    const { span, words } = output;
    failures.push({
      span,
      message: `the output of \`${name}\` differs`,
      expected: words,
      actual: alert.output,
      ...exactSpanOf(output),
    });
  }
  for (const { field, match } of fields) {
    const actual = alert.fields.get(field);
    if (match.fits(actual)) continue;
    failures.push({
      span: match.span,
      message: `\`${field}\` of \`${name}\` differs`,
      expected: match.words,
      actual: actual ?? "(no value)",
      ...(actual === undefined ? {} : exactSpanOf(match)),
    });
  }
  return failures;
}

function exactSpanOf({ exact }: TextMatch): { exactSpan?: Span } {
  return exact === undefined ? {} : { exactSpan: exact.node.span };
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}
