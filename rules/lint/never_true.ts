// Rules that can never match, and parts of conditions that can never hold: checks that exclude each other.
// In: conditions and facts about them. Out: a warning for each, with the checks that are to blame.
// Elsewhere: how it is known (facts.ts).
//
// An empty list in a part is a place that users fill, and says nothing. That a whole rule waits for it is worth a word.

import type { Expr } from "../syntax/ast.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { printOperand } from "../syntax/print_operand.ts";
import type { Span } from "../text/span.ts";
import type { FactFinder, Never } from "./facts.ts";
import type { AboutCheck, LintedRule } from "./linted_rule.ts";
import { eventNames } from "./possible_events.ts";
import { listed, shownCause } from "./wording.ts";

/** Of a rule as a whole. */
export function neverMatching({ info, expr }: LintedRule, facts: FactFinder): AboutCheck[] {
  const { never } = facts.of(expr);
  // it waits for its list, and its author knows
  const isKnown = never?.reason === "list" && !info.keys.enabled;
  if (never === undefined || isKnown) return [];
  const what = `the rule \`${info.name}\` can never match`;
  return [aboutLast(never, finding(never, what, "This rule can never match", facts, info.span))];
}

/** Of one part of a condition: the innermost in which something is contradictory comes first. */
export function neverTrue(part: Expr, facts: FactFinder): AboutCheck[] {
  const { never } = part.kind === "and" ? facts.of(part) : {};
  if (never === undefined || never.reason === "list" || never.causes.length < 2) return [];
  const what = "this part of the condition is never true";
  return [aboutLast(never, finding(never, what, "It is never true", facts))];
}

function aboutLast({ causes }: Never, finding: Diagnostic): AboutCheck {
  return { check: causes.at(-1)!.check, finding };
}

function finding(never: Never, message: string, so: string, facts: FactFinder, rule?: Span): Diagnostic {
  const last = never.causes.at(-1)!.check;
  // what is required and excluded at once is one place
  const others = never.causes.slice(0, -1).filter(({ check }) => check !== last);
  return makeDiagnostic("never-true", last.span, `${message}: ${reason(never)}`, {
    notes: notes(never, so, facts),
    hint: hint(never),
    labels: [
      ...others.map(({ check }) => ({ span: check.span, message: "excluded by this" })),
      ...rule === undefined ? [] : [{ span: rule, message: "the rule" }],
    ],
  });
}

function reason({ reason, subject, causes }: Never): string {
  const words = causes.map(shownCause);
  if (reason === "list") return `nothing is in the empty list of ${words[0]}`;
  if (causes.length === 1) return `${words[0]} holds on no event`;
  if (causes.length === 2) return `${words[0]} and ${words[1]} exclude each other`;
  return reason === "values" ? `no value of \`${subject}\` is left` : `no event is left for ${listed(words)}`;
}

function notes({ reason, causes }: Never, so: string, facts: FactFinder): string[] {
  if (reason === "list") return [`${so} as long as the list is empty.`];
  if (causes.length > 2) return [`${so} because ${listed(causes.map(shownCause))} leave nothing over.`];
  const [first, second] = causes;
  if (reason !== "events" || second === undefined || second.negated || first!.negated) return [];
  const names = eventNames(facts.eventsOf(first!.check), MAX_NAMES + 1);
  const known = names.length <= MAX_NAMES && second.check.left.kind === "field";
  const absent = ["fd.", "evt.arg", "evt.rawarg"].some((start) =>
    printOperand(second.check.left).startsWith(start)
  );
  return known && absent
    ? [`${listed(names)} ${names.length > 1 ? "have" : "has"} no \`${printOperand(second.check.left)}\`.`]
    : [];
}

const MAX_NAMES = 4;

function hint({ reason, subject, causes }: Never): string | undefined {
  if (reason === "list") return "fill the list, or say `enabled: false` until it is";
  const alike = causes.length > 1 &&
    causes.every(({ check, negated }) =>
      !negated && ["=", "==", "in", "startswith"].includes(check.operator)
    );
  return alike && subject !== undefined
    ? "join them with `or`, or use `in (…)`, if either is meant"
    : undefined;
}
