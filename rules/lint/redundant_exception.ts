// Values of exceptions that except nothing more: given twice, or covered by another value of the same exception.
// In: a rule with exceptions. Out: a warning for each such value, with the one that covers it.
// Elsewhere: values that contradict the rule itself (unreachable_exception.ts).
//
// Values that an `append` adds are among them. What an exception of another name covers is left alone: names say why.

import type { CheckedCheck } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Check, Expr, Value } from "../syntax/ast.ts";
import type { Span } from "../text/span.ts";
import { type ExceptionRows, splitCondition } from "./exception_rows.ts";
import type { FactFinder } from "./facts.ts";
import { impliesCheck } from "./implication.ts";
import type { LintedRule } from "./linted_rule.ts";

/** Each row is compared with all others of its exception. */
const MAX_ROWS = 300;

interface Covered {
  readonly span: Span;
  readonly by: Span;
  readonly isTwin: boolean;
}

export function redundantExceptions(rule: LintedRule, facts: FactFinder): Diagnostic[] {
  const { exceptions = [] } = splitCondition(rule) ?? {};
  return exceptions.flatMap((rows) => {
    const covered = rows.exception.fields.list
      ? coveredRows(rows, facts)
      : rows.rows.flatMap((row) => row.kind === "check" ? coveredValues(row, rows) : []);
    return covered.map((found) => warning(rule, rows, found));
  });
}

function warning(
  { info }: LintedRule,
  { exception }: ExceptionRows,
  { span, by, isTwin }: Covered,
): Diagnostic {
  const what = `this value of the exception \`${exception.name}\` of \`${info.name}\``;
  return makeDiagnostic(
    "redundant-exception",
    span,
    isTwin ? `${what} is given twice` : `${what} excludes nothing more`,
    {
      notes: isTwin ? [] : ["Another one excludes whatever it does."],
      hint: "remove it, or correct it if another value is meant",
      labels: [{ span: by, message: isTwin ? "first here" : "covered by this" }],
    },
  );
}

/** Values of one field: texts that are equal, or in a list that is named among them. */
function coveredValues({ right }: Check, { exception }: ExceptionRows): Covered[] {
  if (right?.kind !== "list") return [];
  const isOwn = ({ span }: Value) =>
    exception.values.some((value) =>
      value.span.source === span.source && value.span.start <= span.start && span.end <= value.span.end
    );
  const first = new Map<string, Value>();
  const covered: Covered[] = [];
  for (const value of right.items) {
    if (value.bytes !== undefined) continue;
    const before = first.get(value.text);
    if (before === undefined) {
      first.set(value.text, value);
      continue;
    }
    // what two lists have in common is nothing to change here
    const [own, other] = isOwn(value) ? [value, before] : [before, value];
    if (own.span !== other.span && isOwn(own)) {
      covered.push({ span: own.span, by: other.span, isTwin: isOwn(other) });
    }
  }
  return covered;
}

/** Rows of several fields: one is covered when each of its comparisons implies the one of another row. */
function coveredRows({ exception: { values, fields }, rows }: ExceptionRows, facts: FactFinder): Covered[] {
  if (rows.length !== values.length || rows.length < 2 || rows.length > MAX_ROWS) return [];
  const checks = rows.map((row) => checksOf(row, fields.texts.length, facts));
  const texts = values.map((value) =>
    value.kind === "tuple"
      ? value.elements.map((element) => element.texts.map(({ text }) => text).join("\0"))
      : []
  );
  const covers = (other: number, at: number): boolean =>
    checks[at] !== undefined && checks[other] !== undefined &&
    checks[at].every((check, column) =>
      texts[at]![column] === texts[other]![column] || impliesCheck(check, checks[other]![column]!)
    );
  return values.flatMap(({ span }, at) => {
    const other = values.findIndex((_, index) =>
      index !== at && covers(index, at) && (index < at || !covers(at, index))
    );
    if (other < 0) return [];
    const isTwin = covers(at, other);
    return [{ span, by: values[other]!.span, isTwin }];
  });
}

/** Nothing where a row is not one comparison for each field. */
function checksOf(row: Expr, count: number, facts: FactFinder): CheckedCheck[] | undefined {
  const parts = row.kind === "and" ? row.operands : [row];
  if (parts.length !== count) return undefined;
  const checks: CheckedCheck[] = [];
  for (const part of parts) {
    const checked = part.kind === "check" ? facts.checkedOf(part) : undefined;
    if (checked === undefined) return undefined;
    checks.push(checked);
  }
  return checks;
}
