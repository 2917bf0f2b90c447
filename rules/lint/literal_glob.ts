// Patterns where an operator compares letter by letter: `fd.name in (/etc/*)` asks for a file that is called `*`.
// In: checks on paths and names. Out: a warning with the operator that is meant.
// Elsewhere: patterns in command lines and texts, where `*` is a letter like any other, are left alone.

import type { CheckedCheck } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Check, Value } from "../syntax/ast.ts";
import { printOperand } from "../syntax/print_operand.ts";
import { short } from "../yaml/decode.ts";

/** What is a path or a name, and hardly ever holds a `*`. */
const FIELDS = new RegExp(
  "^(fd\\.(name|nameraw|directory|filename)|fs\\.path\\.\\w+|evt\\.abspath" +
    "|proc\\.(\\w+\\.)?(p|a)?(name|exe|exepath|cwd|sname)" +
    "|container\\.(name|image.*)|k8s\\.(ns|pod|deployment|rs|svc|rc)\\.name|(user|group)\\.name)$",
);
const PATHS = /^(name|path|oldpath|newpath|filename|pathname|source|target|linkpath)$/;

const OPERATORS = ["=", "!=", "in", "intersects", "startswith", "endswith", "contains", "icontains"];

/** `*`, and `?` or `[a-z]` within a path; `[` alone is the name of a program. */
const PATTERN = /\*|\/[^/]*\?|\[[^\]]+-[^\]]+\]/;

export function literalGlobs(check: Check, { left, operator }: CheckedCheck): Diagnostic[] {
  const { right } = check;
  if (left.kind !== "field" || right?.kind !== "value" && right?.kind !== "list") return [];
  const { field, arg } = left;
  const isPath = field.name === "evt.arg" ? PATHS.test(String(arg)) : FIELDS.test(field.name);
  if (!isPath || !OPERATORS.includes(operator)) return [];
  const values = right.kind === "list" ? right.items : [right];
  const patterns = values.filter(({ text }) => PATTERN.test(text));
  // one word about all values of a list in the condition itself
  if (
    patterns.length > 1 && patterns.length === values.length &&
    patterns.every((value) => isWithin(check, value))
  ) {
    return [warning(check, patterns[0]!, hintForAll(check, patterns))];
  }
  const isAmong = values.length > 1 && check.modifier === undefined;
  return patterns.map((value) => {
    const hint = hintFor(check, value.text);
    return warning(check, value, isAmong ? hint.replace("write `", "take it out, and write `or ") : hint);
  });
}

function warning(check: Check, value: Value, hint: string): Diagnostic {
  const sign = /[*?]/.exec(value.text)?.[0] ?? "[";
  const message = `\`${sign}\` in \`${
    short(value.text)
  }\` is a letter like any other to \`${check.operator}\``;
  return makeDiagnostic("literal-glob", value.span, message, {
    notes: ["Only `glob`, `iglob` and `pmatch` read patterns."],
    hint,
    labels: isWithin(check, value) ? [] : [{ span: check.span, message: "compared here" }],
  });
}

function isWithin(check: Check, { span }: Value): boolean {
  return span.source === check.span.source && span.start >= check.span.start && span.end <= check.span.end;
}

/** All values of `in` are patterns. */
function hintForAll({ left }: Check, values: readonly Value[]): string {
  const field = printOperand(left);
  const heads = values.map(({ text }) => text.replace(/\*+$/, ""));
  return heads.every((head, at) => head !== values[at]!.text && head !== "" && /^[\w./-]+$/.test(head))
    ? `write \`${field} startswith anyof (${heads.join(", ")})\``
    : `write \`${field} glob anyof (${values.map(({ text }) => `"${text}"`).join(", ")})\``;
}

function hintFor({ left, operator }: Check, text: string): string {
  const field = printOperand(left);
  const plain = (rest: string) => rest !== "" && !PATTERN.test(rest);
  const quoted = (word: string) => /^[\w./-]+$/.test(word) ? word : `"${word}"`;
  const head = text.replace(/\*+$/, ""), tail = text.replace(/^\*+/, ""), both = tail.replace(/\*+$/, "");
  if (head !== text && plain(head) && operator !== "endswith" && !operator.includes("contains")) {
    return `write \`${field} startswith ${quoted(head)}\``;
  }
  if (operator.includes("contains") || operator === "endswith" || operator === "startswith") {
    if (plain(both)) return `write \`${field} ${operator} ${quoted(both)}\``;
  } else if (tail !== text && plain(tail)) return `write \`${field} endswith ${quoted(tail)}\``;
  else if (plain(both)) return `write \`${field} contains ${quoted(both)}\``;
  const start = operator.includes("contains") || operator === "endswith" ? "*" : "";
  const end = operator.includes("contains") || operator === "startswith" ? "*" : "";
  return `write \`${field} glob "${short(`${start}${text}${end}`.replace(/\*\*+/g, "*"))}"\``;
}
