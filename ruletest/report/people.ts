// Results of tests for people: what failed, what was expected and what came instead; then a line with the counts.
// In: a run. Out: text; nothing of rules, events and files may steer the terminal.
// Elsewhere: results for programs (the other files of this folder), mistakes in files (rules/report/render.ts).

import { sanitizeLine } from "../../base/mod.ts";
import { whereIs } from "../../rules/mod.ts";
import type { Failure } from "../run/compare.ts";
import type { CaseResult, TestRun } from "../run/run_tests.ts";
import type { SeenAlert } from "../run/seen_alert.ts";
import { countsOf } from "./counts.ts";

export interface PeopleOptions {
  readonly colour?: boolean;
  /** name cases that passed, too */
  readonly verbose?: boolean;
}

const ESC = "\x1b[";
const COLOURS = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
type Paint = (text: string, colour: keyof typeof COLOURS) => string;

/** Of a case with very many alerts, the first ones tell enough. */
const MAX_ALERTS = 8;
const MAX_FIELDS = 12;

export function forPeople(run: TestRun, { colour = false, verbose = false }: PeopleOptions = {}): string {
  const paint: Paint = (text, style) => colour ? `${ESC}${COLOURS[style]}m${text}${ESC}0m` : text;
  const parts: string[] = [];
  for (const result of run.results) {
    const where = sanitizeLine(whereIs(result.test.span)).replace(/:\d+$/, "");
    const name = sanitizeLine(result.test.name);
    if (result.status === "failed") parts.push(failedCase(result, `${where}  ${name}`, paint));
    else if (result.status === "skipped" && (verbose || result.test.skip !== undefined)) {
      parts.push(`${paint("skip", "yellow")} ${where}  ${name}: ${sanitizeLine(result.reason ?? "")}\n`);
    } else if (verbose && result.status === "passed") {
      parts.push(
        `${paint("ok  ", "green")} ${where}  ${name} ${paint(`(${result.ms.toFixed(1)} ms)`, "dim")}\n`,
      );
    }
  }
  const body = parts.join("");
  return `${body}${body === "" ? "" : "\n"}${summary(run, paint)}\n`;
}

function summary(run: TestRun, paint: Paint): string {
  const { passed, failed, skipped } = countsOf(run.results);
  const files = `${run.files.length} ${run.files.length === 1 ? "file" : "files"}`;
  const words = [
    paint(`${passed} passed`, passed > 0 ? "green" : "dim"),
    paint(`${failed} failed`, failed > 0 ? "red" : "dim"),
    ...skipped > 0 ? [paint(`${skipped} skipped`, "yellow")] : [],
  ];
  return `${words.join(", ")} in ${files} (${(run.ms / 1000).toFixed(2)} s)`;
}

function failedCase({ failures, alerts, test }: CaseResult, title: string, paint: Paint): string {
  const own = new Set(test.expect.fired.map(({ rule }) => rule.name));
  let text = `${paint("FAIL", "red")} ${paint(title, "bold")}\n`;
  for (const failure of failures) text += failureText(failure, paint);
  if (alerts.length === 0) text += `  ${paint("no rule fired", "dim")}\n`;
  else {
    text += `  ${paint("what fired:", "dim")}\n`;
    for (const alert of alerts.slice(0, MAX_ALERTS)) text += alertText(alert, own.has(alert.rule), paint);
    if (alerts.length > MAX_ALERTS) text += `    and ${alerts.length - MAX_ALERTS} more\n`;
  }
  return `${text}\n`;
}

function failureText({ message, span, expected, actual }: Failure, paint: Paint): string {
  let text = `  ${sanitizeLine(message)}  ${paint(`(${sanitizeLine(whereIs(span))})`, "dim")}\n`;
  if (expected === undefined || actual === undefined) return text;
  text += `    ${paint(`- ${sanitizeLine(expected)}`, "red")}\n`;
  text += `    ${paint(`+ ${sanitizeLine(actual)}`, "green")}\n`;
  const at = firstDifference(expected, actual);
  if (at > 0) {
    text += `      ${" ".repeat([...sanitizeLine(expected.slice(0, at))].length)}^ differs from here\n`;
  }
  return text;
}

/** 0 where that says nothing: the texts have no beginning in common, or are short. */
function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++;
  return at >= 8 ? at : 0;
}

function alertText(
  { rule, priority, output, fields, step }: SeenAlert,
  isExpected: boolean,
  paint: Paint,
): string {
  const at = step === undefined ? "" : paint(`  at: ${sanitizeLine(step.text)}`, "dim");
  let text = `    ${isExpected ? "" : "instead: "}${sanitizeLine(rule)} (${priority})${at}\n`;
  text += `      ${sanitizeLine(output)}\n`;
  const shown = [...fields].slice(0, MAX_FIELDS)
    .map(([key, value]) => `${sanitizeLine(key)}=${value === undefined ? "<NA>" : sanitizeLine(value)}`);
  if (shown.length > 0) text += `      ${paint(shown.join("  "), "dim")}\n`;
  return text;
}
