// What a word that names no macro is likely to mean.
// In: the word, what is before it in the condition, the names that are known. Out: one clause, or nothing.
// Elsewhere: the finding itself (macros.ts), words that cannot be a macro at all (syntax/).

import { didYouMean } from "../../base/mod.ts";
import { definedByFalco } from "../diagnostics/falco_file.ts";
import { type Expr, OPERATORS } from "../syntax/ast.ts";
import { printOperand } from "../syntax/print_operand.ts";

/** The operand before a word that `and` or `or` joins to it. */
export interface JoinedTo {
  readonly kind: "and" | "or";
  readonly before: Expr | undefined;
}

export function undefinedMacroHint(
  name: string,
  known: { readonly macros: Iterable<string>; readonly isList: boolean },
  joined?: JoinedTo,
): string | undefined {
  if (name === "not") return "a check has to follow `not`";
  if (/^true$/i.test(name)) return "a check that always holds is `evt.num >= 0`";
  if (/^false$/i.test(name)) return "a check that never holds is `evt.num < 0`";
  if ((OPERATORS as readonly string[]).includes(name)) {
    return `\`${name}\` is an operator and follows a field: \`proc.name ${name}${
      name === "exists" ? "" : " …"
    }\``;
  }
  if (known.isList) return `\`${name}\` is a list: compare a field with it, as in \`proc.name in (${name})\``;
  return definedByFalco("macro", name) ?? didYouMean(name, known.macros) ?? secondValue(name, joined);
}

/** `proc.name = curl or wget`, `proc.name != curl and wget` */
function secondValue(name: string, joined: JoinedTo | undefined): string | undefined {
  const before = joined?.before?.kind === "and" ? joined.before.operands.at(-1) : joined?.before;
  if (before?.kind !== "check" || before.right?.kind !== "value") return undefined;
  const field = printOperand(before.left);
  const values = `in (${before.right.quoted ? `"${before.right.text}"` : before.right.text}, ${name})`;
  if (joined?.kind === "or" && /^==?$/.test(before.operator)) {
    return `to compare with both, write \`${field} ${values}\``;
  }
  return joined?.kind === "and" && before.operator === "!="
    ? `to exclude both, write \`not ${field} ${values}\``
    : undefined;
}
