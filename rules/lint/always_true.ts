// Alternatives that hold whatever the value is: `proc.name != a or proc.name != b`.
// In: conditions. Out: a warning for each `or` of which two operands leave no value out.
// Elsewhere: conditions that are true on each event by design, such as `evt.num >= 0`: they are an idiom.

import type { Check, Expr } from "../syntax/ast.ts";
import type { CheckedCheck } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { constantsOf, subjectOf } from "./subject.ts";
import { shownCause } from "./wording.ts";

/** What a check accepts of a field that has a value: these values, or all but these. */
interface Accepted {
  /** of what it is about */
  readonly key: string;
  readonly check: Check;
  readonly negated: boolean;
  readonly values: ReadonlySet<string>;
  readonly all: boolean;
}

/** Of one part of a condition. */
export function alwaysTrue(
  part: Expr,
  checkedOf: (check: Check) => CheckedCheck | undefined,
): readonly Diagnostic[] {
  if (part.kind !== "or") return [];
  const finding = coveringPair(part.operands, checkedOf);
  return finding === undefined ? idleExclusions(part.operands, checkedOf) : [finding];
}

function coveringPair(
  operands: readonly Expr[],
  checkedOf: (check: Check) => CheckedCheck | undefined,
): Diagnostic | undefined {
  const exclusive = new Map<string, Accepted>();
  for (const operand of operands) {
    const accepted = acceptedBy(operand, checkedOf);
    if (accepted === undefined) continue;
    const { key } = accepted;
    const other = exclusive.get(key);
    if (other !== undefined && covers(other, accepted)) return finding(other, accepted, key);
    if (accepted.all && other === undefined) exclusive.set(key, accepted);
  }
  return undefined;
}

function acceptedBy(
  operand: Expr,
  checkedOf: (check: Check) => CheckedCheck | undefined,
): Accepted | undefined {
  const negated = operand.kind === "not";
  const check = operand.kind === "not" ? operand.operand : operand;
  if (check.kind !== "check" || check.modifier !== undefined) return undefined;
  const checked = checkedOf(check);
  if (checked === undefined || !["=", "!=", "in", "intersects"].includes(checked.operator)) return undefined;
  const subject = subjectOf(check, checked);
  const values = subject === undefined ? undefined : constantsOf(checked);
  if (subject === undefined || values === undefined || values.length === 0) return undefined;
  const all = (checked.operator === "!=") !== negated;
  return { key: subject.key, check, negated, values: new Set(values), all };
}

/** `evt.type = x and proc.name != a or proc.name != b`: the second alternative takes back what the first excludes. */
function idleExclusions(
  operands: readonly Expr[],
  checkedOf: (check: Check) => CheckedCheck | undefined,
): Diagnostic[] {
  const excluding = (parts: readonly Expr[]) =>
    parts.flatMap((part) => acceptedBy(part, checkedOf) ?? []).filter(({ all }) => all);
  const alternatives = excluding(operands);
  if (alternatives.length === 0) return [];
  const inner = operands.flatMap((operand) => operand.kind === "and" ? excluding(operand.operands) : []);
  return inner.flatMap((exclusion) => {
    const other = alternatives.find(({ key, values }) =>
      key === exclusion.key && values.isDisjointFrom(exclusion.values)
    );
    if (other === undefined) return [];
    const [own, alternative] = [exclusion, other].map(shownCause);
    return [
      makeDiagnostic(
        "always-true",
        exclusion.check.span,
        `${own} excludes nothing: where it is false, ${alternative} holds`,
        {
          notes: ["`and` binds more closely than `or`."],
          hint: `join them with \`and\`, or write \`not ${exclusion.key} in (…)\``,
          labels: [{ span: other.check.span, message: "the other alternative" }],
        },
      ),
    ];
  });
}

/** `other` takes all but its values. */
function covers(other: Accepted, { values, all }: Accepted): boolean {
  return all ? other.values.isDisjointFrom(values) : other.values.isSubsetOf(values);
}

function finding(first: Accepted, second: Accepted, key: string): Diagnostic {
  const words = [first, second].map(shownCause);
  const whenever = first.negated || second.negated ? "always" : `true whenever \`${key}\` has a value`;
  return makeDiagnostic(
    "always-true",
    second.check.span,
    `one of these always holds: ${words.join(" or ")}`,
    {
      notes: [
        `The alternatives are ${whenever === "always" ? "always true" : whenever}: they restrict nothing.`,
      ],
      hint: second.all ? `join them with \`and\`, or write \`not ${key} in (…)\`` : undefined,
      labels: [{ span: first.check.span, message: "together with this" }],
    },
  );
}
