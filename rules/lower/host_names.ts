// Names of hosts that conditions compare with, such as fd.sip.name: what has to be resolved to addresses.
// In: checked rules. Out: the names, each once, sorted. Elsewhere: resolving them (service/containers/host_names.ts).

import type { CheckedCheck, CheckedExpr, CheckedRule } from "../check/checked.ts";

const FIELD = /^fd\.[cslr]ip\.name$/;
/** Nothing else can be a name of a host. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,252})$/;

export function hostNamesOf(rules: readonly CheckedRule[]): readonly string[] {
  const names = new Set<string>();
  const visit = (expression: CheckedExpr): void => {
    if (expression.kind === "check") { for (const name of namesIn(expression)) names.add(name); }
    else if (expression.kind === "not") visit(expression.operand);
    else expression.operands.forEach(visit);
  };
  for (const { condition } of rules) visit(condition);
  return [...names].sort();
}

function namesIn({ left, right }: CheckedCheck): string[] {
  if (left.kind !== "field" || !FIELD.test(left.field.name)) return [];
  return right.flatMap((operand) => operand.kind === "text" ? [new TextDecoder().decode(operand.bytes)] : [])
    .filter((name) => NAME.test(name));
}
