// `!=` where the field is often missing: such a check is false then, though the author is likely to mean true.
// In: a rule's condition. Out: a warning where it matters. Elsewhere: the semantics of missing values (lower/).
//
// It matters where the value comes late (what the container engine has to be asked for) and where the rule names events
// that do not have the field at all; that a name or a path can be unknown now and then is no reason for a warning.

import type { Check, Expr } from "../syntax/ast.ts";
import type { CheckedCheck } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { conjunction, type FactFinder } from "./facts.ts";
import type { AboutCheck } from "./linted_rule.ts";
import { eventNames } from "./possible_events.ts";
import { shown, shownCause } from "./wording.ts";

/** Known from the process itself, without asking the container engine. */
const AT_ONCE = [
  "container.id",
  "container.full_id",
  "container.type",
  "container.start_ts",
  "container.duration",
];
/** With more types than this a rule does not name them. */
const NAMED_EVENTS = 24;

export function missingInequalities(expr: Expr, facts: FactFinder): AboutCheck[] {
  const parts = expr.kind === "and" ? expr.operands : [expr];
  const checks = positiveInequalities(parts);
  if (checks.length === 0) return [];
  const own: ReadonlySet<Expr> = new Set(checks);
  const others = conjunction(parts.filter((part) => !own.has(part)).map((part) => facts.of(part)));
  return checks.flatMap((check) => {
    const checked = facts.checkedOf(check);
    if (checked === undefined) return [];
    const without = others.never === undefined ? others.events & ~facts.eventsOf(check) : 0n;
    const names = eventNames(without, NAMED_EVENTS + 1);
    const some = names.length > 0 && eventNames(others.events, NAMED_EVENTS + 1).length <= NAMED_EVENTS;
    const why = comesLate(checked)
      ? "the value is missing until the container engine has answered"
      : some && checked.left.kind === "field" && checked.left.field.name !== "evt.type"
      ? `${names.slice(0, 4).join(", ")} ${names.length > 1 ? "have" : "has"} no such value`
      : undefined;
    return why === undefined ? [] : [{ check, finding: warning(check, why) }];
  });
}

/** `!= ""` asks whether there is a value. */
function asksForValue({ right }: Check): boolean {
  return right?.kind === "value" && (right.text === "" || right.text === "<NA>");
}

/** Those that are joined with `and`, at any depth. */
function positiveInequalities(parts: readonly Expr[], into: Check[] = []): Check[] {
  for (const part of parts) {
    if (part.kind === "check" && part.operator === "!=" && !asksForValue(part)) into.push(part);
    else if (part.kind === "and") positiveInequalities(part.operands, into);
  }
  return into;
}

function comesLate({ left }: CheckedCheck): boolean {
  if (left.kind !== "field" || left.field.deprecated) return false;
  const { name } = left.field;
  return /^(container|k8s)\./.test(name) && !AT_ONCE.includes(name);
}

function warning(check: Check, why: string): Diagnostic {
  const instead = shownCause({ check: { ...check, operator: "=" }, negated: true });
  return makeDiagnostic(
    "missing-inequality",
    check.span,
    `${shown(check)} is false where the field is missing`,
    {
      notes: [`Every check of a missing value is false, \`!=\` too, and here ${why}.`],
      hint: `write ${instead} if events without the value are meant too`,
    },
  );
}
