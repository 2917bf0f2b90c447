// Event types that a condition without any is probably about, by the fields that it asks for.
// In: a condition. Out: names of events, or nothing. Elsewhere: the warning that names them (check_rules.ts).

import type { Expr } from "../syntax/ast.ts";

const BY_FIELD: readonly (readonly [RegExp, string])[] = [
  [/^(fd\.[csrl]?(ip|port|net|proto)\b|fd\.l4proto|fd\.[csrl]ip\.name)/, "connect, accept, accept4"],
  [/^(fd\.(name|directory|filename)$|evt\.is_open_)/, "open, openat, openat2"],
  [/^proc\.(?!pid$|tty$)/, "execve, execveat"],
];

export function likelyEvents(condition: Expr): string | undefined {
  const fields = new Set<string>();
  collect(condition, fields, new Set());
  return BY_FIELD.find(([pattern]) => [...fields].some((field) => pattern.test(field)))?.[1];
}

/** A macro is the same node wherever it is used. */
function collect(expr: Expr, fields: Set<string>, seen: Set<Expr>): void {
  if (seen.has(expr)) return;
  seen.add(expr);
  switch (expr.kind) {
    case "and":
    case "or":
      return expr.operands.forEach((operand) => collect(operand, fields, seen));
    case "not":
      return collect(expr.operand, fields, seen);
    case "check":
      if (expr.left.kind === "field") fields.add(expr.left.name);
  }
}
