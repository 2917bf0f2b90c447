// Which extractors of the matcher rules use: what the sources have to provide for.
// In: checked rules. Out: the names of the fields' functions, of conditions and of outputs.

import type { CheckedExpr, CheckedOperand, CheckedRule } from "../check/checked.ts";

export function usedExtractors(rules: readonly CheckedRule[]): ReadonlySet<string> {
  const found = new Set<string>();
  const ofOperand = (operand: CheckedOperand): void => {
    if (operand.kind === "field" && operand.field.fn !== undefined) found.add(operand.field.fn);
    if (operand.kind === "transformer") operand.operands.forEach(ofOperand);
  };
  const ofExpression = (expression: CheckedExpr): void => {
    switch (expression.kind) {
      case "and":
      case "or":
        return expression.operands.forEach(ofExpression);
      case "not":
        return ofExpression(expression.operand);
      case "check":
        ofOperand(expression.left);
        return expression.right.forEach(ofOperand);
    }
  };
  for (const { condition, output } of rules) {
    ofExpression(condition);
    const extra = (output.extra ?? []).flatMap(({ parts }) =>
      parts.filter((part) => typeof part !== "string")
    );
    for (const { operand } of [...output.fields, ...extra]) ofOperand(operand);
  }
  return found;
}
