// A list where one value should be: `proc.name = shells`. Its items are there in place of its name, so the second one is
// what cannot be read.
// In: a condition with lists in place, the offset where it cannot be read. Out: the problem at the list's name, or nothing.

import { makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { MappedText } from "../text/mapped_text.ts";
import { SyntaxProblem } from "./operand_parser.ts";

const CHECK = /([a-z][\w.]*(?:\[[^\]]*\])?)\s*(==?|!=|[a-z]+)\s*[^\s,]+$/i;
/** Not `and` or `or`, behind which a check begins. */
const COMPARES = /^(?!(and|or|not)$)/;

export function bareList(text: MappedText, at: number): SyntaxProblem | undefined {
  const list = text.hostAt(at);
  if (list === undefined || text.text[at] !== ",") return undefined;
  const name = list.source.text.slice(list.start, list.end);
  const [, field, operator = "this"] = CHECK.exec(text.text.slice(0, at)) ?? [];
  const isCompared = field === undefined || COMPARES.test(operator);
  const message = !isCompared
    ? `\`${name}\` is a list, and a check should stand here`
    : operator === "in" || operator === "intersects" || operator === "pmatch"
    ? `\`${name}\` is a list, and \`${operator}\` takes lists in parentheses`
    : `\`${name}\` is a list, and \`${operator}\` compares with one value`;
  const hint = isCompared
    ? hintFor(name, field, operator)
    : `compare a field with it, as in \`proc.name in (${name})\``;
  return new SyntaxProblem(makeDiagnostic("condition-syntax", list, message, { hint }), at);
}

function hintFor(name: string, field: string | undefined, operator: string): string {
  if (field === undefined) return `write \`in (${name})\``;
  if (["in", "intersects", "pmatch"].includes(operator)) return `write \`${field} ${operator} (${name})\``;
  if (operator === "!=") return `write \`not ${field} in (${name})\``;
  return operator === "=" || operator === "=="
    ? `write \`${field} in (${name})\``
    : `write \`${field} ${operator} anyof (${name})\``;
}
